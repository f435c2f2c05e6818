"""Choosing a customization profile: by name and colours, or by its id when none are listed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QLineEdit, QWidget

from seam_portal_desktop.ui.create.controls import Control, KeptText
from seam_portal_desktop.ui.create.settings import Setting
from seam_portal_desktop.ui.form_parts import CalmComboBox, shortened
from seam_portal_desktop.ui.theme import RADIUS, Theme

if TYPE_CHECKING:
    from seam_portal_desktop.domain.lookups import CustomizationProfile

_NAME_CHARACTERS = 48
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class ProfileControl(Control):
    """A combo box of the profiles that one can also type an id into."""

    def __init__(self, setting: Setting, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self._theme = theme
        self._kept = KeptText()
        self.box = CalmComboBox(self)
        self.box.setAccessibleName(setting.title)
        self.box.setInsertPolicy(CalmComboBox.InsertPolicy.NoInsert)
        self.box.addItem(setting.unset, None)
        self.edit = QLineEdit(self.box)
        self.box.setLineEdit(self.edit)
        self.edit.setPlaceholderText("Leave to the workspace, or type a profile’s id")
        self.box.editTextChanged.connect(self.changed)
        self.row.addWidget(self.box)

    @property
    def field(self) -> QWidget:
        return self.box

    def set_profiles(self, profiles: Sequence[CustomizationProfile]) -> None:
        """Offer `profiles`; what is chosen now stays chosen."""
        value = self.value()
        quiet = QSignalBlocker(self.box)
        while self.box.count() > 1:
            self.box.removeItem(1)
        side = self.fontMetrics().height()
        self.box.setIconSize(QSize(2 * side, side))
        for profile in profiles:
            name = shortened(profile.name or "", _NAME_CHARACTERS) or "Profile without a name"
            self.box.addItem(self._swatch(profile, side), name, profile.customization_profile_id)
            place = self.box.count() - 1
            tip = f"{profile.name or ''}\n{profile.customization_profile_id}".strip()
            self.box.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        quiet.unblock()
        self.set_value(value)

    def value(self) -> Any:  # noqa: ANN401
        text = self.edit.text()
        return self._kept.take(text, self._meaning(text))

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        place = self.box.findData(value) if value is not None else 0
        self.box.setCurrentIndex(place)
        if place < 0:
            self.box.setEditText(value)
        self._kept.give(value, self.edit.text())

    def mistake(self) -> str | None:
        """Why what was typed can't be a profile, or None."""
        value = self.value()
        if value is None or _UUID.fullmatch(value):
            return None
        return "A profile’s id looks like 33333333-2222-4333-8444-555555555555."

    def said(self) -> str:
        value = self.value()
        if value is None:
            return ""
        place = self.box.findData(value)
        return self.box.itemText(place) if place > 0 else shortened(value, 16)

    def _meaning(self, text: str) -> str | None:
        """The id that `text` stands for: a profile's name, or an id typed in full."""
        text = text.strip()
        if not text or text == self.setting.unset:
            return None
        # Names need not differ; the one that was picked last is the one that is meant.
        chosen = self.box.currentIndex()
        if chosen > 0 and self.box.itemText(chosen) == text:
            return str(self.box.itemData(chosen))
        place = self.box.findText(text, Qt.MatchFlag.MatchFixedString)
        return str(self.box.itemData(place)) if place > 0 else text

    def _swatch(self, profile: CustomizationProfile, side: int) -> QIcon:
        """The profile's two colours side by side; a colour that it doesn't have is left out."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(2 * side, side) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.edge())
        for place, name in enumerate((profile.primary_color, profile.secondary_color)):
            painter.setBrush(QColor.fromString(name) if name else Qt.GlobalColor.transparent)
            half = QRectF(place * side + 1, 1, side - 2, side - 2)
            painter.drawRoundedRect(half, RADIUS / 2, RADIUS / 2)
        painter.end()
        return QIcon(pixmap)
