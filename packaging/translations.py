"""Makes the template of all texts, and pseudo-translations.

``packaging/translations.py`` writes resources/locale/seam-portal-desktop.pot. With ``pseudo
FILE.mo`` it writes a catalog in which each text is longer and has accents and brackets, with
``pseudo-rtl FILE.mo`` one that is written from right to left. The program shows it if
SEAM_PORTAL_DESKTOP_CATALOG is the path of that file.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "seam_portal_desktop"
TEMPLATE = ROOT / "resources" / "locale" / "seam-portal-desktop.pot"
PRESETS = ROOT / "resources" / "presets"
COMMENT = "For translators:"

OPEN, CLOSE = "⟦", "⟧"
"""The marks around each text of a pseudo-translation. A text without them isn't translated."""

_DIRECTION = "LTR"
# Lines of the template's header that would change without a change of the texts.
_CHANGING = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', "# Copyright")
_LONGER = 0.4
_ACCENTS = str.maketrans(
    "abcdefghijklnoprstuwyzABCDEFGHIJKLNOPRSTUWYZ", "àƀçđéƒğĥíĵķłñöþřšťûŵýžÀƁÇĐÉƑĞĤÍĴĶŁÑÖÞŘŠŤÛŴÝŽ"
)
# Placeholders, escaped braces, mnemonics, tags, patterns of file names, and words that are one
# with a sign: dashes of arguments, addresses.
_KEPT = re.compile(r"\{[^{}]*\}|\{\{|\}\}|&\w|<[^<>]+>|\(\*[^()]*\)|--\w[\w-]*|https?://\S*")
_WORD = re.compile(r"[^\W\d_]+")
_RTL_WORD = "\u200f\u202e{}\u202c\u200f"


def extract() -> Catalog:
    """All texts of the program and its presets, without line numbers, which change often."""
    catalog = Catalog(project="Seam Portal Desktop", charset="utf-8", fuzzy=False)
    for name, _line, texts, comments, _context in extract_from_dir(
        PACKAGE,
        method_map=[("sandbox/**", "ignore"), ("**.py", "python")],
        keywords={"_": None, "ngettext": (1, 2)},
        comment_tags=[COMMENT],
        strip_comment_tags=True,
    ):
        place = f"{PACKAGE.name}/{Path(name).as_posix()}"
        catalog.add(texts, None, [(place, 0)], auto_comments=comments)
    for path in sorted(PRESETS.glob("*.json")):
        name = json.loads(path.read_text("utf-8"))["name"]
        catalog.add(name, None, [(path.relative_to(ROOT).as_posix(), 0)])
    return catalog


def template() -> str:
    """The content of the template."""
    content = io.BytesIO()
    write_po(content, extract(), include_lineno=False, sort_by_file=True, width=100)
    lines = content.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_CHANGING))


def pseudo(*, right_to_left: bool = False) -> bytes:
    """A compiled catalog of pseudo-translations."""
    catalog = Catalog(locale="en", charset="utf-8", fuzzy=False)
    translate = _mirrored if right_to_left else _lengthened
    for message in extract():
        if message.id == _DIRECTION:
            catalog.add(message.id, "RTL" if right_to_left else _DIRECTION)
        elif message.id:
            catalog.add(message.id, _translated(message, translate))
    content = io.BytesIO()
    write_mo(content, catalog)
    return content.getvalue()


def _translated(message: Message, translate: Callable[[str], str]) -> str | tuple[str, ...]:
    if isinstance(message.id, (tuple, list)):
        return tuple(map(translate, message.id))
    return translate(message.id)


def _lengthened(text: str) -> str:
    letters = sum(letter.isalpha() for letter in _KEPT.sub("", text))
    more = "·" * round(letters * _LONGER)
    return f"{OPEN}{_changed(text, lambda part: part.translate(_ACCENTS))}{more}{CLOSE}"


def _mirrored(text: str) -> str:
    def turn(part: str) -> str:
        return _WORD.sub(lambda word: _RTL_WORD.format(word[0]), part)

    return f"{OPEN}{_changed(text, turn)}{CLOSE}"


def _changed(text: str, change: Callable[[str], str]) -> str:
    """The text with everything changed but what `_KEPT` matches."""
    parts, at = [], 0
    for kept in _KEPT.finditer(text):
        parts += [change(text[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*parts, change(text[at:])])


def main() -> int:
    match sys.argv[1:]:
        case []:
            TEMPLATE.parent.mkdir(exist_ok=True)
            TEMPLATE.write_text(template(), "utf-8")
        case ["pseudo" | "pseudo-rtl" as kind, file]:
            Path(file).write_bytes(pseudo(right_to_left=kind == "pseudo-rtl"))
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
