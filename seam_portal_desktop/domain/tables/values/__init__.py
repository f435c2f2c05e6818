"""Single cells as values of a request. No Qt.

Nothing here depends on the locale of the process, or on the time zone of the computer.
"""
