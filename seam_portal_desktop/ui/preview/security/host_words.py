"""A host as text that can't be mistaken for another host. No Qt in here.

Letters of different alphabets can look alike, so a name that isn't ASCII is shown in punycode
("xn--…"). Its readable form and the names of its alphabets are shown beside it, with a warning
if one name mixes alphabets that don't belong together.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.security.addresses import readable_target

LONGEST_HOST = 60

# A long name needs places for a line break, or a label cuts off its end.
_MAY_BREAK = "\u200b"
_LONGEST_PIECE = 16
_PIECE = re.compile(rf"[^.]{{1,{_LONGEST_PIECE}}}\.?")

# Keeps letters that run from right to left from reordering the sentence around them.
_ISOLATE, _END_ISOLATE = "\u2066", "\u2069"
_ALPHABETS = {
    "CJK": _("Chinese"),
    "HIRAGANA": _("Japanese"),
    "KATAKANA": _("Japanese"),
    "HANGUL": _("Korean"),
}
_USED_TOGETHER = (
    frozenset({"Chinese", "Japanese", "Latin"}),
    frozenset({"Chinese", "Korean", "Latin"}),
)


@dataclass(frozen=True, slots=True)
class HostWords:
    """`readable` is the decoded form of an "xn--" name, or empty; `alphabets` are its alphabets.

    `mixes`: one label has letters of alphabets that don't belong together.
    """

    ascii: str
    readable: str = ""
    alphabets: tuple[str, ...] = ()
    mixes: bool = False


def host_words(host: str) -> HostWords:
    """Describe `host`, which is in ASCII."""
    labels = [_decoded(label) for label in host.split(".")]
    readable = ".".join(labels)
    if readable == host:
        return HostWords(host)
    found = [_alphabets(label) for label in labels]
    alphabets = tuple(sorted(set().union(*found)))
    mixes = any(
        len(each) > 1 and not any(each <= group for group in _USED_TOGETHER) for each in found
    )
    return HostWords(host, readable, alphabets, mixes)


def describe_target(address: str) -> str:
    """The end of a sentence, with its full stop: the host that `address` leads to."""
    target = readable_target(address)
    words = host_words(target)
    shown = shorten_host(target)
    if not words.readable:
        return f"{shown}."
    readable = f"{_ISOLATE}{shorten_host(words.readable)}{_END_ISOLATE}"
    letters = " and ".join(words.alphabets)
    text = _("{shown}. It is read “{readable}”, in {letters} letters.").format(
        shown=shown, readable=readable, letters=letters
    )
    return (
        _("{text} Names that mix alphabets often imitate another.").format(text=text)
        if words.mixes
        else text
    )


def shorten_host(host: str) -> str:
    """Cut the beginning of a long host, because its end names its owner. Adds line breaks."""
    if len(host) > LONGEST_HOST:
        host = f"…{host[1 - LONGEST_HOST :]}"
    if len(host) <= 2 * _LONGEST_PIECE:
        return host
    return _MAY_BREAK.join(_PIECE.findall(host))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    return decoded if decoded.isprintable() else label


def _alphabets(label: str) -> set[str]:
    found = set()
    for letter in label:
        if letter.isalpha():
            first = unicodedata.name(letter, "unknown").split()[0]
            found.add(_ALPHABETS.get(first, first.title()))
    return found
