"""The forms in which an address is written: with a name, in brackets, as a link."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from seam_portal_desktop.domain.message.recipients.rules import is_internal

MOST_NAME = 200
_LONGEST_ONE = 1000
"""A longer text isn't one recipient."""

_MOST_GUESSED = 300
"""Characters of a text in which an address is looked for that may be meant."""

_JOINERS = "\u200c\u200d"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("﹫"): ord("@")}

_BRACKETED = re.compile(r"<([^<>@]*@[^<>]*)>")
_SQUARE = re.compile(r"\[([^\[\]@]*@[^\[\]]*)\]")
_COMMENTED = re.compile(r"(?P<address>[^\s()@]+@[^\s()]+)\s*\((?P<name>[^()]*)\)")
_IN_COMMENT = re.compile(r"(?P<name>[^()@]*)\((?P<address>[^\s()@]+@[^\s()]+)\)")
_MARKDOWN = re.compile(r"\[(?P<name>[^\[\]]*)\]\((?P<address>mailto:[^()\s]+)\)", re.IGNORECASE)
_LINK = re.compile(r"mailto:", re.IGNORECASE)
_LABEL = re.compile(r"[^\s@<>\"'(),;:]{1,20}(?: [^\s@<>\"'(),;:]{1,20}){0,3}\s*:\s*(?=\S)")
_BULLET = re.compile(r"(?:[•*·–—>-]+|\d{1,3}[.)])\s+")
_CONNECTORS = frozenset({"/", "|", "&", "+", "-", "–", "—", "and", "or", "und", "oder", "et", "y"})
_AROUND = " \t\"'“”„‘’«»<>`*•·"
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’"}
_ENCODED = re.compile(r"=\?[^?\s]{1,40}\?[bq]\?[^?\s]*\?=", re.IGNORECASE)

_AT_WORDS = re.compile(r"\s*[\[({<]\s*at\s*[\])}>]\s*|\s+at\s+", re.IGNORECASE)
_DOT_WORDS = re.compile(r"\s*[\[({<]\s*dot\s*[\])}>]\s*|\s+dot\s+", re.IGNORECASE)
_SOMEWHERE = re.compile(
    r"(?<![\w@.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?![\w@]|[.-]\w)"
)


@dataclass(frozen=True, slots=True, repr=False)
class Form:
    """An address, unchecked, and its name. `has_invisible`: characters were left out."""

    address: str
    name: str = ""
    has_invisible: bool = False


def forms_of(text: str) -> Iterator[Form]:
    """The addresses in a text between two separators, which has an @. There is at least one."""
    visible, has_invisible = _visible(text)
    for written, name in _pairs(visible):
        for address in _bare_addresses(written):
            yield Form(address, _clean_name(name), has_invisible)


def meant_address(text: str) -> str | None:
    """The address that was meant by what isn't one: ``ann (at) example.com``, ``ann @example.com``.
    None if it isn't known."""
    if len(text) > _MOST_GUESSED:
        return None
    visible = _visible(text)[0]
    plain = _DOT_WORDS.sub(".", _AT_WORDS.sub("@", visible))
    plain = re.sub(r"\s*([@.,])\s*", r"\1", plain).replace(",", ".")
    plain = re.sub(r"@+", "@", re.sub(r"\.*@\.*", "@", re.sub(r"\.{2,}", ".", plain)))
    candidates = [plain.strip(f"{_AROUND}.")]
    inside = dict.fromkeys(_SOMEWHERE.findall(visible))
    if len(inside) == 1:
        candidates += inside
    valid = (_valid(each) for each in candidates if each != text)
    return next((each for each in valid if each is not None), None)


def _valid(text: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return None if is_internal(found.ascii_domain) else found.normalized


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
    return " ".join(shown.split()), len(shown) != len(wide)


def _pairs(text: str) -> list[tuple[str, str]]:
    """What is written as an address, and the name, of each recipient in `text`."""
    markdown = _MARKDOWN.search(text)
    if markdown:
        return [(markdown["address"], markdown["name"])]
    text = _SQUARE.sub(r"<\1>", text)
    pieces = _BRACKETED.split(text)
    if len(pieces) > 1:
        addresses, names = pieces[1::2], [*map(_unlabelled, pieces[:-1:2])]
        if len(addresses) == 1 and not names[0]:
            names = [pieces[-1]]
        return list(zip(addresses, names, strict=True))
    text = _unlabelled(text)
    is_short = len(text) <= _LONGEST_ONE
    commented = _COMMENTED.fullmatch(text) or _IN_COMMENT.fullmatch(text) if is_short else None
    if commented:
        return [(commented["address"], commented["name"])]
    return _words(text)


def _unlabelled(text: str) -> str:
    """`text` without ``To:``, the name of a group or a bullet before it."""
    text = text.strip()
    bullet = _BULLET.match(text)
    if bullet:
        text = text[bullet.end() :]
    label = None if _LINK.match(text) else _LABEL.match(text)
    return text[label.end() :] if label else text


def _words(text: str) -> list[tuple[str, str]]:
    words = [part for word in text.split() for part in _split_word(word)]
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


def _split_word(word: str) -> list[str]:
    """``ann@example.com/bob@example.com`` are two words."""
    parts = [word] if _LINK.match(word) else re.split("[/|]", word)
    return parts if all("@" in part for part in parts) else [word]


def _bare_addresses(written: str) -> Iterator[str]:
    """The address in `written` without quotes, brackets, ``mailto:`` and the dot of a sentence. A
    link may have several."""
    bare = written.strip(_AROUND)
    if not _LINK.match(bare):
        yield bare.strip("()").rstrip(".:!") or written
        return
    for part in re.split("[,;]", bare.partition("?")[0]):
        address = _visible(unquote(_LINK.sub("", part, count=1)))[0].strip(_AROUND).rstrip(".:!")
        if address:
            yield address


def _clean_name(name: str) -> str:
    name = name.strip(" \t<>").removesuffix(" -").removesuffix(":")
    if _ENCODED.match(name):
        name = _decoded(name)
    closing = _QUOTES.get(name[:1])
    if closing and len(name) > 1 and name.endswith((closing, "”")):
        is_escaped = name[0] == '"'
        name = name[1:-1]
        if is_escaped:
            name = re.sub(r"\\(.)", r"\1", name)
    name = " ".join(name.split())[:MOST_NAME].strip(f"{_JOINERS} ")
    is_formula = name.startswith("=")
    return name if not is_formula and any(map(_is_shown, name)) else ""


def _is_shown(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNS"


def _decoded(name: str) -> str:
    """A name as a raw header has it."""
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return _visible(str(make_header(decode_header(name))))[0]
    except (HeaderParseError, LookupError, ValueError):
        return name
