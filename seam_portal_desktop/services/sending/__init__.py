"""Brings links to customers: templates, senders, recipients, the outbox."""
