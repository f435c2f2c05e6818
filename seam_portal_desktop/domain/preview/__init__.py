"""The report on a previewed page, the facts that it is made from, and the rules."""
