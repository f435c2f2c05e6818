"""What this program is, what it is made of, and where it keeps its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.paths import resource
from seam_portal_desktop.ui.flow_layout import FlowLayout
from seam_portal_desktop.ui.form_parts import plain_label
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.labels import ElidedLabel
from seam_portal_desktop.ui.theme import Space, TextSize, Theme, Tone, set_kind

_LICENCES = (
    ("Seam Portal Desktop", "MIT"),
    ("Qt and PySide6", "LGPL-3.0"),
    ("Lucide icons", "ISC"),
)
_WIDTH_CHARACTERS = 84
_ICON_LINES = 4  # the icon's height in lines of text


@dataclass(frozen=True, slots=True)
class AboutFacts:
    """`diagnostics` are further rows (platform, keyring …) by name; none may hold a secret."""

    version: str
    python: str
    qt: str
    pyside: str
    data_dir: Path
    diagnostics: Mapping[str, str]

    def text(self) -> str:
        """What 'Copy diagnostics' copies: a line for each fact."""
        rows = {
            "Seam Portal Desktop": self.version,
            "Python": self.python,
            "Qt": self.qt,
            "PySide6": self.pyside,
            **self.diagnostics,
        }
        return "\n".join(f"{name}: {value}" for name, value in rows.items())


class AboutDialog(QDialog):
    """Opened with `open()`. `open_data_dir_requested` asks to show the data folder."""

    open_data_dir_requested = Signal()

    def __init__(
        self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, facts: AboutFacts
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._facts = facts
        self.setWindowTitle("About Seam Portal Desktop")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._copy = QPushButton("Copy diagnostics")
        self._copy.setAutoDefault(False)
        self._copy.clicked.connect(self._copy_diagnostics)
        close = QPushButton("Close")
        set_kind(close, "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)

        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        rows.setSpacing(Space.L)
        rows.addLayout(self._head())
        rows.addWidget(self._table())
        rows.addWidget(self._licences())
        rows.addStretch(1)
        rows.addLayout(buttons)
        close.setFocus()
        self.resize(self.fontMetrics().averageCharWidth() * _WIDTH_CHARACTERS, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A top-level window doesn't ask wrapped text how tall it is at this width.
        layout = self.layout()
        if layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(event.size().width()))

    def _head(self) -> QHBoxLayout:
        title = plain_label("Seam Portal Desktop")
        title.setFont(self._theme.font(TextSize.TITLE, bold=True))
        what = plain_label(
            "Create, preview, send and keep track of Customer Portal links.", wrap=True
        )
        set_kind(what, "muted")
        texts = QVBoxLayout()
        texts.setSpacing(Space.XS)
        texts.addStretch(1)
        texts.addWidget(title)
        texts.addWidget(what)
        texts.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(Space.L)
        head.addWidget(_AppIcon(self._app_icon()))
        head.addLayout(texts, 1)
        return head

    def _app_icon(self) -> QIcon:
        try:
            return QIcon(str(resource("app-icon.svg")))
        except FileNotFoundError:
            return self._icons.icon("door-open", Tone.ACCENT)

    def _table(self) -> QWidget:
        facts = self._facts
        card = QWidget()
        form = QFormLayout(card)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(Space.L)
        form.setVerticalSpacing(Space.XS)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        made_of = f"Python {facts.python} · Qt {facts.qt} · PySide6 {facts.pyside}"
        for name, value in (("Version", facts.version), ("Made with", made_of)):
            form.addRow(_muted(name), _value(value))
        folder = QPushButton("Open folder")
        set_kind(folder, "link")
        folder.setAutoDefault(False)
        folder.clicked.connect(self.open_data_dir_requested)
        row = QHBoxLayout()
        row.addWidget(_value(str(facts.data_dir)), 1)
        row.addWidget(folder)
        form.addRow(_muted("Data"), row)
        return card

    @staticmethod
    def _licences() -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, Space.M)
        for name, licence in _LICENCES:
            flow.addWidget(_muted(f"{name}: {licence}"))
        return holder

    def _copy_diagnostics(self) -> None:
        QGuiApplication.clipboard().setText(self._facts.text())
        self._copy.setText("Diagnostics copied")


class _AppIcon(QWidget):
    def __init__(self, icon: QIcon) -> None:
        super().__init__()
        self._icon = icon
        side = self.fontMetrics().height() * _ICON_LINES
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()


def _muted(text: str) -> QWidget:
    label = plain_label(text)
    set_kind(label, "muted")
    return label


def _value(text: str) -> ElidedLabel:
    label = ElidedLabel(selectable=True)
    label.set_full_text(text)
    return label
