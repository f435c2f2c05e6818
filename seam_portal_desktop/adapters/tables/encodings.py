"""Text from bytes: by byte order mark, as UTF-8, else by what the text looks like."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from seam_portal_desktop.domain.tables.sheet import TableRefusedError
from seam_portal_desktop.texts import _

_MARKS = (
    # UTF-32 first: its mark begins with UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# fmt: off
_TRADE = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "mac_roman", "mac_latin2", "mac_cyrillic", "mac_greek", "mac_turkish", "koi8_r", "koi8_u",
    "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_8", "iso8859_9", "iso8859_15",
    "cp850", "cp852", "cp866", "cp437", "cp874",
    "cp932", "gb18030", "big5", "cp949", "euc_jp", "iso2022_jp",
)
# fmt: on
_OTHER_LETTERS = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_STRAY = re.compile(r"[\udc80-\udcff]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SAMPLE = 6_000
_LEAST_ZEROS = 0.03
_UTF16_SAMPLE = 4_096
_PART = 256 * 1024


@dataclass(frozen=True, slots=True)
class DecodedText:
    """See TableFile for the fields."""

    text: str
    encoding: str
    encodings: tuple[str, ...]
    is_guessed: bool = False


def decode(content: bytes, encoding: str | None = None) -> DecodedText:
    """Raises TableRefusedError, which names the line where there is one."""
    proven = _proven_encoding(content)
    if encoding is not None and proven is None:
        encodings = tuple(dict.fromkeys((encoding, *_likely_encodings(content))))
        return DecodedText(_decoded(content, encoding), encoding, encodings, is_guessed=True)
    if proven is not None:
        return DecodedText(_decoded(content, proven), proven, (proven,))
    _refuse_stray_bytes(content)
    encodings = _likely_encodings(content)
    return DecodedText(_decoded(content, encodings[0]), encodings[0], encodings, is_guessed=True)


def _proven_encoding(content: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    sample = content[:_UTF16_SAMPLE]
    if b"\0" in sample and not len(content) % 2:
        # In UTF-16, half of the bytes of separators, digits and Latin letters are zeros.
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if max(even, odd) > max(_LEAST_ZEROS * len(sample) / 2, 10 * min(even, odd)):
            return "utf-16-le" if odd > even else "utf-16-be"
    try:
        for _text in _decoded_parts(content, "utf-8"):
            pass
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _decoded_parts(content: bytes, encoding: str, errors: str = "strict") -> Iterator[str]:
    """In parts, so that other threads run meanwhile. Raises UnicodeError."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    view = memoryview(content)
    for start in range(0, len(content), _PART):
        yield decoder.decode(view[start : start + _PART])
    yield decoder.decode(b"", final=True)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return "".join(_decoded_parts(content, encoding))
    except (UnicodeError, LookupError):
        raise TableRefusedError(
            _("The file isn't text in the encoding {encoding}.").format(encoding=encoding),
            _("Choose another encoding, or save the table as UTF-8 or as an Excel workbook."),
        ) from None


def _refuse_stray_bytes(content: bytes) -> None:
    """Raise TableRefusedError if the text is UTF-8 but for a few bytes: it is damaged. Any other
    encoding would turn each of its special letters into two signs."""
    line, first = 1, 0
    strange = special = 0
    for part in _decoded_parts(content, "utf-8", "surrogateescape"):
        letters = _NOT_ASCII.findall(part)
        bad = sum(1 for letter in letters if _STRAY.match(letter))
        if bad and not first:
            first = line + len(_LINE_END.findall(part, 0, _position(part)))
        strange += bad
        special += len(letters) - bad
        line += len(_LINE_END.findall(part))
    if special >= strange:
        raise TableRefusedError(
            _("Line {line} can't be read.").format(line=f"{first:,}"),
            _(
                "It holds a byte that isn't UTF-8, as the rest of the file is. The file may be "
                "damaged. Save it again as UTF-8 or as an Excel workbook. Nothing was imported."
            ),
        )


def _position(part: str) -> int:
    match = _STRAY.search(part)
    return match.start() if match is not None else 0


def _likely_encodings(content: bytes) -> tuple[str, ...]:
    """Those in which the text can be, the likeliest first."""
    from charset_normalizer import from_bytes  # only for text that isn't Unicode

    sample = b"\n".join(islice((each[0] for each in _OTHER_LETTERS.finditer(content)), 500))
    sample = sample[:_SAMPLE]
    found = from_bytes(sample, cp_isolation=list(_TRADE), preemptive_behaviour=False)
    likely = [name for match in found for name in (match.encoding, *match.could_be_from_charset)]
    possible = [name for name in (*likely, *_TRADE) if _is_possible(content, name)]
    return tuple(dict.fromkeys(possible)) or ("latin_1",)


def _is_possible(content: bytes, encoding: str) -> bool:
    try:
        for _text in _decoded_parts(content, encoding):
            pass
    except UnicodeError:
        return False
    return True
