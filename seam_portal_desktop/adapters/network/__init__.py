"""What the computer says about its network: proxies, certificate authorities, certificates."""
