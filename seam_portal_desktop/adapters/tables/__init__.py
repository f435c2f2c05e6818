"""Tables in files: spreadsheets read by calamine and written by XlsxWriter, text by Python's csv
module."""
