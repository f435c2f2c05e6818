"""A part of a form that unfolds: a header with a summary, and the content."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seam_portal_desktop.ui.toolkit.access.expandable import set_expanded
from seam_portal_desktop.ui.toolkit.form_parts import embolden, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind


class Fold(QFrame):
    """Folded at first. With an `icon` it is a card, without one a plain line.

    The content is added to the ``column``. The ``header`` shows a summary beside the title.
    `unfolded` carries whether the content is shown now.
    """

    unfolded = Signal(bool)

    def __init__(
        self, title: str, icons: Icons, *, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = title
        self._is_card = bool(icon)
        self.header = _Header(title, icons, icon, self)
        self.header.setObjectName(f"fold{title}")
        self.header.toggled.connect(self._on_toggled)
        self.content = QWidget(self)
        self.content.hide()
        self.column = QVBoxLayout(self.content)
        self.column.setSpacing(Spacing.M)
        outer = QVBoxLayout(self)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        outer.addWidget(self.content)
        if self._is_card:
            set_kind(self, "card")
            outer.setContentsMargins(1, 1, 1, 1)
            self.column.setContentsMargins(Spacing.L, Spacing.XS, Spacing.L, Spacing.L)
        else:
            outer.setContentsMargins(0, 0, 0, 0)
            self.column.setContentsMargins(Spacing.XL, Spacing.XS, 0, Spacing.S)

    def unfold(self) -> None:
        self.header.setChecked(True)

    def _on_toggled(self, unfolded: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.content.setVisible(unfolded)
        self.unfolded.emit(unfolded)


class _Header(QPushButton):
    """The whole line is the button."""

    def __init__(self, title: str, icons: Icons, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = title
        self._icons = icons
        set_kind(self, "fold")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._chevron = IconView(parent=self)
        heading = plain_label(title, parent=self)
        if icon:
            embolden(heading)
        self.summary = ElidedLabel(self, mode=Qt.TextElideMode.ElideRight)
        set_kind(self.summary, "muted")
        self._mark = IconView(parent=self)
        self._mark.hide()
        self._tone: Tone | None = None
        self._row = row = QHBoxLayout(self)
        margin = Spacing.M if icon else Spacing.XS
        row.setContentsMargins(margin, Spacing.S, margin, Spacing.S)
        row.setSpacing(Spacing.S)
        row.addWidget(self._chevron)
        if icon:
            row.addWidget(IconView(icons.icon(icon, Tone.NEUTRAL), self))
        row.addWidget(heading)
        row.addSpacing(Spacing.S)
        row.addWidget(self._mark)
        row.addWidget(self.summary, 1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.toggled.connect(self._update)
        self._update()

    def set_summary(self, text: str, tone: Tone | None = None) -> None:
        """Set the text beside the title; a `tone` adds an icon in that tone."""
        self.summary.set_full_text(text)
        if tone != self._tone:
            self._tone = tone
            self._mark.setVisible(tone is not None)
            if tone is not None:
                self._mark.set_icon(self._icons.icon("circle-x", tone))
            set_kind(self.summary, "muted" if tone is None else "tone", tone)
        self._update()

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._row.minimumSize()

    def _update(self) -> None:
        name = "chevron-down" if self.isChecked() else "chevron-right"
        self._chevron.set_icon(self._icons.icon(name, Tone.NEUTRAL))
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self.summary.full_text())
        set_expanded(self, self.isChecked())
