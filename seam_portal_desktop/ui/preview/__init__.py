"""The embedded, isolated look at a portal. Import `pane`; it loads the web engine on first use."""
