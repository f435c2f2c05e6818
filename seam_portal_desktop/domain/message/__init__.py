"""Messages that bring a portal link to its customer."""
