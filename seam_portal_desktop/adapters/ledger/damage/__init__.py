"""Damaged ledgers: rows that can't be read, files that SQLite can't read, and lost changes."""
