"""Lists of texts in one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable

from seam_portal_desktop.domain.request.resources import MISSING
from seam_portal_desktop.domain.tables.values.outcomes import Outcome, Refusal
from seam_portal_desktop.texts import _

_SPACES = " \t\r"
_PART = re.compile(r'[ \t\r]*(?:"((?:[^"]|"")*)"[ \t\r]*(?=[,;\n]|\Z)|([^,;\n]*))([,;\n]|\Z)')


def format_list(values: Iterable[str]) -> str:
    """`values` as read_list() reads them again."""
    return ", ".join(quoted(each) if _needs_quotes(each) else each for each in values)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def read_list(text: str) -> Outcome:
    """The texts between commas, semicolons and line breaks. A text in quotes may have them inside.
    Empty parts don't count, but for a pair of quotes. MISSING for a list without texts."""
    if '"' not in text and "," not in text and ";" not in text and "\n" not in text:
        text = text.strip(_SPACES)
        return [text] if text else MISSING
    values = []
    at = 0
    while True:
        match = _PART.match(text, at)
        if match is None:  # can't be: the second alternative takes any text
            break
        inside, plain, end = match.groups()
        if inside is not None:
            values.append(inside.replace('""', '"'))
        elif plain.startswith('"'):
            return Refusal(_("A quotation mark isn’t closed"))
        elif stripped := plain.strip(_SPACES):
            values.append(stripped)
        at = match.end()
        if not end:
            break
    return values or MISSING


def _needs_quotes(text: str) -> bool:
    return not text or text != text.strip() or any(each in text for each in ',;"\n')
