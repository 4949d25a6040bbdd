"""ResNet50 for ImageNet: 25,636,712 parameters, 23,587,712 without its dense layer."""

from data.weights.applications import application

NETWORKS = {"resnet50": application("resnet50", "resnet50", "ResNet50", side=224)}
