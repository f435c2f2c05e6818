"""Remove customer data: cancel stays, remove people and places, by their keys."""
