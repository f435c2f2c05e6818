"""Lists what goes into a file of diagnostics before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, heading, muted_label, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind


@dataclass(frozen=True, slots=True)
class DiagnosticsPart:
    """One file of the bundle; the sentence `what` describes it. It contains no secret."""

    name: str
    what: str
    content: bytes


class DiagnosticsDialog(FormDialog):
    """Open it with open(). `save_requested` asks for a file to write `parts` to."""

    save_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        parts: Sequence[DiagnosticsPart],
    ) -> None:
        super().__init__(theme, icons, parent)
        self.parts = tuple(parts)
        self.setWindowTitle(_("Save diagnostics"))
        self.body.addWidget(heading(_("What goes into the file"), self))
        intro = plain_label(
            _(
                "A .zip file for whoever helps you with a problem. Keys, tokens and links are "
                "taken out of all of it. Nothing is sent: you decide who gets the file."
            ),
            wrap=True,
            parent=self,
        )
        self.body.addWidget(intro)
        self.body.addSpacing(Spacing.S)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Spacing.M)
        grid.setVerticalSpacing(Spacing.S)
        grid.setColumnStretch(2, 1)
        for row, part in enumerate(self.parts):
            name = ElidedLabel(self)
            name.set_full_text(part.name)
            what = muted_label(part.what, wrap=True, parent=self)
            size = plain_label(QLocale().formattedDataSize(len(part.content)), parent=self)
            set_kind(size, "muted")
            icon = "clipboard" if part.name.endswith((".txt", ".json")) else "activity"
            grid.addWidget(IconView(icons.icon(icon), self), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(name, row, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(what, row, 2)
            grid.addWidget(size, row, 3, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self.body.addLayout(grid)
        self.body.addSpacing(Spacing.S)
        self.with_self_test = QCheckBox(_("Run the self-test and add its report"), self)
        self.with_self_test.setChecked(True)
        note = FieldNote(
            self.with_self_test,
            icons,
            hint=_(
                "A second window does the whole job against a built-in stand-in for Seam. It "
                "takes some seconds."
            ),
        )
        self.body.addWidget(self.with_self_test)
        self.body.addWidget(note)
        self.body.addStretch(1)
        self.set_submit(_("Choose a file…"), loud=False)

    def submit(self) -> None:
        if not self.is_busy:
            self.save_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        self.with_self_test.setDisabled(locked)
