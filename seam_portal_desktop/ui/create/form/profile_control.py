"""The control for the customization profile: by name, logo and colours, or by its id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QEvent,
    QIODevice,
    QRectF,
    QSignalBlocker,
    QSize,
    QSizeF,
    Qt,
    QXmlStreamReader,
)
from PySide6.QtGui import QColor, QIcon, QImage, QImageReader, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLineEdit, QWidget

from seam_portal_desktop.domain.workspace import SEAM_ID
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.controls import Control, OriginalText
from seam_portal_desktop.ui.create.form.settings import Setting
from seam_portal_desktop.ui.toolkit.form_parts import CalmComboBox, shortened
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme

if TYPE_CHECKING:
    from seam_portal_desktop.domain.lookups import CustomizationProfile

_NAME_CHARACTERS = 48
_RASTER_FORMATS = frozenset({b"png", b"jpeg", b"webp"})
_MAX_SIDE = 2048  # pixels
_MAX_USES = 32

# The icons depend on the scale, the height of the text and the colour scheme.
_REDRAW_EVENTS = frozenset(
    {QEvent.Type.DevicePixelRatioChange, QEvent.Type.FontChange, QEvent.Type.PaletteChange}
)


class ProfileControl(Control):
    """A combo box of the profiles. An id can be typed into it as well."""

    _profiles: Sequence[CustomizationProfile] = ()  # Qt sends events while __init__ runs

    def __init__(self, setting: Setting, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self._theme = theme
        self._original = OriginalText()
        self._logos: dict[str, bytes] = {}
        self.box = CalmComboBox(self)
        self.box.setAccessibleName(setting.title)
        self.box.setInsertPolicy(CalmComboBox.InsertPolicy.NoInsert)
        self.box.addItem(setting.unset, None)
        self.edit = QLineEdit(self.box)
        self.box.setLineEdit(self.edit)
        self.edit.setAccessibleName(setting.title)
        self.edit.setPlaceholderText(_("Workspace default, or type a profile’s ID"))
        self.box.editTextChanged.connect(self.changed)
        self.row.addWidget(self.box)

    @property
    def field(self) -> QWidget:
        return self.box

    def set_profiles(self, profiles: Sequence[CustomizationProfile]) -> None:
        """Show `profiles` in the menu. The present value stays."""
        value = self.value()
        blocker = QSignalBlocker(self.box)
        while self.box.count() > 1:
            self.box.removeItem(1)
        self._profiles = tuple(profiles)
        for profile in profiles:
            name = shortened(profile.name or "", _NAME_CHARACTERS) or _("Profile without a name")
            self.box.addItem(name, profile.customization_profile_id)
            index = self.box.count() - 1
            tip = f"{profile.name or ''}\n{profile.customization_profile_id}".strip()
            self.box.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
            summary = profile.name or f"{name}, {profile.customization_profile_id}"
            self.box.setItemData(index, summary, Qt.ItemDataRole.AccessibleTextRole)
        self._draw_icons()
        blocker.unblock()
        self.set_value(value)

    def set_logo(self, profile_id: str, data: bytes) -> None:
        """Show a logo beside the profile's colours. Data that is no picture changes nothing."""
        if _logo_image(data, 1) is not None:
            first = not self._logos
            self._logos[profile_id] = data
            self._draw_icons(None if first else profile_id)

    def value(self) -> Any:  # noqa: ANN401
        text = self.edit.text()
        return self._original.value(text, self._id_of(text))

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        index = self.box.findData(value) if value is not None else 0
        self.box.setCurrentIndex(index)
        if index < 0:
            self.box.setEditText(value)
        self._original.set(value, self.edit.text())

    def problem(self) -> str | None:
        """Why the typed text can't be a profile's id, or None."""
        value = self.value()
        if value is None or SEAM_ID.fullmatch(value):
            return None
        return _("A profile’s ID looks like 33333333-2222-4333-8444-555555555555.")

    def summary(self) -> str:
        value = self.value()
        if value is None:
            return ""
        index = self.box.findData(value)
        return self.box.itemText(index) if index > 0 else shortened(value, 16)

    def _id_of(self, text: str) -> str | None:
        """The id for `text`, which is a profile's name or an id."""
        text = text.strip()
        if not text or text == self.setting.unset:
            return None
        # Several profiles may have the same name: the selected one counts.
        current = self.box.currentIndex()
        if current > 0 and self.box.itemText(current) == text:
            return str(self.box.itemData(current))
        index = self.box.findText(text, Qt.MatchFlag.MatchFixedString)
        return str(self.box.itemData(index)) if index > 0 else text

    def event(self, event: QEvent) -> bool:
        if event.type() in _REDRAW_EVENTS and self._profiles:
            self._draw_icons()
        return super().event(event)

    def _draw_icons(self, profile_id: str | None = None) -> None:
        """Draw the icons of all profiles, or of the one with `profile_id`."""
        side = self.fontMetrics().height() + Spacing.XS
        logo_width = side + Spacing.S if self._logos else 0
        text, cursor = self.edit.text(), self.edit.cursorPosition()
        with QSignalBlocker(self.box), QSignalBlocker(self.edit):
            self.box.setIconSize(QSize(logo_width + 2 * side, side))
            for index, profile in enumerate(self._profiles, start=1):
                if profile_id in (None, profile.customization_profile_id):
                    self.box.setItemIcon(index, self._icon(profile, side, logo_width))
            # Qt replaces the typed text by the name of the current row.
            if self.edit.text() != text:
                self.edit.setText(text)
                self.edit.setCursorPosition(cursor)

    def _icon(self, profile: CustomizationProfile, side: int, logo_width: int) -> QIcon:
        """The logo, `logo_width` pixels wide, and the two colours. Each of them may be missing."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(logo_width + 2 * side, side) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        data = self._logos.get(profile.customization_profile_id)
        logo = _logo_image(data, round(side * ratio)) if data is not None else None
        if logo is not None:
            logo.setDevicePixelRatio(ratio)
            fits = QRectF(0, 0, logo.width() / ratio, logo.height() / ratio)
            fits.moveCenter(QRectF(0, 0, side, side).center())
            painter.drawImage(fits.topLeft(), logo)
        painter.setPen(self._theme.edge())
        for index, name in enumerate((profile.primary_color, profile.secondary_color)):
            painter.setBrush(QColor.fromString(name) if name else Qt.GlobalColor.transparent)
            half = QRectF(logo_width + index * side + 1, 1, side - 2, side - 2)
            painter.drawRoundedRect(half, RADIUS / 2, RADIUS / 2)
        painter.end()
        icon = QIcon(pixmap)
        icon.addPixmap(pixmap, QIcon.Mode.Selected)  # Qt would tint the colours of a selected row
        return icon


def _logo_image(data: bytes, side: int) -> QImage | None:
    """The picture scaled to a square of `side` device pixels, or None for other data.

    `data` may come from anyone. PNG, JPEG, WebP, and SVG without other files are read.
    """
    return _raster(data, side) or _svg(data, side)


def _raster(data: bytes, side: int) -> QImage | None:
    buffer = _buffer(data)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if not reader.canRead() or reader.format().data() not in _RASTER_FORMATS:
        return None
    size = reader.size()
    # A few bytes can be a picture of gigabytes. Without a size the file is broken.
    if not size.isValid() or max(size.width(), size.height()) > _MAX_SIDE:
        return None
    image = reader.read()
    if image.isNull():
        return None
    return image.scaled(
        QSize(side, side),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _svg(data: bytes, side: int) -> QImage | None:
    if not _is_safe_svg(data):
        return None
    renderer = QSvgRenderer()
    renderer.setAnimationEnabled(False)
    if not renderer.load(QByteArray(data)) or renderer.viewBoxF().isEmpty():
        return None
    size = QSizeF(renderer.viewBoxF().size())
    size.scale(side, side, Qt.AspectRatioMode.KeepAspectRatio)
    image = QImage(size.toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image


def _is_safe_svg(data: bytes) -> bool:
    """Whether `data` is well-formed SVG without files and without many repetitions.

    Qt reads the file that an <image> names, and draws each <use>, however many there are.
    """
    buffer = _buffer(data)
    reader = QXmlStreamReader(buffer)
    uses = 0
    root = ""
    while not reader.atEnd():
        kind = reader.readNext()
        if kind == QXmlStreamReader.TokenType.DTD and "<!ENTITY" in reader.text():
            return False
        if kind == QXmlStreamReader.TokenType.StartElement:
            name = str(reader.name())
            root = root or name
            uses += name == "use"
            if root != "svg" or name == "image" or uses > _MAX_USES:
                return False
    return bool(root) and not reader.hasError()


def _buffer(data: bytes) -> QBuffer:
    """Keep the buffer while a reader reads from it: readers don't own it."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return buffer
