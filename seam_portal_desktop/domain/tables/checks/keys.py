"""Keys that look right and are others: invisible characters, other forms of a letter, look-alikes.

Seam compares keys character by character. A key with a character that nobody sees is a new key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from seam_portal_desktop.domain.request.steps import ROWS_A_STEP, Steps, finish
from seam_portal_desktop.texts import _, ngettext

_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that are drawn as nothing, though Unicode counts them among letters and marks."""

_LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")

_NAMES = {
    "\u00ad": _("soft hyphen"),
    "\u200b": _("zero width space"),
    "\u200c": _("zero width non-joiner"),
    "\u200d": _("zero width joiner"),
    "\u200e": _("left-to-right mark"),
    "\u200f": _("right-to-left mark"),
    "\u2060": _("word joiner"),
    "\ufeff": _("byte order mark"),
    "\u00a0": _("no-break space"),
    "\u202f": _("narrow no-break space"),
}

LATIN_LOOK_ALIKES = str.maketrans(
    # Cyrillic
    dict(zip("аеорсухіѕјԁһԛԝӏАВЕКМНОРСТУХІЅЈ", "aeopcyxisjdhqwlABEKMHOPCTYXISJ", strict=True))
    # Greek
    | dict(zip("ονΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ovABEZHIKMNOPTYX", strict=True))
)

_WORD = re.compile(r"[^\W\d_]+")
_WHERE_CHARACTERS = 24
"""How much of a key a sentence repeats to show where something is."""


@dataclass(frozen=True, slots=True)
class KeyFindings:
    """``sentences`` say what is wrong with a key. ``cleaned`` is the key without it; None where
    nobody but the user knows which key is meant."""

    sentences: tuple[str, ...]
    cleaned: str | None


class KnownKeys:
    """Keys that a key is compared with. `others` are less sure, such as keys that are only referred
    to; the first of several alike is taken for the right one."""

    def __init__(self, keys: Iterable[str] = (), others: Iterable[str] = ()) -> None:
        self._keys = dict.fromkeys(keys)
        self._first: dict[str, str] = {}
        finish(self._add((*self._keys, *others)))

    @classmethod
    def in_steps(cls, keys: Iterable[str], others: Iterable[str]) -> Steps[KnownKeys]:
        known = cls()
        for number, key in enumerate(keys, 1):
            known._keys[key] = None
            if number % ROWS_A_STEP == 0:
                yield None
        yield from known._add((*known._keys, *others))
        return known

    def _add(self, keys: Iterable[str]) -> Steps[None]:
        for number, key in enumerate(keys, 1):
            self._first.setdefault(_skeleton(key), key)
            if number % ROWS_A_STEP == 0:
                yield None

    def __contains__(self, text: str) -> bool:
        return text in self._keys

    def first_alike(self, text: str) -> str | None:
        """The first key that looks like `text` and isn't it."""
        first = self._first.get(_skeleton(text))
        return first if first != text else None


NO_KEYS = KnownKeys()


def key_findings(text: str, known: KnownKeys = NO_KEYS) -> KeyFindings | None:
    """What is wrong with a key that may be one of `known`; None if nothing is."""
    sentences, cleaned = _own_findings(text)
    other = None if text in known else known.first_alike(text)
    if other is not None:
        if other != cleaned:
            sentences.append(_look_alike_sentence(text, other))
        # The other one may have to be cleaned up as well.
        cleaned = clean_characters(other)
    return _findings(text, sentences, cleaned)


def new_key_findings(text: str, known: KnownKeys = NO_KEYS) -> KeyFindings | None:
    """What is wrong with the key of a new resource, which is to be none of `known`."""
    sentences, cleaned = _own_findings(text)
    other = known.first_alike(text)
    if other is not None and other != cleaned:
        sentences.append(_look_alike_sentence(text, other))
    return _findings(text, sentences, cleaned)


def _own_findings(text: str) -> tuple[list[str], str]:
    if text.isascii() and text.isprintable():
        return [], text
    return [*_character_sentences(text), *_form_sentences(text)], clean_characters(text)


def _findings(text: str, sentences: list[str], cleaned: str) -> KeyFindings | None:
    if not sentences:
        return None
    return KeyFindings(tuple(sentences), cleaned if cleaned and cleaned != text else None)


def clean_characters(text: str) -> str:
    """`text` in the usual Unicode form (NFC), with ordinary letters and spaces only.

    A tab or a line break inside becomes a space.
    """
    shown = "".join(_clean_character(each) for each in text)
    return _WORD.sub(lambda word: _latin(word[0]), unicodedata.normalize("NFC", shown)).strip()


def visible(text: str) -> str:
    """`text` with each invisible character as its code, such as ‹U+200B›."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"‹{_code(each)}›" if each in _LINE_BREAKS or each == "\t" or _is_hidden(each) else each
        for each in text
    )


def _clean_character(character: str) -> str:
    if character == "\t" or character in _LINE_BREAKS or _is_other_space(character):
        return " "
    return "" if _is_invisible(character) else character


def _is_invisible(character: str) -> bool:
    if character in _FILLERS or "\ufe00" <= character <= "\ufe0f":
        return True
    return unicodedata.category(character) in {"Cf", "Cc"} and not (
        character == "\t" or character in _LINE_BREAKS
    )


def _is_other_space(character: str) -> bool:
    return character != " " and unicodedata.category(character) == "Zs"


def _is_hidden(character: str) -> bool:
    return _is_invisible(character) or _is_other_space(character)


def _character_sentences(text: str) -> list[str]:
    """One sentence for each sort of character that doesn't belong in a key."""
    sentences = []
    hidden = [at for at, each in enumerate(text) if _is_invisible(each)]
    if hidden:
        sentences.append(_hidden_sentence(text, hidden))
    for at, each in enumerate(text):
        if _is_other_space(each):
            sentences.append(
                _(
                    "There is a space of another kind after “{before}”: {character}.",
                ).format(before=_before(text, at), character=_described(each))
            )
            break
    if "\t" in text:
        before = _before(text, text.index("\t"))
        sentences.append(_("There is a tab after “{before}”.").format(before=before))
    breaks = [at for at, each in enumerate(text) if each in _LINE_BREAKS]
    if breaks:
        before = _before(text, breaks[0])
        sentences.append(_("There is a line break after “{before}”.").format(before=before))
    return sentences


def _hidden_sentence(text: str, places: list[int]) -> str:
    at, count = places[0], len(places)
    before, character = _before(text, at), _described(text[at])
    if not before:
        return ngettext(
            "There is an invisible character at the beginning: {character}.",
            "There are {count} invisible characters, the first at the beginning: {character}.",
            count,
        ).format(count=count, character=character)
    return ngettext(
        "There is an invisible character after “{before}”: {character}.",
        "There are {count} invisible characters, the first after “{before}”: {character}.",
        count,
    ).format(count=count, before=before, character=character)


def _form_sentences(text: str) -> list[str]:
    sentences = []
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        letter = next(
            new for old, new in zip(text + "\0", composed + "\0", strict=False) if old != new
        )
        sentences.append(
            _(
                "“{letter}” is stored in an unusual form here. It looks the same, but the key is "
                "another one."
            ).format(letter=letter)
        )
    for word in _WORD.findall(composed):
        if _latin(word) != word:
            letter = next(each for each in word if ord(each) in LATIN_LOOK_ALIKES)
            sentences.append(
                _("“{letter}” in “{word}” isn’t a Latin letter: {character}.").format(
                    letter=letter, word=_shortened(word), character=_described(letter)
                )
            )
            break
    return sentences


def _latin(word: str) -> str:
    """A word that has Latin letters, with its look-alikes of other scripts as Latin letters.

    A word of another script, and one that would still mix two, stays as it is.
    """
    if word.isascii() or not any(each.isascii() for each in word):
        return word
    latin = word.translate(LATIN_LOOK_ALIKES)
    return latin if all(unicodedata.name(each, "").startswith("LATIN") for each in latin) else word


def _look_alike_sentence(text: str, other: str) -> str:
    if text.casefold() == other.casefold():
        return _("It differs from the key “{other}” only in capital letters.").format(
            other=_shortened(other)
        )
    return _("It looks like the key “{other}”, but is another one.").format(
        other=_shortened(visible(other))
    )


def _skeleton(text: str) -> str:
    """The same for all keys that a reader takes for one."""
    if text.isascii() and text.isprintable():
        return text.casefold()
    cleaned = "".join(_clean_character(each) for each in text).translate(LATIN_LOOK_ALIKES)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", cleaned).casefold()).strip()


def _before(text: str, at: int) -> str:
    return "".join(each for each in text[:at] if each.isprintable() and not _is_invisible(each))[
        -_WHERE_CHARACTERS:
    ]


def _shortened(text: str) -> str:
    return text if len(text) <= 2 * _WHERE_CHARACTERS else f"{text[: 2 * _WHERE_CHARACTERS]}…"


def _described(character: str) -> str:
    name = _NAMES.get(character) or unicodedata.name(character, _("control character")).lower()
    return _("{name} ({code})").format(name=name, code=_code(character))


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
