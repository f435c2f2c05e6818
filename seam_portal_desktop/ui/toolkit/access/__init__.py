"""What screen readers and the Tab key need and Qt doesn’t give."""
