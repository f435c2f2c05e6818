"""Portals in the ledger: records, events, queries and changes."""
