"""Pop-up windows of a previewed page."""
