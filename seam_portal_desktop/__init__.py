"""Seam Portal Desktop: create, preview, send and keep track of Customer Portal links."""

__version__ = "0.1.0"
