"""Tables in files: spreadsheets by calamine, text by Python's csv module."""
