"""Settings: the dialog, its pages, and the sheet of keyboard shortcuts."""
