"""Keys that were typed or pasted, one on each line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seam_portal_desktop.domain.removal.keys import is_too_long
from seam_portal_desktop.texts import _

_LINE_END = re.compile(r"\r\n|\r|\n")
"""Other characters that some programs take for line ends may be part of a key."""


@dataclass(frozen=True, slots=True)
class PastedKeys:
    """``keys`` has each once, in their order. ``problem`` is one sentence about the first line
    that can't be taken, or empty."""

    keys: tuple[str, ...]
    problem: str = ""


def read_keys(text: str) -> PastedKeys:
    """The keys in `text`. Spaces around a key and blank lines are ignored."""
    keys: dict[str, None] = {}
    for number, line in enumerate(_LINE_END.split(text), start=1):
        key = line.strip(" ")
        if not key.strip():
            continue
        if "\t" in key:
            problem = _(
                "Line {line} has several cells. Paste only the column with the keys."
            ).format(line=number)
            return PastedKeys((), problem)
        if is_too_long(key):
            problem = _("The key in line {line} is too long to be sent.").format(line=number)
            return PastedKeys((), problem)
        keys[key] = None
    return PastedKeys(tuple(keys))
