"""What a template may use, and the rules for what becomes of it."""
