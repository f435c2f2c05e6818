"""The widgets around a previewed page."""
