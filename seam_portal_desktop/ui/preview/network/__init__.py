"""The proxy through which all previews reach the network."""
