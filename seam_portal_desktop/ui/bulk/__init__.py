"""Several selected portals: the bar below the list, and what its actions do."""
