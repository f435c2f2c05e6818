"""Choosing a customization profile: by name, logo and colours, or by its id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QLineEdit, QWidget

from seam_portal_desktop.ui.create.form.controls import Control, KeptText
from seam_portal_desktop.ui.create.form.profile_logo import logo_image
from seam_portal_desktop.ui.create.form.settings import Setting
from seam_portal_desktop.ui.toolkit.form_parts import CalmComboBox, shortened
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme

if TYPE_CHECKING:
    from seam_portal_desktop.domain.lookups import CustomizationProfile

_NAME_CHARACTERS = 48
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# The pictures depend on the scale, the text's height and the scheme.
_REDRAWN_AFTER = frozenset(
    {QEvent.Type.DevicePixelRatioChange, QEvent.Type.FontChange, QEvent.Type.PaletteChange}
)


class ProfileControl(Control):
    """A combo box of the profiles that one can also type an id into."""

    _profiles: Sequence[CustomizationProfile] = ()  # Qt's events come while __init__ runs

    def __init__(self, setting: Setting, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self._theme = theme
        self._kept = KeptText()
        self._logos: dict[str, bytes] = {}
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
        self._profiles = tuple(profiles)
        for profile in profiles:
            name = shortened(profile.name or "", _NAME_CHARACTERS) or "Profile without a name"
            self.box.addItem(name, profile.customization_profile_id)
            place = self.box.count() - 1
            tip = f"{profile.name or ''}\n{profile.customization_profile_id}".strip()
            self.box.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
            said = profile.name or f"{name}, {profile.customization_profile_id}"
            self.box.setItemData(place, said, Qt.ItemDataRole.AccessibleTextRole)
        self._draw_pictures()
        quiet.unblock()
        self.set_value(value)

    def set_logo(self, profile_id: str, data: bytes) -> None:
        """Show a logo beside the profile's colours. What is no picture changes nothing."""
        if logo_image(data, 1) is not None:
            first = not self._logos
            self._logos[profile_id] = data
            self._draw_pictures(None if first else profile_id)

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

    def event(self, event: QEvent) -> bool:
        if event.type() in _REDRAWN_AFTER and self._profiles:
            self._draw_pictures()
        return super().event(event)

    def _draw_pictures(self, only: str | None = None) -> None:
        """Draw the profiles' pictures, or those of the one profile whose picture has changed."""
        side = self.fontMetrics().height() + Spacing.XS
        before = side + Spacing.S if self._logos else 0
        text, cursor = self.edit.text(), self.edit.cursorPosition()
        with QSignalBlocker(self.box), QSignalBlocker(self.edit):
            self.box.setIconSize(QSize(before + 2 * side, side))
            for place, profile in enumerate(self._profiles, start=1):
                if only in (None, profile.customization_profile_id):
                    self.box.setItemIcon(place, self._picture(profile, side, before))
            # Qt writes the name of the row that was chosen last over what is being typed.
            if self.edit.text() != text:
                self.edit.setText(text)
                self.edit.setCursorPosition(cursor)

    def _picture(self, profile: CustomizationProfile, side: int, before: int) -> QIcon:
        """The logo, where there is room `before` the two colours; what is missing is left out."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(before + 2 * side, side) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        data = self._logos.get(profile.customization_profile_id)
        logo = logo_image(data, round(side * ratio)) if data is not None else None
        if logo is not None:
            logo.setDevicePixelRatio(ratio)
            fits = QRectF(0, 0, logo.width() / ratio, logo.height() / ratio)
            fits.moveCenter(QRectF(0, 0, side, side).center())
            painter.drawImage(fits.topLeft(), logo)
        painter.setPen(self._theme.edge())
        for place, name in enumerate((profile.primary_color, profile.secondary_color)):
            painter.setBrush(QColor.fromString(name) if name else Qt.GlobalColor.transparent)
            half = QRectF(before + place * side + 1, 1, side - 2, side - 2)
            painter.drawRoundedRect(half, RADIUS / 2, RADIUS / 2)
        painter.end()
        icon = QIcon(pixmap)
        icon.addPixmap(pixmap, QIcon.Mode.Selected)  # Qt would tint the colours of a chosen row
        return icon
