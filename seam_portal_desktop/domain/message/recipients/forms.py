"""The forms in which an address is written: with a name, in brackets, as a link."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

MOST_NAME = 200
_JOINERS = "\u200c\u200d"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("﹫"): ord("@")}

_BRACKETED = re.compile(r"(?P<before>[^<>]*)<(?P<address>[^<>]*@[^<>]*)>(?P<after>[^<>]*)")
_COMMENTED = re.compile(r"(?P<address>[^\s()]+@[^\s()]+)\s*\((?P<name>[^()]*)\)")
_MARKDOWN = re.compile(r"\[(?P<name>[^\[\]]*)\]\((?P<address>mailto:[^()\s]+)\)", re.IGNORECASE)
_LINK = re.compile(r"mailto:", re.IGNORECASE)
_LABEL = re.compile(r"[^\s@<>\"'(),;:]{1,20}(?: [^\s@<>\"'(),;:]{1,20}){0,3}\s*:\s*(?=\S)")
_CONNECTORS = frozenset({"/", "|", "&", "+", "-", "–", "•", "*", "·", "and", "or"})
_AROUND = " \t\"'“”„‘’«»<>`*•·"
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’"}
_AT_WORDS = re.compile(r"\s*[\[({<]\s*at\s*[\])}>]\s*|\s+at\s+", re.IGNORECASE)
_DOT_WORDS = re.compile(r"\s*[\[({<]\s*dot\s*[\])}>]\s*|\s+dot\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class Form:
    """An address, unchecked, and its name. `has_invisible`: characters were left out."""

    address: str
    name: str = ""
    has_invisible: bool = False


def forms_of(text: str) -> Iterator[Form]:
    """The addresses in a text between two separators, which has an @. There is at least one."""
    visible, has_invisible = _visible(text)
    for address, name in _pairs(visible):
        yield Form(_bare(address), _clean_name(name), has_invisible)


def meant_address(text: str) -> str | None:
    """The address that was meant by what isn't one: ``ann (at) example.com``, ``ann @example.com``.
    None if it isn't known."""
    if len(text) > MOST_NAME:
        return None
    from email_validator import EmailNotValidError, validate_email

    plain = _DOT_WORDS.sub(".", _AT_WORDS.sub("@", _visible(text)[0]))
    plain = re.sub(r"\s*([@.,])\s*", r"\1", plain).replace(",", ".")
    plain = re.sub(r"\.{2,}", ".", plain).replace("@.", "@").replace(".@", "@").strip(_AROUND + ".")
    plain = re.sub("@+", "@", plain)
    try:
        return validate_email(plain, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def _visible(text: str) -> tuple[str, bool]:
    """`text` with ordinary spaces, and whether it had characters that nobody sees."""
    if text.isascii() and text.isprintable():
        return text, False
    wide = text.translate(_FULL_WIDTH)
    shown = "".join(
        " " if each.isspace() else each
        for each in wide
        if each.isspace() or each in _JOINERS or unicodedata.category(each)[0] != "C"
    )
    has_invisible = len(shown) != len(wide)
    return " ".join(shown.split()), has_invisible


def _pairs(text: str) -> list[tuple[str, str]]:
    """Address and name of each recipient in `text`."""
    markdown = _MARKDOWN.search(text)
    if markdown:
        return [(markdown["address"], markdown["name"])]
    brackets = list(_BRACKETED.finditer(text))
    if brackets:
        names = [
            each["before"] or (each["after"] if len(brackets) == 1 else "") for each in brackets
        ]
        return [
            (each["address"], _unlabelled(name)) for each, name in zip(brackets, names, strict=True)
        ]
    text = _unlabelled(text)
    comment = _COMMENTED.fullmatch(text)
    if comment:
        return [(comment["address"], comment["name"])]
    return _words(text)


def _unlabelled(text: str) -> str:
    """`text` without ``To:`` or the name of a group before it."""
    if _LINK.match(text):
        return text
    label = _LABEL.match(text)
    return text[label.end() :] if label else text


def _words(text: str) -> list[tuple[str, str]]:
    words = text.split()
    with_at = [word for word in words if "@" in word]
    if any(word.startswith("@") or word.endswith("@") for word in with_at):
        return [(text, "")]
    if len(with_at) <= 1:
        names = [word for word in words if "@" not in word and word not in _CONNECTORS]
        return [(with_at[0] if with_at else text, " ".join(names))]
    pairs: list[tuple[str, str]] = []
    name: list[str] = []
    for word in words:
        if "@" in word:
            pairs.append((word, " ".join(name)))
            name = []
        elif word.casefold() not in _CONNECTORS:
            name.append(word)
    return [*pairs, (" ".join(name), "")] if name else pairs


def _bare(address: str) -> str:
    """`address` without quotes, brackets, ``mailto:`` and the dot of a sentence."""
    bare = address.strip(_AROUND)
    if _LINK.match(bare):
        bare = unquote(_LINK.sub("", bare, count=1).partition("?")[0])
        bare = _visible(bare)[0]
    return bare.strip(_AROUND).strip("()").rstrip(".:!")


def _clean_name(name: str) -> str:
    name = name.strip()
    closing = _QUOTES.get(name[:1])
    if closing and len(name) > 1 and name.endswith((closing, "”") if name[0] == "“" else closing):
        is_quoted = name[0] == '"'
        name = name[1:-1]
        if is_quoted:
            name = re.sub(r"\\(.)", r"\1", name)
    return " ".join(name.split())[:MOST_NAME].strip(f"{_JOINERS} ")
