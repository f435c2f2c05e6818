"""The mail accounts of senders: their secrets, and why one can't be used."""
