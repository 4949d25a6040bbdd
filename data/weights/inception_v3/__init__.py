"""InceptionV3 for ImageNet: 23,851,784 parameters, 21,802,784 without its dense layer."""

from data.weights.applications import application

NETWORKS = {"inception_v3": application("inception_v3", "inception_v3", "InceptionV3", side=299)}
