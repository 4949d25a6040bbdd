"""Inception-ResNet-v2 for ImageNet: 55,873,736 parameters, 54,336,736 without its dense layer."""

from data.weights.applications import application

NETWORKS = {
    "inception_resnet_v2": application(
        "inception_resnet_v2", "inception_resnet_v2", "InceptionResNetV2", side=299
    )
}
