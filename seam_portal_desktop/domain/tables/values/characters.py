"""Characters that people don't see or don't tell apart, in texts that have a strict form."""

from __future__ import annotations

import unicodedata

_SHORTEST_HASHES = 3
_ERRORS = {
    *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
    *("#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#VALEUR!", "#NOMBRE!", "#VALOR!", "#¡REF!"),
    *("#¡VALOR!", "#¿NOMBRE?", "#¡NUM!", "#¡DIV/0!", "#NOM?", "#NOME?", "#RIF!", "#VALORE!"),
}
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")


def cleaned(text: str) -> str:
    """`text` for dates, times, numbers, phone numbers and e-mail addresses.

    Invisible characters and spaces around it are removed. Digits of all scripts, dashes and other
    spaces become those of ASCII.
    """
    if text.isascii():
        return text.strip()
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(map(_ascii_digit, filter(_is_visible, plain))).strip()


def is_error_text(text: str) -> bool:
    """Whether a spreadsheet wrote `text` in place of a value: ``#N/A``, or ``####`` for a column
    that was too narrow."""
    if not text.startswith("#"):
        return False
    text = text.strip()
    return text in _ERRORS or (len(text) >= _SHORTEST_HASHES and not text.strip("#"))


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) != "Cf"


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
