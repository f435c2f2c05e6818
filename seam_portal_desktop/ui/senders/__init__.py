"""Senders: what recipients see, and the mail accounts that are used."""
