"""Colours for JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from seam_portal_desktop.ui.toolkit.theme import Theme, Tone

_MAX_COLOURED_LINES = 4000
_MAX_COLOURED_CHARACTERS = 1000  # of a line: Qt lays a line out anew for each of its colours
_TOKENS = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*"(?=\s*:))'
    r'|(?P<text>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?[0-9][0-9.eE+-]*)"
    r"|(?P<word>true|false|null)"
    r"|(?P<mark>[\[\]{}:,])"
)
_TONES: Mapping[str, Tone] = {
    "name": Tone.ACCENT,
    "text": Tone.SUCCESS,
    "number": Tone.VIOLET,
    "word": Tone.WARNING,
    "mark": Tone.NEUTRAL,
}


class JsonHighlighter(QSyntaxHighlighter):
    """Colours each kind of token. A very long text stays plain, because it would take seconds."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._formats: dict[str, QTextCharFormat] = {}

    def apply_theme(self) -> None:
        for kind, tone in _TONES.items():
            char_format = QTextCharFormat()
            char_format.setForeground(self._theme.color(tone))
            self._formats[kind] = char_format
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        if (
            len(text) > _MAX_COLOURED_CHARACTERS
            or self.document().blockCount() > _MAX_COLOURED_LINES
        ):
            return
        # Qt's positions are in UTF-16; a stand-in of two characters keeps Python's the same.
        for found in _TOKENS.finditer(re.sub(r"[\U00010000-\U0010ffff]", "xx", text)):
            kind = found.lastgroup
            if kind is not None:
                self.setFormat(found.start(), found.end() - found.start(), self._formats[kind])
