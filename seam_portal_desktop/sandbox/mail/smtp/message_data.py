"""The message after DATA."""

from __future__ import annotations

import re

from seam_portal_desktop.sandbox.mail.smtp.commands import SmtpReplyError

_MAX_LINE = 998
_BARE_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")


def check_and_unstuff(wire: bytes) -> bytes:
    """Remove the dots that the client added at the start of lines.

    Raises SmtpReplyError for what large providers refuse: line ends that aren't CRLF, and lines of
    more than 998 bytes.
    """
    if _BARE_LINE_END.search(wire):
        raise SmtpReplyError(550, "5.6.11 A line ends in CR or LF alone.")
    message = (b"\r\n" + wire).replace(b"\r\n.", b"\r\n")[2:]
    if max(map(len, message.split(b"\r\n")), default=0) > _MAX_LINE:
        raise SmtpReplyError(550, "5.6.0 A line has more than 998 bytes.")
    return message
