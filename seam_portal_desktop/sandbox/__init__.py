"""A server on this machine that stands in for Seam, for the demo, training and tests."""
