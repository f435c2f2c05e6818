"""The lists of a portal's timeline and of its attachments, with one line for each entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from seam_portal_desktop.domain.portal.event import TimelineEntry
from seam_portal_desktop.domain.preview.kinds import AttachmentKind
from seam_portal_desktop.domain.preview.report import Attachment
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.wording import MODE_WORDS, TIMELINE_ICONS, when_and_who
from seam_portal_desktop.ui.toolkit.form_parts import muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconButton, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone
from seam_portal_desktop.ui.toolkit.times import absolute, relative

_MOST_ENTRIES = 40
_ICONS = {AttachmentKind.PNG: "image", AttachmentKind.PDF: "file-text"}
_KINDS = {AttachmentKind.PNG: _("Screenshot"), AttachmentKind.PDF: "PDF"}


class _EntryList(QWidget):
    """Rows of an icon, a text and a time."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._shown: tuple[object, ...] = ()
        self._times: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Spacing.XL, 0, 0, Spacing.S)
        self._grid.setHorizontalSpacing(Spacing.S)
        self._grid.setVerticalSpacing(Spacing.XS)
        self._grid.setColumnStretch(1, 1)

    def clear(self) -> None:
        """Show no rows."""
        self._shown = ()
        self._times = []
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _add_row(self, row: int, icon: str, text: str, hover: str, moment: datetime) -> None:
        label = ElidedLabel(mode=Qt.TextElideMode.ElideRight, selectable=True)
        label.set_full_text(text, hover=hover)
        time = muted_label()
        time.setToolTip(absolute(moment))
        self._times.append(time)
        self._grid.addWidget(IconView(self._icons.icon(icon, Tone.NEUTRAL)), row, 0)
        self._grid.addWidget(label, row, 1)
        self._grid.addWidget(time, row, 2, Qt.AlignmentFlag.AlignRight)


class TimelineList(_EntryList):
    """The newest entries, the last one at the end. The export has the entries before them."""

    def set_entries(self, entries: Sequence[TimelineEntry], now: datetime) -> None:
        """Show `entries`, oldest first, with times relative to `now` (aware, UTC)."""
        shown = tuple(entries[-_MOST_ENTRIES:])
        if shown != self._shown:
            self._rebuild(shown, len(entries) - len(shown))
        for label, entry in zip(self._times, shown, strict=True):
            label.setText(when_and_who(entry, now))

    def _rebuild(self, entries: tuple[TimelineEntry, ...], left_out: int) -> None:
        self.clear()
        self._shown = entries
        if left_out > 0:
            number = QLocale().toString(left_out)
            earlier = muted_label(
                _("{number} earlier; Export has all of them").format(number=number)
            )
            self._grid.addWidget(earlier, 0, 1, 1, 2)
        for row, entry in enumerate(entries, start=1):
            icon = TIMELINE_ICONS[entry.kind]
            self._add_row(row, icon, entry.text, absolute(entry.at), entry.at)


class AttachmentList(_EntryList):
    """Screenshots and PDFs of the page, the oldest first. Both signals carry an attachment_id."""

    save_requested = Signal(str)
    remove_requested = Signal(str)

    def set_attachments(self, attachments: Sequence[Attachment], now: datetime) -> None:
        """Show `attachments` with times relative to `now` (aware, UTC)."""
        shown = tuple(attachments)
        if shown != self._shown:
            self._rebuild(shown)
        for label, attachment in zip(self._times, shown, strict=True):
            label.setText(relative(attachment.at, now))

    def _rebuild(self, attachments: tuple[Attachment, ...]) -> None:
        self.clear()
        self._shown = attachments
        for row, attachment in enumerate(attachments):
            size = QLocale().formattedDataSize(attachment.size, 0)
            name = f"{_KINDS[attachment.kind]} · {attachment.title}"
            hover = f"{absolute(attachment.at)}, {MODE_WORDS[attachment.mode]}, {size}"
            self._add_row(row, _ICONS[attachment.kind], name, hover, attachment.at)
            for column, icon, tooltip, signal in (
                (3, "download", _("Save {name} as a file").format(name=name), self.save_requested),
                (4, "trash-2", _("Remove {name}").format(name=name), self.remove_requested),
            ):
                button = IconButton(self._icons.icon(icon), tooltip)
                button.clicked.connect(
                    lambda *_, signal=signal, attachment_id=attachment.attachment_id: signal.emit(
                        attachment_id
                    )
                )
                self._grid.addWidget(button, row, column)
