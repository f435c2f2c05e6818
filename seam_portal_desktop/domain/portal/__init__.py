"""A portal in the ledger: its record, its events and how records are queried."""
