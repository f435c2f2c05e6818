"""Credentials in the operating system's keyring."""
