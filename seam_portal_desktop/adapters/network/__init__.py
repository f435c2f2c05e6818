"""Proxies, certificate authorities, certificates, and images from the network."""
