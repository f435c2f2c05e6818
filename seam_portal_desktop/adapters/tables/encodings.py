"""Text from bytes: by byte order mark, as UTF-8, else by what the text looks like."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from seam_portal_desktop.adapters.tables.encoding_guess import likely_encodings
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
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_STRAY = re.compile(r"[\udc80-\udcff]")
_LINE_END = re.compile(r"\r\n|\r|\n")
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
    if proven is not None:
        return DecodedText(_decoded(content, proven), proven, (proven,))
    likely = likely_encodings(content)
    if encoding is not None:
        encodings = tuple(dict.fromkeys((encoding, *likely)))
        return DecodedText(_decoded(content, encoding), encoding, encodings, is_guessed=True)
    _refuse_stray_bytes(content)
    for name in likely[:-1]:
        # An encoding with several bytes a character may fit the first lines only.
        with contextlib.suppress(TableRefusedError):
            return DecodedText(_decoded(content, name), name, likely, is_guessed=True)
    return DecodedText(_decoded(content, likely[-1]), likely[-1], likely, is_guessed=True)


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
