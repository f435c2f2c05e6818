"""What the title of a column says: the senses of its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from seam_portal_desktop.domain.portal.look_alikes import edit_distance
from seam_portal_desktop.domain.tables.titles.synonyms import Sense, phrases, whole_titles
from seam_portal_desktop.domain.tables.titles.text import title_words

_ENDS_WITH_COUNT = re.compile(r"(?<![\d\s])\s*[:=]\s*\d+\s*$")
"""'Rooms: 2', but not the clock time '15:00'."""

_LINKS_IN_COMPOUNDS = ("", "s", "n", "en", "es")
"""What German and Dutch put between the words of a compound."""

_SHORTEST_IN_COMPOUNDS = 3
_NOT_IN_COMPOUNDS = {Sense.LINK, Sense.SOFT, Sense.OTHER}
_LONGEST_COMPOUND = 40

_SHORTEST_MISSPELT = 5
_LONG = 9
"""Letters. So long a word may have two typing errors."""


@dataclass(frozen=True, slots=True)
class TitleSenses:
    """``senses`` has what the words stand for. With ``is_alike`` a word had a typing error, or adds
    something."""

    senses: frozenset[Sense]
    is_alike: bool = False


@lru_cache(maxsize=2048)
def title_senses(title: str, *, may_be_alike: bool = True) -> TitleSenses | None:
    """None: a word is unknown, or there is none. Mistyped words are known if it `may_be_alike`."""
    if _ENDS_WITH_COUNT.search(title):
        return TitleSenses(frozenset({Sense.COUNT}))
    words = title_words(title)
    whole = whole_titles().get(words)
    if whole is not None:
        return TitleSenses(frozenset({whole}))
    return _read(words) or (_alike(words) if may_be_alike else None)


def _read(words: Sequence[str], *, may_be_misspelt: bool = False) -> TitleSenses | None:
    found: set[Sense] = set()
    is_alike = False
    at = 0
    while at < len(words):
        sense, length = _phrase_at(words, at)
        senses = _compound(words[at]) if sense is None else frozenset({sense})
        if not senses and may_be_misspelt:
            senses = _misspelt(words[at])
            is_alike = True
        if not senses:
            return None
        found |= senses
        at += length
    is_alike = is_alike or Sense.SOFT in found
    meant = frozenset(found - {Sense.LINK, Sense.SOFT})
    return TitleSenses(meant, is_alike) if meant else None


def _alike(words: Sequence[str]) -> TitleSenses | None:
    """Short words are only alike in a longer title: 'Fist name'."""
    joined = "".join(words)
    may_be_one = len(words) > 1 and not any(map(str.isdigit, joined))
    senses = _misspelt(joined, most=1) if may_be_one else frozenset()
    return TitleSenses(senses, is_alike=True) if senses else _read(words, may_be_misspelt=True)


def _phrase_at(words: Sequence[str], at: int) -> tuple[Sense | None, int]:
    known = phrases()
    for length in range(min(_longest_phrase(), len(words) - at), 0, -1):
        sense = known.get(tuple(words[at : at + length]))
        if sense is not None:
            return sense, length
    return None, 1


@cache
def _longest_phrase() -> int:
    return max(map(len, phrases()))


@cache
def _parts() -> dict[str, Sense]:
    """What a compound can be made of: each word, and each phrase written as one word."""
    joined = {"".join(words): sense for words, sense in phrases().items()}
    parts: dict[str, Sense] = {
        word: sense
        for word, sense in joined.items()
        if len(word) >= _SHORTEST_IN_COMPOUNDS and sense not in _NOT_IN_COMPOUNDS
    }
    parts["id"] = Sense.KEY
    return parts


def _compound(word: str) -> frozenset[Sense]:
    """The senses in a word such as ``Reservierungsnummer`` or ``guestname``; empty if there is a
    part that is unknown."""
    if len(word) > _LONGEST_COMPOUND:
        return frozenset()
    # The parts of the first letters, by their number.
    ways: dict[int, frozenset[Sense]] = {0: frozenset()}
    for start in range(len(word)):
        if start not in ways:
            continue
        for end, sense in _parts_at(word, start):
            ways.setdefault(end, ways[start] | {sense})
    return ways.get(len(word), frozenset())


def _parts_at(word: str, start: int) -> Iterator[tuple[int, Sense]]:
    parts = _parts()
    for end in range(len(word), start + 1, -1):
        sense = parts.get(word[start:end])
        if sense is None:
            continue
        for link in _LINKS_IN_COMPOUNDS:
            after = end + len(link)
            if word[end:after] == link and (not link or after < len(word)):
                yield after, sense


@lru_cache(maxsize=2048)
def _misspelt(word: str, *, most: int = 2) -> frozenset[Sense]:
    """The sense of the word that `word` is a mistyped form of; empty if there is none, or two.

    There are at `most` so many typing errors, fewer in a short word.
    """
    most = min(most, 0 if len(word) < _SHORTEST_MISSPELT else 1 if len(word) < _LONG else 2)
    nearest: dict[int, set[Sense]] = {}
    if most and len(word) <= _LONGEST_COMPOUND:
        letters = _letters(word)
        for known, sense, known_letters in _comparable():
            if (
                abs(len(known) - len(word)) <= most
                and (known_letters ^ letters).bit_count() <= 2 * most
            ):
                distance = edit_distance(word, known, most)
                if distance <= most:
                    nearest.setdefault(distance, set()).add(sense)
    best = nearest[min(nearest)] if nearest else set()
    return frozenset(best) if len(best) == 1 else frozenset()


@cache
def _comparable() -> tuple[tuple[str, Sense, int], ...]:
    """The words that can be mistyped, with which letters they have."""
    return tuple(
        (word, sense, _letters(word))
        for word, sense in _parts().items()
        if len(word) >= _SHORTEST_MISSPELT
    )


def _letters(word: str) -> int:
    """Which letters are in `word`, one bit each."""
    letters = 0
    for letter in word:
        letters |= 1 << ord(letter) % 61
    return letters
