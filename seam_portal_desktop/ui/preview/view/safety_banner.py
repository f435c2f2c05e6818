"""The banner that shows which link the preview opened: a read-only copy, or the customer's own."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_WORDS = {
    PreviewMode.SAFE: (
        "shield-check",
        Tone.SUCCESS,
        (_("Safe preview"), _("Safe")),
        _("A read-only copy of this portal. It ends when the preview closes."),
        (_("Preview the live link…"), _("Go live…")),
    ),
    PreviewMode.LIVE: (
        "triangle-alert",
        Tone.WARNING,
        (_("Live link"), _("Live")),
        _("Clicks on this page act on the customer’s real devices."),
        (_("Back to safe preview"), _("Back to safe")),
    ),
}

_FEWEST = 12
"""In characters. The sentence is hidden if there is room for fewer."""


class SafetyBanner(QWidget):
    """Shows the mode as an icon, a word and a sentence, and offers the other mode."""

    live_requested = Signal()
    safe_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._mode = PreviewMode.LIVE
        self._live_refusal = ""
        self._live_allowed = True
        self._icon = IconView()
        self._mode_label = QLabel()
        self._caption = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._sentence = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        set_kind(self._sentence, "muted")
        self._sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words = ("", "")
        self._explanation = ""
        self._offers = ("", "")
        self._other_mode = QPushButton()
        set_kind(self._other_mode, "link")
        self._other_mode.clicked.connect(self._request_other_mode)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, 0, Spacing.S, Spacing.XS)
        row.setSpacing(Spacing.S)
        row.addWidget(self._icon)
        row.addWidget(self._mode_label)
        row.addWidget(self._caption)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._other_mode)
        theme.changed.connect(self.update)
        self.set_caption("")
        self.set_mode(None)

    def set_mode(self, mode: PreviewMode | None) -> None:
        """Show the mode. None hides the banner, because there is no page."""
        self.setVisible(mode is not None)
        if mode is None:
            return
        self._mode = mode
        icon, tone, self._words, sentence, self._offers = _WORDS[mode]
        self._explanation = sentence
        self._icon.set_icon(self._icons.icon(icon, tone))
        set_kind(self._mode_label, "tone", tone)
        self.setToolTip(sentence)
        self.setAccessibleName(f"{self._words[0]}. {sentence}")
        self._update_offer()
        self._update_layout()
        self.update()

    def set_caption(self, text: str) -> None:
        """Set how this page differs from the one beside it; empty when there is none."""
        self._caption.set_full_text(f"· {text}" if text else "")
        self._caption.setVisible(bool(text))
        self._update_layout()

    def set_live_allowed(self, *, allowed: bool, reason: str = "") -> None:
        """Whether the live link may be previewed; `reason` says why not."""
        self._live_allowed = allowed
        self._live_refusal = reason
        self._update_offer()

    def minimumSizeHint(self) -> QSize:
        # The sentence may be hidden.
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_layout()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        if self._mode is PreviewMode.LIVE:
            painter.fillRect(self.rect(), self._theme.tint(Tone.WARNING))
        painter.setPen(self._theme.border())
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()

    def _update_layout(self) -> None:
        """Use the longest words that fit. Beside another page there is little room."""
        self._other_mode.setAccessibleName(self._offers[0])
        for word, offer in ((0, 0), (0, 1), (1, 1)):
            self._mode_label.setText(self._words[word])
            self._other_mode.setText(self._offers[offer])
            if self._needed_width() <= self.width():
                break
        room = self.width() - self._needed_width()
        readable = room >= _FEWEST * self.fontMetrics().averageCharWidth()
        self._sentence.set_full_text(self._explanation if readable else "")

    def _needed_width(self) -> int:
        """The width of what must be readable: all but the sentence."""
        parts = (self._icon, self._mode_label, self._caption, self._other_mode)
        shown = [part.sizeHint().width() for part in parts if not part.isHidden()]
        return sum(shown) + (len(shown) + 1) * Spacing.S + Spacing.M

    def _update_offer(self) -> None:
        refused = self._mode is PreviewMode.SAFE and not self._live_allowed
        self._other_mode.setEnabled(not refused)
        self._other_mode.setToolTip(self._live_refusal if refused else "")
        self._other_mode.setAccessibleDescription(self._live_refusal if refused else "")

    def _request_other_mode(self) -> None:
        safe = self._mode is PreviewMode.SAFE
        (self.live_requested if safe else self.safe_requested).emit()
