"""Matches what was typed with the text of a command."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_WORD_START = 3
_NEIGHBOUR = 2
_EXACT, _PREFIX, _WORD, SYNONYM_SCORE, PIECE_SCORE = 5000, 4000, 3000, 2000, 1000


@dataclass(frozen=True, slots=True)
class CommandMatch:
    """A better match has a higher `score`; `positions` are the indexes of the matched letters."""

    score: int
    positions: tuple[int, ...]


def match(query: str, text: str, synonyms: str = "") -> CommandMatch | None:
    """Find `query` in `text`, ignoring case, accents and spaces; None without a match.

    The order of the scores: the whole text, its start, the start of a word, each word at the start
    of one of the `synonyms` (words with spaces between them), a piece inside a word, and last its
    letters in order, where letters that start a word or follow one another score more.
    """
    typed = [letter for letter in map(_fold_letter, query) if not letter.isspace()]
    letters = [_fold_letter(letter) for letter in text]
    if not typed:
        return CommandMatch(0, ())
    piece = _find_piece(typed, letters)
    score = _score_of_piece(piece, typed, letters)
    if score < _WORD and all(_starts_a_word(word, synonyms) for word in query.split()):
        return CommandMatch(SYNONYM_SCORE, ())
    if piece is not None:
        return CommandMatch(score, tuple(range(piece, piece + len(typed))))
    return _match_letters(typed, letters)


def _score_of_piece(piece: int | None, typed: list[str], letters: list[str]) -> int:
    if piece is None:
        return 0
    if piece == 0:
        named = [letter for letter in letters if letter.isalnum()]
        return _EXACT if typed == named else _PREFIX
    return PIECE_SCORE if letters[piece - 1].isalnum() else _WORD


def _starts_a_word(typed: str, words: str) -> bool:
    letters = [_fold_letter(letter) for letter in words]
    piece = _find_piece([_fold_letter(letter) for letter in typed], letters)
    return piece is not None and (piece == 0 or not letters[piece - 1].isalnum())


def _find_piece(typed: list[str], letters: list[str]) -> int | None:
    """The index of `typed` in one piece, at the start of a word if possible."""
    size = len(typed)
    found = [at for at in range(len(letters) - size + 1) if letters[at : at + size] == typed]
    at_words = [at for at in found if at == 0 or not letters[at - 1].isalnum()]
    return next(iter(at_words or found), None)


def _match_letters(typed: list[str], letters: list[str]) -> CommandMatch | None:
    positions: list[int] = []
    score = 0
    start = 0
    for letter in typed:
        options = [at for at in range(start, len(letters)) if letters[at] == letter]
        if not options:
            return None
        # The letter after the last match, else one that starts a word, else the first one.
        scores = {at: _score_of(at, positions, letters) for at in options}
        best = max(options, key=lambda at: (scores[at], -at))
        if not _contains(typed[len(positions) + 1 :], letters[best + 1 :]):
            best = options[0]
        positions.append(best)
        score += scores[best]
        start = best + 1
    return CommandMatch(score, tuple(positions))


def _score_of(at: int, positions: list[int], letters: list[str]) -> int:
    if positions and at == positions[-1] + 1:
        return _NEIGHBOUR + _WORD_START
    return _WORD_START if at == 0 or not letters[at - 1].isalnum() else 0


def _contains(typed: list[str], letters: list[str]) -> bool:
    rest = iter(letters)
    return all(letter in rest for letter in typed)


def _fold_letter(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].casefold()
