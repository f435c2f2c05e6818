"""The likely encodings of a text that isn't Unicode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

# fmt: off
_LATIN = (
    "cp1252", "cp1250", "cp1254", "cp1257", "mac_roman", "mac_latin2", "mac_turkish",
    "iso8859_2", "iso8859_9", "iso8859_13", "iso8859_15", "cp850", "cp852", "cp857", "cp437",
    "cp1258",
)
_OTHER_SCRIPTS = (
    "cp1251", "cp1253", "cp1255", "cp1256", "cp874", "koi8_r", "koi8_u",
    "iso8859_5", "iso8859_7", "iso8859_8", "iso8859_6", "cp866", "cp737",
    "mac_cyrillic", "mac_greek", "cp932", "gb18030", "big5", "cp949", "euc_jp",
)
_RARE = frozenset({"mac_cyrillic", "mac_greek", "cp737"})
_RARITY = 0.2
"""How much clearer than in others a text has to be in a rare encoding."""

_SEVERAL_BYTES = frozenset({"cp932", "gb18030", "big5", "cp949", "euc_jp"})
# fmt: on

# The letters beside a to z, by language; the first languages win where several fit.
_LETTERS = (
    *("äöüßé", "éèêàçîôûùëïœâæ", "áéíóúñü", "àèéìòù", "ãõáéíóúâêôàç", "äåöé", "åæøéö", "éëïöüáóè"),
    *("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž"),
    *("çğıöşüâîû", "ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž", "áðéíóúýþæö"),
)
_LONGEST_SAMPLE = 6_000
_MOST_LINES = 400
_LATIN_SAMPLE = 2_000
_LEAST_FIT = 0.6

_OTHER_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_OTHER_RUN = re.compile(rb"[\x80-\xff]+")
_LATIN_WORD = re.compile(rb"[A-Za-z][\x80-\xff]{1,2}|(?<![\x80-\xff])[\x80-\xff]{1,2}[A-Za-z]")
_SIGN = re.compile(
    r"[\u2018-\u201e]|(?<!\w)[\u2013\u2014\u2026\u20ac\xa0\xa3\xa7\xab\xb0\xbb](?!\w)"
)
_ASCII = bytes(range(128))
_PART = 256 * 1024


def likely_encodings(content: bytes) -> tuple[str, ...]:
    """Those in which the text can be, the likeliest first."""
    sample = b"\n".join(islice((match[0] for match in _OTHER_LINE.finditer(content)), _MOST_LINES))
    if len(sample) > _LONGEST_SAMPLE:
        sample = sample[: sample.rfind(b"\n", 0, _LONGEST_SAMPLE) + 1] or sample[:_LONGEST_SAMPLE]
    latin, others = _ranked_latin(sample), _ranked_others(sample)
    ranked = (*latin, *others) if _is_latin(sample, latin[0]) else (*others, *latin)
    strange = _strange_bytes(content)
    return tuple(name for name in ranked if _can_be(name, strange, sample)) or ("latin_1",)


def _is_latin(sample: bytes, best: str) -> bool:
    """Whether most of the other letters are alone or in pairs beside letters from a to z, and the
    best encoding makes words of them."""
    runs = len(_OTHER_RUN.findall(sample))
    return 2 * len(_LATIN_WORD.findall(sample)) >= runs and _fit(sample, best) > _LEAST_FIT


def _ranked_latin(sample: bytes) -> list[str]:
    return sorted(_LATIN, key=lambda name: -_fit(sample, name))


def _fit(sample: bytes, name: str) -> float:
    """The share of characters that are letters of the best language, or signs where signs are;
    less what no word looks like."""
    text = sample[:_LATIN_SAMPLE].decode(name, "replace")
    others = [letter for letter in text if letter > "\x7f"]
    letters = "".join(others).lower()
    best = max(sum(letter in language for letter in letters) for language in _LETTERS)
    signs = len(_SIGN.findall(text))
    strange = sum(not letter.isalpha() for letter in others) - signs
    capitals = sum(one.islower() and two.isupper() for one, two in pairwise(text))
    return (best + signs - strange - capitals) / (len(others) or 1)


def _ranked_others(sample: bytes) -> Iterator[str]:
    from charset_normalizer import from_bytes  # only for text that isn't Unicode

    found = sorted(
        from_bytes(sample, cp_isolation=list(_OTHER_SCRIPTS)),
        key=lambda match: match.chaos - match.coherence + _RARITY * (match.encoding in _RARE),
    )
    names = [name for match in found for name in (match.encoding, *match.could_be_from_charset)]
    return iter(dict.fromkeys((*names, *_OTHER_SCRIPTS)))


def _strange_bytes(content: bytes) -> bytes:
    """Each byte that isn't ASCII, once."""
    found: set[int] = set()
    for start in range(0, len(content), _PART):
        found.update(content[start : start + _PART].translate(None, _ASCII))
    return bytes(sorted(found))


def _can_be(name: str, strange: bytes, sample: bytes) -> bool:
    """For an encoding with several bytes a character, only the sample is looked at."""
    try:
        (sample if name in _SEVERAL_BYTES else strange).decode(name)
    except UnicodeError:
        return False
    return True
