"""Widgets, theme and tasks that know nothing of portals."""
