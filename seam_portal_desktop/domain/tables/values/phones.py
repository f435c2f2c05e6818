"""Phone numbers as people, exports and spreadsheets write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from seam_portal_desktop.domain.tables.values.characters import cleaned
from seam_portal_desktop.domain.tables.values.outcomes import WAITING, Outcome, Refusal
from seam_portal_desktop.texts import _

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d\d?", re.ASCII)
_EXTENSION = re.compile(r"(?i)\d\s*(?:ext(?:ension)?|x|durchwahl|poste|int)\.?\s*:?\s*\d+\s*$")
_PREFIX = re.compile(r"(?i)^(?:tel|phone|mobile|mob|callto|sip)\s*[.:]\s*")
_NOT_DIGITS = re.compile(r"\D", re.ASCII)
_ZERO_DECIMALS = re.compile(r"(\+?\d+)[.,]0", re.ASCII)
_SEVERAL = re.compile(r"[,;|\n]|\s/\s|\sor\s|/\s*\+")
_ZERO_IN_BRACKETS = re.compile(r"^(\+\d{1,3}\s*)\(0\)")
_LONGEST_ROUNDED = 6
_SHORTEST_DAMAGED = 10

_REGIONS = (
    *("US", "CA", "GB", "IE", "AU", "NZ", "DE", "AT", "CH", "FR", "BE", "NL", "LU", "ES", "PT"),
    *("IT", "GR", "CY", "PL", "CZ", "SK", "HU", "RO", "BG", "HR", "SI", "DK", "SE", "NO", "FI"),
    *("IS", "EE", "LV", "LT", "UA", "RU", "TR", "IL", "AE", "SA", "ZA", "IN", "SG", "HK", "JP"),
    *("KR", "CN", "TH", "PH", "ID", "MX", "BR", "AR", "CL", "CO"),
)
"""The countries that are offered. Any other one counts as an answer as well."""

_MOST_SAMPLES = 20


def needs_region(text: str) -> bool:
    """Whether `text` has a number without its country."""
    plain = _without_prefix(text)
    return not plain.startswith(("+", "00")) and _problem(plain) is None


def read_phone(text: str, region: str | None) -> Outcome:
    """The number in `text`, which isn't empty, in E.164. `region` is the country of a number
    without one; WAITING if that is None and needed."""
    plain = _without_prefix(text)
    problem = _problem(plain)
    if problem is not None:
        return problem
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if plain.startswith("+"):
        return _parsed(_ZERO_IN_BRACKETS.sub(r"\1", plain), None)
    return WAITING if region is None else _without_country(plain, region)


def is_region(name: str) -> bool:
    import phonenumbers

    return name in phonenumbers.SUPPORTED_REGIONS


def likely_regions(texts: Iterable[str], first: str) -> Sequence[str]:
    """Countries to choose from: `first`, if it is one, then those whose numbers most of `texts`
    can be."""
    samples = [text for text in texts if needs_region(text)][:_MOST_SAMPLES]
    fitting = {
        region: sum(isinstance(read_phone(text, region), str) for text in samples)
        for region in _REGIONS
    }
    ranked = sorted(_REGIONS, key=lambda region: -fitting[region])
    begin = [first] if first and is_region(first) else []
    return tuple(dict.fromkeys([*begin, *ranked]))


def _without_prefix(text: str) -> str:
    plain = cleaned(text).lstrip("'’").strip()
    if match := _ZERO_DECIMALS.fullmatch(plain):
        return match[1]
    return _PREFIX.sub("", plain)


def _problem(plain: str) -> Refusal | None:
    """What is wrong whatever the country is."""
    digits = _NOT_DIGITS.sub("", plain)
    is_rounded = (
        plain.isdecimal()
        and len(digits) >= _SHORTEST_DAMAGED
        and len(digits.rstrip("0")) <= _LONGEST_ROUNDED
        and not plain.startswith("0")
    )
    reason = None
    if is_rounded or _SCIENTIFIC.fullmatch(plain):
        reason = _("A spreadsheet has removed digits of this phone number")
    elif _EXTENSION.search(plain):
        return _extension()
    elif any(each.isalpha() for each in plain):
        reason = _("The phone number has letters in it")
    elif _SEVERAL.search(plain):
        reason = _("There is more than one phone number here")
    elif not digits:
        reason = _("This is no phone number, such as +49 30 23125 000")
    return None if reason is None else Refusal(reason)


def _extension() -> Refusal:
    return Refusal(_("The phone number has an extension, which can’t be called directly"))


def _without_country(plain: str, region: str) -> Outcome:
    """A number that has no +. If it can be read with and without its country's code, it isn't
    taken: both can be numbers of people."""
    import phonenumbers

    number = _parsed(plain, region)
    code = str(phonenumbers.country_code_for_region(region))
    digits = _NOT_DIGITS.sub("", plain)
    if isinstance(number, str) and digits.startswith(code) and number != f"+{digits}":
        other = _parsed(f"+{digits}", None)
        if isinstance(other, str):
            return Refusal(
                _("This can be {number} or {other}; write it with +").format(
                    number=number, other=other
                )
            )
    return number


def _parsed(plain: str, region: str | None) -> Outcome:
    import phonenumbers

    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            return Refusal(_("The phone number’s country code doesn’t exist"))
        return Refusal(_("This is no phone number, such as +49 30 23125 000"))
    if number.extension is not None:
        return _extension()
    if phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    reasons = {
        phonenumbers.ValidationResult.TOO_SHORT: _("The phone number is too short"),
        phonenumbers.ValidationResult.TOO_LONG: _("The phone number is too long"),
    }
    found = phonenumbers.is_possible_number_with_reason(number)
    return Refusal(reasons.get(found, _("No country has this phone number")))
