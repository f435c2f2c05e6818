"""The messages of a portal: what was sent to whom, and what can be done about each."""
