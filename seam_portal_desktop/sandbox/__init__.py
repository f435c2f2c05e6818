"""A stand-in for Seam on this machine's loopback, for the demo, for training and for tests."""
