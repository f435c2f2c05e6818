"""What a previewed page may do."""
