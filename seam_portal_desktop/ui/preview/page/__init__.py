"""One previewed page, from opening to end."""
