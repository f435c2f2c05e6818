"""Shows that the self-test runs, and its result step by step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.busy_bar import BusyBar
from seam_portal_desktop.ui.toolkit.form_parts import heading, muted_label, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import CopyButton, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

_WIDTH_CHARACTERS = 64


class SelfTestDialog(QDialog):
    """Open it with open(); then show_report() or show_failure(). Closing it early cancels.

    A report is a mapping as `--self-test --report` writes it: ok, steps, versions, platform.
    """

    cancelled = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._report_text = ""
        self._is_running = True
        self.setWindowTitle(_("Self-test"))
        self._title = heading(_("The program tests itself"), self)
        self._text = plain_label(
            _(
                "A second window does the whole job against a built-in stand-in for Seam. "
                "Your workspaces and portals are not touched."
            ),
            wrap=True,
            parent=self,
        )
        self._steps = QGridLayout()
        self._steps.setHorizontalSpacing(Spacing.S)
        self._steps.setVerticalSpacing(Spacing.XS)
        self._steps.setColumnStretch(1, 1)
        self._bar = BusyBar(theme, self)
        self._copy = CopyButton(_("Copy report"), _("Copied"), lambda: self._report_text, self)
        self._copy.hide()
        self._close = QPushButton(_("Cancel"), self)
        self._close.clicked.connect(self.reject)

        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.XL, Spacing.L, Spacing.XL, Spacing.L)
        rows.setSpacing(Spacing.M)
        rows.addWidget(self._title)
        rows.addWidget(self._text)
        rows.addLayout(self._steps)
        rows.addStretch(1)
        rows.addWidget(self._bar)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._close)
        rows.addLayout(buttons)
        self._bar.start()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().averageCharWidth() * _WIDTH_CHARACTERS
        return QSize(width, max(super().sizeHint().height(), width // 2))

    def show_report(self, report: Mapping[str, Any]) -> None:
        """Show the result, and each step with its time in milliseconds."""
        self._end()
        self._report_text = json.dumps(report, indent=2, ensure_ascii=False)
        self._copy.show()
        for row, step in enumerate(report["steps"]):
            ok = bool(step["ok"])
            icon, tone = ("check", Tone.SUCCESS) if ok else ("x", Tone.DANGER)
            icon_view = IconView(self._icons.icon(icon, tone), parent=self)
            icon_view.setAccessibleName(_("Done") if ok else _("Failed"))
            time = muted_label(_("{step} ms").format(step=step["ms"]), parent=self)
            self._steps.addWidget(icon_view, row, 0)
            self._steps.addWidget(plain_label(step["name"].capitalize(), parent=self), row, 1)
            self._steps.addWidget(time, row, 2, Qt.AlignmentFlag.AlignRight)
        failed = next((step for step in report["steps"] if not step["ok"]), None)
        if failed is None:
            self._title.setText(_("Everything works"))
            self._text.setText(
                _("The keyring used was: {report}.").format(report=report["keyring"])
            )
        else:
            self._title.setText(_("“{failed}” failed").format(failed=failed["name"].capitalize()))
            self._text.setText(str(failed.get("error", "")))
        self.adjustSize()

    def show_failure(self, why: str) -> None:
        """Show why the self-test could not be run at all."""
        self._end()
        self._title.setText(_("The self-test could not be run"))
        self._text.setText(why)

    def done(self, result: int) -> None:
        if self._is_running:
            self.cancelled.emit()
        super().done(result)

    def _end(self) -> None:
        self._is_running = False
        self._bar.stop()
        self._close.setText(_("Close"))
