"""What a preview found on a page: the report, the facts it is made from, and the rules."""
