"""The SMTP server: bytes, commands, sessions."""
