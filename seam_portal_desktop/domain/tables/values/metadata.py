"""Custom metadata as text: a JSON object, so that it returns with its types and any character."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from seam_portal_desktop.domain.tables.values.outcomes import Outcome, Refusal
from seam_portal_desktop.texts import _

_BOOLEANS = {"true": True, "false": False}
_REMOVED = "(remove)"
_LONGEST_TEXT = 500
_SEPARATORS = re.compile(r"[;\n]")


def format_metadata(values: Mapping[str, Any]) -> str:
    """``{"floor": "2", "pets": true}``; null asks Seam to remove the field."""
    return json.dumps(values, ensure_ascii=False)


def read_metadata(text: str) -> Outcome:
    """The fields in `text`: a JSON object, or ``floor = 2; pets = true``."""
    text = text.strip()
    return _read_json(text) if text.startswith("{") else _read_pairs(text)


def read_metadata_value(text: str) -> Outcome:
    """The value of one field. Only ``true`` and ``false`` aren't texts: ``NO`` is a country."""
    text = text.strip()
    if (value := _BOOLEANS.get(text.lower())) is not None:
        return value
    if text == _REMOVED:
        return None
    if len(text) > _LONGEST_TEXT:
        return Refusal(_("A metadata text may have {most} characters").format(most=_LONGEST_TEXT))
    return text


def _read_json(text: str) -> Outcome:
    try:
        # A number becomes the text that it was typed as.
        pairs = json.loads(
            text,
            object_pairs_hook=_Pairs,
            parse_int=str,
            parse_float=str,
            parse_constant=str,
        )
    except (ValueError, RecursionError):
        return _unreadable()
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            return _twice(name)
        if not isinstance(value, str | bool | None):
            return Refusal(_("A metadata value is a text, true or false"))
        if isinstance(value, str) and len(value) > _LONGEST_TEXT:
            return Refusal(
                _("A metadata text may have {most} characters").format(most=_LONGEST_TEXT)
            )
        values[name] = value
    return values


class _Pairs(list[tuple[str, Any]]):
    """The fields of a JSON object, also those that are there twice."""


def _read_pairs(text: str) -> Outcome:
    values: dict[str, Any] = {}
    for part in filter(str.strip, _SEPARATORS.split(text)):
        name, separator, value = part.partition("=")
        name = name.strip()
        if not separator or not name:
            return _unreadable()
        if name in values:
            return _twice(name)
        values[name] = read_metadata_value(value)
        if isinstance(values[name], Refusal):
            return values[name]
    return values


def _twice(name: str) -> Refusal:
    return Refusal(_("The metadata field ‘{name}’ is there twice").format(name=name[:40]))


def _unreadable() -> Refusal:
    return Refusal(_("Metadata looks like {example}").format(example='{"floor": "2"}'))
