"""Implementations of the domain's ports: Seam, the ledger, the keyring, files, updates."""
