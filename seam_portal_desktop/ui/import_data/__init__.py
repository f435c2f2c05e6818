"""Spreadsheets in: the dialog from a file or pasted cells to rows, and its controller."""
