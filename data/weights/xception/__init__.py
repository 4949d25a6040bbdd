"""Xception for ImageNet: 22,910,480 parameters, 20,861,480 without its dense layer."""

from data.weights.applications import application

NETWORKS = {"xception": application("xception", "xception", "Xception", side=299)}
