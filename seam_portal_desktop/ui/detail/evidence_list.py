"""Pictures and documents of the page that are attached to a portal, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from seam_portal_desktop.domain.preview import Evidence, EvidenceKind, PreviewMode
from seam_portal_desktop.ui.form_parts import plain_label
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.labels import ElidedLabel, IconButton, IconView
from seam_portal_desktop.ui.theme import Space, Tone, set_kind
from seam_portal_desktop.ui.times import absolute, relative

_ICONS = {EvidenceKind.PNG: "image", EvidenceKind.PDF: "file-text"}
_KINDS = {EvidenceKind.PNG: "Screenshot", EvidenceKind.PDF: "PDF"}
_MODES = {PreviewMode.SAFE: "safe preview", PreviewMode.LIVE: "live link"}


class EvidenceList(QWidget):
    """The oldest first. Both signals carry an evidence_id."""

    save_requested = Signal(str)
    remove_requested = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._items: tuple[Evidence, ...] = ()
        self._whens: list[QLabel] = []
        self._rows = QGridLayout(self)
        self._rows.setContentsMargins(Space.XL, 0, 0, Space.S)
        self._rows.setHorizontalSpacing(Space.S)
        self._rows.setVerticalSpacing(Space.XS)
        self._rows.setColumnStretch(1, 1)

    def set_items(self, items: Sequence[Evidence], now: datetime) -> None:
        """Show `items` as seen from `now` (aware, UTC)."""
        shown = tuple(items)
        if shown != self._items:
            self._rebuild(shown)
        for label, item in zip(self._whens, shown, strict=True):
            label.setText(relative(item.at, now))

    def _rebuild(self, items: tuple[Evidence, ...]) -> None:
        self._items = items
        while (entry := self._rows.takeAt(0)) is not None:
            if (widget := entry.widget()) is not None:
                widget.deleteLater()
        self._whens = []
        for row, item in enumerate(items):
            size = QLocale().formattedDataSize(item.size, 0)
            name = f"{_KINDS[item.kind]} · {item.title}"
            text = ElidedLabel(mode=Qt.TextElideMode.ElideRight, selectable=True)
            text.set_full_text(name, hover=f"{absolute(item.at)}, {_MODES[item.mode]}, {size}")
            when = plain_label()
            when.setToolTip(absolute(item.at))
            set_kind(when, "muted")
            self._whens.append(when)
            evidence_id = item.evidence_id
            save = IconButton(self._icons.icon("download"), f"Save {name} as a file")
            save.clicked.connect(lambda *_, one=evidence_id: self.save_requested.emit(one))
            remove = IconButton(self._icons.icon("trash-2"), f"Remove {name}")
            remove.clicked.connect(lambda *_, one=evidence_id: self.remove_requested.emit(one))
            self._rows.addWidget(
                IconView(self._icons.icon(_ICONS[item.kind], Tone.NEUTRAL)), row, 0
            )
            self._rows.addWidget(text, row, 1)
            self._rows.addWidget(when, row, 2, Qt.AlignmentFlag.AlignRight)
            self._rows.addWidget(save, row, 3)
            self._rows.addWidget(remove, row, 4)
