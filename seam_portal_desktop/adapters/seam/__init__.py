"""Seam's API over HTTP."""
