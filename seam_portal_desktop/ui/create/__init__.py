"""The New portal dialog: one typed request, written by typing a key and pressing Enter."""
