"""What was sent to whom: the rows, and what of them is encrypted."""
