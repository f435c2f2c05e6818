"""Finds the known customer key that a new key may be a mistyped form of."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain

from seam_portal_desktop.domain.portal.query import fold

_MOST_COMPARED = 2000
"""How many keys are compared letter by letter for one question, the first ones first."""

_MASK_BITS = 61
_IGNORED = frozenset({"Pd", "Pc", "Zs", "Zl", "Zp", "Cf", "Cc"})
"""Unicode categories that are left out: hyphens, underscores, spaces, invisible characters."""

_NOT_DIGITS = re.compile(r"\D+")


class _Alike(dict[int, int | None]):
    """For str.translate: what looks alike becomes the same character."""

    def __missing__(self, code: int) -> int | None:
        alike = None if unicodedata.category(chr(code)) in _IGNORED else code
        self[code] = alike
        return alike


_ALIKE = _Alike({ord("0"): ord("o"), ord("1"): ord("l"), ord("."): None})


class LookAlikes:
    """Known keys, of which the first ones are preferred, and the keys of customers by their names.

    Keys with different numbers are never alike: 'room-12' isn't a mistyped 'room-13'.
    """

    def __init__(self, keys: Iterable[str], names: Mapping[str, str] | None = None) -> None:
        self._by_plain: dict[str, str] = {}
        # Each key, its comparable form, and which letters that has (one bit each). The garbage
        # collector doesn't follow plain tuples of such values: it would stop all threads longer.
        self._by_digits: defaultdict[str, list[tuple[str, str, int]]] = defaultdict(list)
        texts = chain(((key, key) for key in keys), (names or {}).items())
        for text, key in texts:
            folded = fold(text)
            plain = _plain(folded)
            self._by_plain.setdefault(plain, key)
            self._by_digits[_digits(folded)].append((key, plain, _letters(plain)))

    def of(self, key: str) -> str | None:
        """The known key that is nearest to `key`, itself or by its name. `key` isn't known itself.
        None: none is near."""
        folded = fold(key)
        plain = _plain(folded)
        same = self._by_plain.get(plain)
        if same is not None:
            return same
        most = 0 if len(plain) < 4 else 1 if len(plain) < 8 else 2  # noqa: PLR2004
        letters, nearest, compared = _letters(plain), None, 0
        for near, near_plain, near_letters in self._by_digits.get(_digits(folded), ()):
            if most == 0 or compared == _MOST_COMPARED:
                break
            if (
                abs(len(near_plain) - len(plain)) <= most
                and (near_letters ^ letters).bit_count() <= 2 * most
            ):
                compared += 1
                distance = edit_distance(plain, near_plain, most)
                if distance <= most:
                    nearest, most = near, distance - 1
        return nearest


def edit_distance(one: str, other: str, most: int) -> int:
    """How many letters differ (added, left out, replaced, or two swapped); `most` + 1 if more.

    The optimal string alignment distance, computed only near the diagonal.
    """
    start, end = 0, 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    if abs(len(one) - len(other)) > most:
        return most + 1
    far = most + 1
    before: list[int] = []
    row = [min(at, far) for at in range(len(other) + 1)]
    for y, letter in enumerate(one, start=1):
        two_before, before = before, row
        row = [far] * (len(other) + 1)
        row[0] = min(y, far)
        first, last = max(1, y - most), min(len(other), y + most)
        for x in range(first, last + 1):
            same = letter == other[x - 1]
            best = min(before[x - 1] + (not same), before[x] + 1, row[x - 1] + 1)
            if y > 1 and x > 1 and letter == other[x - 2] and one[y - 2] == other[x - 1]:
                best = min(best, two_before[x - 2] + 1)
            row[x] = best
        if min(row[max(0, first - 1) : last + 1]) > most:
            return far
    return min(row[-1], far)


def _plain(folded: str) -> str:
    return folded.translate(_ALIKE) or folded


def _digits(folded: str) -> str:
    return _NOT_DIGITS.sub("", folded)


def _letters(plain: str) -> int:
    letters = 0
    for letter in set(plain):
        letters |= 1 << ord(letter) % _MASK_BITS
    return letters
