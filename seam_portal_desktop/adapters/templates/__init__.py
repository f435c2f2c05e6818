"""Templates of messages: rendered in a process of its own, and kept as files."""
