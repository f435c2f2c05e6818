"""Texts and pictures of a message as short lines of ASCII, which every mail server passes on."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from seam_portal_desktop.domain.message.mime.headers import LINE_END

_LONGEST_LINE = 76
_MOSTLY_ASCII = 0.8
_NEW_LINE = re.compile(r"\r\n|\r|\n")
_MANGLED_STARTS = ("F", ".")
"""Servers write ``>From`` for ``From`` at a line's start, and double a dot or lose it."""


def encode_text(text: str) -> tuple[str, str]:
    """The name of the transfer encoding, and the encoded text.

    Filters distrust base64 where it isn't needed, so it is only taken for texts that are mostly
    not ASCII. Line breaks become CRLF.
    """
    lines = _NEW_LINE.split(text)
    readable = sum(each.isascii() for each in text)
    if readable >= _MOSTLY_ASCII * len(text):
        return "quoted-printable", LINE_END.join(_quoted_printable(lines))
    return "base64", encode_bytes(LINE_END.join(lines).encode(errors="replace"))


def encode_bytes(content: bytes) -> str:
    """base64 in lines."""
    encoded = base64.b64encode(content).decode("ascii")
    return LINE_END.join(
        encoded[start : start + _LONGEST_LINE] for start in range(0, len(encoded), _LONGEST_LINE)
    )


def _quoted_printable(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        units = [_unit(byte) for byte in line.encode(errors="replace")]
        if units and units[-1] in " \t":
            units[-1] = f"={ord(units[-1]):02X}"
        written = ""
        for index, unit in enumerate(units):
            # The last unit needs no room for the sign of a line that goes on.
            room = _LONGEST_LINE - (index < len(units) - 1)
            if len(written) + len(unit) > room:
                yield f"{written}="
                written = ""
            starts = not written and unit in _MANGLED_STARTS
            written += f"={ord(unit):02X}" if starts else unit
        yield written


def _unit(byte: int) -> str:
    character = chr(byte)
    is_itself = character.isascii() and (character.isprintable() or character == "\t")
    return character if is_itself and character != "=" else f"={byte:02X}"
