"""The program's version, parts, policy and data folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
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
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import heading, muted_label, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import CopyButton, ElidedLabel, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone, set_kind

_LICENCES = "MIT · Qt and PySide6: LGPL-3.0 · Lucide icons: ISC"
_ICON_LINES = 4


@dataclass(frozen=True, slots=True)
class AboutFacts:
    """`diagnostics` are further rows (platform, keyring …) by name, without secrets."""

    version: str
    python: str
    qt: str
    pyside: str
    data_dir: Path
    diagnostics: Mapping[str, str]
    chromium: str = ""
    policy: Policy = field(default=UNMANAGED)

    def text(self) -> str:
        """One line for each fact, for 'Copy diagnostics'."""
        rows = {
            "Seam Portal Desktop": self.version,
            "Python": self.python,
            "Qt": self.qt,
            "PySide6": self.pyside,
            **({"Chromium": self.chromium} if self.chromium else {}),
            **self.diagnostics,
        }
        return "\n".join(
            [*(f"{name}: {value}" for name, value in rows.items()), *self._policy_lines()]
        )

    def _policy_lines(self) -> list[str]:
        rows = [
            _("Policy: {name} is {value} ({source})").format(
                name=row.name, value=row.value, source=row.source
            )
            for row in self.policy.rows()
        ]
        return rows + [
            _("Policy problem: {problem}").format(problem=problem)
            for problem in self.policy.problems
        ]


class AboutDialog(FormDialog):
    """Open it with open(). `open_data_dir_requested` asks to show the data folder."""

    open_data_dir_requested = Signal()
    licences_requested = Signal()

    def __init__(
        self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, facts: AboutFacts
    ) -> None:
        super().__init__(theme, icons, parent)
        self._facts = facts
        self.setWindowTitle(_("About Seam Portal Desktop"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = CopyButton(_("Copy diagnostics"), _("Diagnostics copied"), facts.text, self)
        self._button_box.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        self.set_submit(_("Close"), loud=False)
        self.dismiss_button.hide()
        self.body.setSpacing(Spacing.L)
        self.body.addLayout(self._head())
        self.body.addWidget(self._table())
        if facts.policy.is_managed:
            self.body.addWidget(_ManagedCard(icons, facts.policy))
        self.body.addStretch(1)
        self.submit_button.setFocus()

    def _head(self) -> QHBoxLayout:
        title = plain_label("Seam Portal Desktop")
        title.setFont(self.theme.font(TextSize.TITLE, bold=True))
        what = muted_label(
            _("Create, preview, send and keep track of Customer Portal links."), wrap=True
        )
        texts = QVBoxLayout()
        texts.setSpacing(Spacing.XS)
        texts.addStretch(1)
        texts.addWidget(title)
        texts.addWidget(what)
        texts.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(Spacing.L)
        head.addWidget(IconView(self._app_icon(), lines=_ICON_LINES))
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
        form.addRow(muted_label(_("Version")), _value(facts.version))
        form.addRow(muted_label(_("Made with")), plain_label(" · ".join(made_of), wrap=True))
        for name, value, link, signal in (
            (_("Data"), str(facts.data_dir), _("Open folder"), self.open_data_dir_requested),
            (_("Licences"), _LICENCES, _("All of them…"), self.licences_requested),
        ):
            button = QPushButton(link)
            set_kind(button, "link")
            button.setAutoDefault(False)
            button.setAccessibleName(f"{name}: {link}")
            button.clicked.connect(signal)
            row = QHBoxLayout()
            row.addWidget(_value(value), 1)
            row.addWidget(button)
            form.addRow(muted_label(name), row)
        return table


class _ManagedCard(QFrame):
    """The settings that the organisation has fixed and their sources, or the policy's problems."""

    def __init__(self, icons: Icons, policy: Policy) -> None:
        super().__init__()
        set_kind(self, "card")
        tone = Tone.DANGER if policy.problems else Tone.NEUTRAL
        title = heading(_("Managed by your organisation"))
        head = QHBoxLayout()
        head.setSpacing(Spacing.S)
        head.addWidget(IconView(icons.icon("shield-alert" if policy.problems else "lock", tone)))
        head.addWidget(title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Spacing.M, Spacing.M, Spacing.M, Spacing.M)
        column.setSpacing(Spacing.S)
        column.addLayout(head)
        if policy.problems:
            text = _("The policy can’t be used, so the program connects to nothing.")
            column.addWidget(plain_label("\n".join([text, *policy.problems]), wrap=True))
            return
        table = QWidget()
        form = _form(table)
        for row in policy.rows():
            value = _value(row.value)
            value.set_full_text(row.value, hover=_("Set in {source}").format(source=row.source))
            form.addRow(muted_label(row.name), value)
        column.addWidget(table)
        sources = dict.fromkeys(row.source for row in policy.rows())
        source = muted_label(_("Set in {sources}").format(sources=", ".join(sources)), wrap=True)
        column.addWidget(source)


def _form(table: QWidget) -> QFormLayout:
    form = QFormLayout(table)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(Spacing.L)
    form.setVerticalSpacing(Spacing.XS)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def _value(text: str) -> ElidedLabel:
    label = ElidedLabel(selectable=True)
    label.set_full_text(text)
    return label
