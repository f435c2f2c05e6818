"""What the end of the program could lose: drafts, and links that the keyring doesn't keep."""
