"""A host in words that can't be mistaken for another's. No Qt in here.

A name that isn't ASCII is shown as it goes over the wire ("xn--…"), because different alphabets
have letters that look alike. How it is meant to be read comes beside it, with the alphabets by
name, and with a warning where one name mixes some that don't belong together.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from seam_portal_desktop.ui.preview.security.request_policy import readable_target

LONGEST_HOST = 60

# A name has no place where a line may end, and its own end must not be lost beyond a label's edge.
_MAY_BREAK = "\u200b"
_LONGEST_PIECE = 16
_PIECE = re.compile(rf"[^.]{{1,{_LONGEST_PIECE}}}\.?")

# Keeps letters that run from right to left from reordering the sentence around them.
_ISOLATE, _END_ISOLATE = "\u2066", "\u2069"
_ALPHABETS = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
}
_TOGETHER = (
    frozenset({"Chinese", "Japanese", "Latin"}),
    frozenset({"Chinese", "Korean", "Latin"}),
)


@dataclass(frozen=True, slots=True)
class HostWords:
    """`readable` is how an "xn--" name is meant to be read, or empty. `alphabets` are those of it.

    `mixes` says that one of its parts has letters of alphabets that don't belong together.
    """

    ascii: str
    readable: str = ""
    alphabets: tuple[str, ...] = ()
    mixes: bool = False


def host_words(host: str) -> HostWords:
    """What to say of `host`, given in ASCII."""
    labels = [_decoded(label) for label in host.split(".")]
    readable = ".".join(labels)
    if readable == host:
        return HostWords(host)
    found = [_alphabets(label) for label in labels]
    every = tuple(sorted(set().union(*found)))
    mixes = any(len(some) > 1 and not any(some <= fit for fit in _TOGETHER) for some in found)
    return HostWords(host, readable, every, mixes)


def describe_place(address: str) -> str:
    """A sentence's end, with its full stop: the place that `address` leads to."""
    place = readable_target(address)
    words = host_words(place)
    shown = shorten_host(place)
    if not words.readable:
        return f"{shown}."
    read = f"{_ISOLATE}{shorten_host(words.readable)}{_END_ISOLATE}"
    letters = " and ".join(words.alphabets)
    said = f"{shown}. It is read “{read}”, in {letters} letters."
    if words.mixes:
        return f"{said} Names that mix alphabets often imitate another."
    return said


def shorten_host(host: str) -> str:
    """A long host without its beginning: its end says whose it is. Lines may end inside of it."""
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
