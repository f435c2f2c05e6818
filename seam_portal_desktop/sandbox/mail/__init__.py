"""A mail server on loopback whose mails and failures tests and people can see and set."""
