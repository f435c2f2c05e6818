"""The isolated preview of a portal. Import `pane`; it loads the web engine on first use."""
