"""The outside world behind the domain's ports: Seam, the keyring, the ledger, preferences."""
