"""Tables of other programs as rows of customer data: read, mapped, converted and merged. No Qt.

A table goes through four steps, each a pure function of the one before and of the user's choices:
a `Sheet` (cells as the source has them), a `SheetMapping` (which column is which field),
`ConvertedRows` (values as Seam wants them, with open questions and refused cells), and a
`MergeResult` (what becomes of the rows that are there).
"""
