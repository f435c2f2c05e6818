"""The dialog in which the user looks at templates of messages, and writes their own."""
