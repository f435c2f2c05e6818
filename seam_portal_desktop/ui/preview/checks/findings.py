"""Findings as a list: an icon, the check's name, its result in a word, and its sentence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.preview.kinds import CheckLevel
from seam_portal_desktop.domain.preview.report import Finding
from seam_portal_desktop.ui.portals.status_style import LEVEL_STYLE
from seam_portal_desktop.ui.preview.checks.wording import CHECK_TITLES
from seam_portal_desktop.ui.toolkit.form_parts import embolden, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind

_TOP = Qt.AlignmentFlag.AlignTop
_WIDE_CHARACTERS = 76
_LEAST_CHARACTERS = 20


class FindingsList(QWidget):
    """One line for each finding. Where there is little width, the sentence is below its check."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._rows: list[_Row] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(Spacing.M, 0, Spacing.M, Spacing.S)
        self._layout.setSpacing(Spacing.XS)
        self._layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_findings(self, findings: Sequence[Finding]) -> None:
        for old in self._rows:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows = [_Row(self._icons, finding) for finding in findings]
        for index, row in enumerate(self._rows):
            self._layout.insertWidget(index, row)
        self._update_layout()

    def minimumSizeHint(self) -> QSize:
        # The list must be able to become narrower than its present layout.
        least = _LEAST_CHARACTERS * self.fontMetrics().averageCharWidth()
        return QSize(least, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_layout()

    def _update_layout(self) -> None:
        wide = self.width() >= _WIDE_CHARACTERS * self.fontMetrics().averageCharWidth()
        bold = QFont(self.font())
        bold.setBold(True)
        title = _max_width(QFontMetrics(bold), [row.title for row in self._rows])
        word = _max_width(self.fontMetrics(), [row.word for row in self._rows])
        for row in self._rows:
            row.set_columns(title if wide else 0, word if wide else 0, wide=wide)


def _max_width(metrics: QFontMetrics, texts: list[str]) -> int:
    return max(map(metrics.horizontalAdvance, texts), default=0)


class _Row(QWidget):
    def __init__(self, icons: Icons, finding: Finding) -> None:
        super().__init__()
        style = LEVEL_STYLE[finding.level]
        quiet = finding.level in (CheckLevel.OK, CheckLevel.UNKNOWN)
        self.title = CHECK_TITLES[finding.check]
        self.word = style.word
        title = plain_label(self.title)
        word = plain_label(self.word)
        set_kind(word, "tone", style.tone)
        sentence = plain_label(finding.sentence, wrap=True)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if quiet:
            set_kind(sentence, "muted")
        else:
            embolden(title)
        name = f"{self.title}, {style.word.lower()}: {finding.sentence}"
        self.setAccessibleName(name)
        sentence.setAccessibleName(name)
        heads = QWidget()
        # A grid's columns can become narrow again. A label's minimum width stays in its size hint.
        self._head = QGridLayout(heads)
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.setHorizontalSpacing(Spacing.S)
        self._head.addWidget(title, 0, 0)
        self._head.addWidget(word, 0, 1)
        self._head.setColumnStretch(2, 1)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(Spacing.S)
        self._body.addWidget(heads, 0, _TOP)
        self._body.addWidget(sentence, 1, _TOP)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.S)
        row.addWidget(IconView(icons.icon(style.icon, style.tone)), 0, _TOP)
        row.addLayout(self._body, 1)

    def set_columns(self, title: int, word: int, *, wide: bool) -> None:
        """Set the widths of the columns. The sentence is beside them if `wide`, else below."""
        direction = QBoxLayout.Direction
        self._body.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._body.setSpacing(Spacing.S if wide else 0)
        self._head.setColumnMinimumWidth(0, title)
        self._head.setColumnMinimumWidth(1, word)
