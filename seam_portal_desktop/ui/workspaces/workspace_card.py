"""The card of the workspace that a credential belongs to, shown before it is saved."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from seam_portal_desktop.domain.workspace import Workspace
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, embolden, one_line, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind
from seam_portal_desktop.ui.workspaces.environment import WorkspaceBadge, environment_of


class WorkspaceCard(QFrame):
    """Name, company, and the badge of production or sandbox. Hidden until it is set."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "card")
        self._name = ElidedLabel(self)
        embolden(self._name)
        self._company = ElidedLabel(self)
        set_kind(self._company, "muted")
        self._meaning = plain_label(wrap=True, parent=self)
        self.badge = WorkspaceBadge(theme, icons, self)
        self.suspended = FieldNote(self, icons)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._company)
        top = QHBoxLayout()
        top.setSpacing(Spacing.M)
        top.addWidget(IconView(icons.icon("building-2"), self), 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(names, 1)
        top.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(Spacing.M, Spacing.M, Spacing.M, Spacing.M)
        column.setSpacing(Spacing.S)
        column.addLayout(top)
        column.addWidget(self._meaning)
        column.addWidget(self.suspended)
        self.hide()

    def set_workspace(self, workspace: Workspace) -> None:
        environment = environment_of(workspace.kind, demo=False)
        self._name.set_full_text(one_line(workspace.name) or _("A workspace without a name"))
        self._company.set_full_text(one_line(workspace.company_name))
        self._company.setVisible(bool(self._company.full_text()))
        self._meaning.setText(environment.meaning)
        self.badge.set_environment(environment)
        self.setAccessibleName(f"{workspace.name}, {environment.word}")
        if workspace.is_suspended:
            self.suspended.show_note(
                _(
                    "Seam has suspended this workspace. Creating portals will be refused until "
                    "that is settled with Seam."
                ),
                Tone.WARNING,
            )
        else:
            self.suspended.clear()
        self.show()
