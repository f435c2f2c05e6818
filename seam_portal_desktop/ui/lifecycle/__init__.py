"""The later life of a link: ended, followed by another, told about; and its customer's data."""
