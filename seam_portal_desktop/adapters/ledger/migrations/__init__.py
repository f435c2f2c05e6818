"""Alembic's script folder. Alembic reads these files from disk, also in a frozen program."""
