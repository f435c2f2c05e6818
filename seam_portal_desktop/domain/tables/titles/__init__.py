"""The titles of columns: the row they are in, their words, and the fields that they name."""
