"""Presets as the user sees them: naming one, and managing them."""
