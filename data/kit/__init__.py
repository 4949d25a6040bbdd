"""What samples draw with: faces, bodies, prints of a portrait, and the tools that those share."""
