"""Small files: preferences, presets, policy, and files that the user chose."""
