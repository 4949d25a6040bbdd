"""VGG16 for ImageNet: 138,357,544 parameters, 14,714,688 without its three dense layers."""

from data.weights.applications import application

NETWORKS = {"vgg16": application("vgg16", "vgg16", "VGG16", side=224)}
