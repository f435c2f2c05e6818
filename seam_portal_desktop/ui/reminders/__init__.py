"""Reminders of links that end soon, and of messages that somebody has to look after."""
