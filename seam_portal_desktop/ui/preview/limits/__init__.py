"""How much a previewed page may use."""
