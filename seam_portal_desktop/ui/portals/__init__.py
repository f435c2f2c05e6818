"""The table of portals."""
