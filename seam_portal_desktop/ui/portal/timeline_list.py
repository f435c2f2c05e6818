"""What happened to a portal, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from seam_portal_desktop.domain.portal.event import TimelineEntry
from seam_portal_desktop.ui.portal.wording import TIMELINE_ICONS, when_and_who
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute

_MOST_ENTRIES = 40


class TimelineList(QWidget):
    """The newest entries last; of a long story the beginning is left to the export."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._entries: tuple[TimelineEntry, ...] = ()
        self._whens: list[QLabel] = []
        self._earlier = plain_label()
        set_kind(self._earlier, "muted")
        self._rows = QGridLayout(self)
        self._rows.setContentsMargins(Spacing.XL, 0, 0, Spacing.S)
        self._rows.setHorizontalSpacing(Spacing.S)
        self._rows.setVerticalSpacing(Spacing.XS)
        self._rows.setColumnStretch(1, 1)

    def set_entries(self, entries: Sequence[TimelineEntry], now: datetime) -> None:
        """Show `entries`, oldest first, as seen from `now` (aware, UTC)."""
        shown = tuple(entries[-_MOST_ENTRIES:])
        if shown != self._entries:
            self._rebuild(shown, len(entries) - len(shown))
        for label, entry in zip(self._whens, shown, strict=True):
            label.setText(when_and_who(entry, now))

    def _rebuild(self, entries: tuple[TimelineEntry, ...], left_out: int) -> None:
        self._entries = entries
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self._earlier:
                widget.deleteLater()
        self._whens = []
        self._earlier.setVisible(left_out > 0)
        if left_out > 0:
            number = QLocale().toString(left_out)
            self._earlier.setText(f"{number} earlier; Export has all of them")
            self._rows.addWidget(self._earlier, 0, 1, 1, 2)
        for row, entry in enumerate(entries, start=1):
            text = ElidedLabel(mode=Qt.TextElideMode.ElideRight, selectable=True)
            text.set_full_text(entry.text, hover=absolute(entry.at))
            when = plain_label()
            when.setToolTip(absolute(entry.at))
            set_kind(when, "muted")
            self._whens.append(when)
            icon = self._icons.icon(TIMELINE_ICONS[entry.kind], Tone.NEUTRAL)
            self._rows.addWidget(IconView(icon), row, 0)
            self._rows.addWidget(text, row, 1)
            self._rows.addWidget(when, row, 2, Qt.AlignmentFlag.AlignRight)
