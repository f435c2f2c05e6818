"""Device, zoom and colour scheme of a preview."""
