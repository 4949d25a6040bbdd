"""Pretrained networks: a folder each, with its card and, where the course builds it, its layers."""
