"""What this program is, what it is made of, what is fixed for it, and where it keeps its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.paths import resource
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import heading, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone, set_kind

_LICENCES = "MIT · Qt and PySide6: LGPL-3.0 · Lucide icons: ISC"
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
    chromium: str = ""
    policy: Policy = field(default=UNMANAGED)

    def text(self) -> str:
        """What 'Copy diagnostics' copies: a line for each fact."""
        rows = {
            "Seam Portal Desktop": self.version,
            "Python": self.python,
            "Qt": self.qt,
            "PySide6": self.pyside,
            **({"Chromium": self.chromium} if self.chromium else {}),
            **self.diagnostics,
        }
        return "\n".join([*(f"{name}: {value}" for name, value in rows.items()), *self._managed()])

    def _managed(self) -> list[str]:
        rows = [f"Policy: {row.name} is {row.value} ({row.source})" for row in self.policy.rows()]
        return rows + [f"Policy problem: {problem}" for problem in self.policy.problems]


class AboutDialog(FormDialog):
    """Opened with `open()`. `open_data_dir_requested` asks to show the data folder."""

    open_data_dir_requested = Signal()
    licences_requested = Signal()

    def __init__(
        self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, facts: AboutFacts
    ) -> None:
        super().__init__(theme, icons, parent)
        self._facts = facts
        self.setWindowTitle("About Seam Portal Desktop")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._copy = QPushButton("Copy diagnostics", self)
        self._copy.setAutoDefault(False)
        self._copy.clicked.connect(self._copy_diagnostics)
        self._button_box.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        self.set_submit("Close", loud=False)
        self.dismiss_button.hide()
        self.body.setSpacing(Spacing.L)
        self.body.addLayout(self._head())
        self.body.addWidget(self._table())
        if facts.policy.is_managed:
            self.body.addWidget(_Managed(icons, facts.policy))
        self.body.addStretch(1)
        self.submit_button.setFocus()

    def submit(self) -> None:
        self.accept()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        """Nothing is typed here, and nothing awaited."""

    def _head(self) -> QHBoxLayout:
        title = plain_label("Seam Portal Desktop")
        title.setFont(self.theme.font(TextSize.TITLE, bold=True))
        what = plain_label(
            "Create, preview, send and keep track of Customer Portal links.", wrap=True
        )
        set_kind(what, "muted")
        texts = QVBoxLayout()
        texts.setSpacing(Spacing.XS)
        texts.addStretch(1)
        texts.addWidget(title)
        texts.addWidget(what)
        texts.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(Spacing.L)
        head.addWidget(_AppIcon(self._app_icon()))
        head.addLayout(texts, 1)
        return head

    def _app_icon(self) -> QIcon:
        try:
            return QIcon(str(resource("app-icon.svg")))
        except FileNotFoundError:
            return self.icons.icon("door-open", Tone.ACCENT)

    def _table(self) -> QWidget:
        facts = self._facts
        table = QWidget()
        form = _form(table)
        made_of = [f"Python {facts.python}", f"Qt {facts.qt}", f"PySide6 {facts.pyside}"]
        if facts.chromium:
            made_of.append(f"Chromium {facts.chromium}")
        form.addRow(_muted("Version"), _value(facts.version))
        form.addRow(_muted("Made with"), plain_label(" · ".join(made_of), wrap=True))
        for name, value, link, asks in (
            ("Data", str(facts.data_dir), "Open folder", self.open_data_dir_requested),
            ("Licences", _LICENCES, "All of them…", self.licences_requested),
        ):
            button = QPushButton(link)
            set_kind(button, "link")
            button.setAutoDefault(False)
            button.setAccessibleName(f"{name}: {link}")
            button.clicked.connect(asks)
            row = QHBoxLayout()
            row.addWidget(_value(value), 1)
            row.addWidget(button)
            form.addRow(_muted(name), row)
        return table

    def _copy_diagnostics(self) -> None:
        QGuiApplication.clipboard().setText(self._facts.text())
        self._copy.setText("Diagnostics copied")


class _Managed(QFrame):
    """What the organisation has fixed, and where; or why that can't be read."""

    def __init__(self, icons: Icons, policy: Policy) -> None:
        super().__init__()
        set_kind(self, "card")
        tone = Tone.DANGER if policy.problems else Tone.NEUTRAL
        title = heading("Managed by your organisation")
        head = QHBoxLayout()
        head.setSpacing(Spacing.S)
        head.addWidget(IconView(icons.icon("shield-alert" if policy.problems else "lock", tone)))
        head.addWidget(title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Spacing.M, Spacing.M, Spacing.M, Spacing.M)
        column.setSpacing(Spacing.S)
        column.addLayout(head)
        if policy.problems:
            text = "The policy can’t be used, so the program connects to nothing."
            column.addWidget(plain_label("\n".join([text, *policy.problems]), wrap=True))
            return
        table = QWidget()
        form = _form(table)
        for row in policy.rows():
            value = _value(row.value)
            value.set_full_text(row.value, hover=f"Set in {row.source}")
            form.addRow(_muted(row.name), value)
        column.addWidget(table)
        sources = dict.fromkeys(row.source for row in policy.rows())
        source = plain_label(f"Set in {', '.join(sources)}", wrap=True)
        set_kind(source, "muted")
        column.addWidget(source)


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


def _form(table: QWidget) -> QFormLayout:
    form = QFormLayout(table)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(Spacing.L)
    form.setVerticalSpacing(Spacing.XS)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def _muted(text: str) -> QWidget:
    label = plain_label(text)
    set_kind(label, "muted")
    return label


def _value(text: str) -> ElidedLabel:
    label = ElidedLabel(selectable=True)
    label.set_full_text(text)
    return label
