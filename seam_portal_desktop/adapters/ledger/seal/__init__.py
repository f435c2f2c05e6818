"""Links, notes, attachments and pictures at rest: each is encrypted with a key of the keyring."""
