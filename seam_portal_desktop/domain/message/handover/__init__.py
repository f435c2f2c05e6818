"""Forms in which a message or a link is handed to another program."""
