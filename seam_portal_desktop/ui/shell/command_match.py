"""How well a command's text fits what was typed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_WORD_START = 3
_NEIGHBOUR = 2
_WHOLE_RUN = 20
_RUN_AT_START = 10


@dataclass(frozen=True, slots=True)
class Match:
    """`score` is higher for the better fit; `places` are the indexes of the matched letters."""

    score: int
    places: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """Fit `query` into `text`, ignoring case, accents and spaces; None when it doesn't fit.

    All of it in one run is best, at the start of a word better still; otherwise its letters in
    order, where letters that start a word or follow one another count more.
    """
    wanted = [letter for letter in map(_plain, query) if not letter.isspace()]
    letters = [_plain(letter) for letter in text]
    if not wanted:
        return Match(0, ())
    run = _run(wanted, letters)
    if run is not None:
        starts_word = run == 0 or not letters[run - 1].isalnum()
        score = _WHOLE_RUN + len(wanted) + (_RUN_AT_START if starts_word else 0)
        return Match(score, tuple(range(run, run + len(wanted))))
    return _scattered(wanted, letters)


def _run(wanted: list[str], letters: list[str]) -> int | None:
    """Where `wanted` stands in one piece, the start of a word preferred."""
    size = len(wanted)
    found = [at for at in range(len(letters) - size + 1) if letters[at : at + size] == wanted]
    at_words = [at for at in found if at == 0 or not letters[at - 1].isalnum()]
    return next(iter(at_words or found), None)


def _scattered(wanted: list[str], letters: list[str]) -> Match | None:
    places: list[int] = []
    score = 0
    start = 0
    for letter in wanted:
        options = [at for at in range(start, len(letters)) if letters[at] == letter]
        if not options:
            return None
        # The next letter if it fits, else the start of a word, else the first that fits.
        worth = {at: _worth(at, places, letters) for at in options}
        best = max(options, key=lambda at: (worth[at], -at))
        if not _fits(wanted[len(places) + 1 :], letters[best + 1 :]):
            best = options[0]
        places.append(best)
        score += worth[best]
        start = best + 1
    return Match(score, tuple(places))


def _worth(at: int, places: list[int], letters: list[str]) -> int:
    if places and at == places[-1] + 1:
        return _NEIGHBOUR + _WORD_START
    return _WORD_START if at == 0 or not letters[at - 1].isalnum() else 0


def _fits(wanted: list[str], letters: list[str]) -> bool:
    rest = iter(letters)
    return all(letter in rest for letter in wanted)


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].casefold()
