"""The columns of a sheet as values of rows, and what has to be asked about them. No Qt."""
