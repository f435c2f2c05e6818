"""Pictures and documents of the page that are attached to a portal, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from seam_portal_desktop.domain.preview.report import Attachment, AttachmentKind, PreviewMode
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconButton, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute, relative

_ICONS = {AttachmentKind.PNG: "image", AttachmentKind.PDF: "file-text"}
_KINDS = {AttachmentKind.PNG: "Screenshot", AttachmentKind.PDF: "PDF"}
_MODES = {PreviewMode.SAFE: "safe preview", PreviewMode.LIVE: "live link"}


class AttachmentList(QWidget):
    """The oldest first. Both signals carry an evidence_id."""

    save_requested = Signal(str)
    remove_requested = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._items: tuple[Attachment, ...] = ()
        self._whens: list[QLabel] = []
        self._rows = QGridLayout(self)
        self._rows.setContentsMargins(Spacing.XL, 0, 0, Spacing.S)
        self._rows.setHorizontalSpacing(Spacing.S)
        self._rows.setVerticalSpacing(Spacing.XS)
        self._rows.setColumnStretch(1, 1)

    def set_items(self, items: Sequence[Attachment], now: datetime) -> None:
        """Show `items` as seen from `now` (aware, UTC)."""
        shown = tuple(items)
        if shown != self._items:
            self._rebuild(shown)
        for label, item in zip(self._whens, shown, strict=True):
            label.setText(relative(item.at, now))

    def _rebuild(self, items: tuple[Attachment, ...]) -> None:
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
            attachment_id = item.attachment_id
            save = IconButton(self._icons.icon("download"), f"Save {name} as a file")
            save.clicked.connect(lambda *_, one=attachment_id: self.save_requested.emit(one))
            remove = IconButton(self._icons.icon("trash-2"), f"Remove {name}")
            remove.clicked.connect(lambda *_, one=attachment_id: self.remove_requested.emit(one))
            self._rows.addWidget(
                IconView(self._icons.icon(_ICONS[item.kind], Tone.NEUTRAL)), row, 0
            )
            self._rows.addWidget(text, row, 1)
            self._rows.addWidget(when, row, 2, Qt.AlignmentFlag.AlignRight)
            self._rows.addWidget(save, row, 3)
            self._rows.addWidget(remove, row, 4)
