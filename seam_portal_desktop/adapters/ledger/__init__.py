"""The ledger of portals on SQLite or PostgreSQL. Importing this package loads nothing heavy."""
