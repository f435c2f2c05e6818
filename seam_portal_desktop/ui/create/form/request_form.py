"""All sections of the New portal form as one: one request in, one request out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.ui.create.data.data_section import DataSection
from seam_portal_desktop.ui.create.form.appearance import AppearanceSection
from seam_portal_desktop.ui.create.form.customer import CustomerSection
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.features import FeaturesSection
from seam_portal_desktop.ui.create.form.filters import FiltersSection
from seam_portal_desktop.ui.toolkit.fold import Fold
from seam_portal_desktop.ui.create.form.form_section import FormSection, reveal
from seam_portal_desktop.ui.create.form.opens_at import OpensAtSection
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest

_LEFT = "Left to the profile"


class RequestForm(QWidget):
    """The customer's key, and below it a group of settings for each fold.

    `edited` follows every edit by the user, and not fill(). `vertical_changed` carries the name
    of the line of business whose words are used now.
    """

    edited = Signal()
    vertical_changed = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base: PortalRequest | None = None
        self._filling = False
        self.customer = CustomerSection(icons, self)
        self.features = FeaturesSection(theme, icons, self)
        self.look = AppearanceSection(theme, icons, self)
        self.data = DataSection(icons, self)
        self.opens_at = OpensAtSection(theme, icons, self.data.keys, self)
        self.filters = FiltersSection(icons, self.data.metadata, self)
        groups: tuple[tuple[str, str, FormSection, str], ...] = (
            ("Features", "sliders-horizontal", self.features, _LEFT),
            ("Look", "palette", self.look, _LEFT),
            ("Opens at", "map-pin", self.opens_at, _LEFT),
            ("Data", "database", self.data, "None sent along"),
            ("Filters", "list-filter", self.filters, "Everything is shown"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        column.addWidget(self.customer)
        column.addSpacing(Spacing.S)
        self._folds: dict[FormSection, tuple[Fold, str]] = {}
        for title, icon, section, nothing in groups:
            fold = Fold(title, icons, icon=icon, parent=self)
            fold.add(section)
            column.addWidget(fold)
            self._folds[section] = (fold, nothing)
        self._sections: tuple[FormSection, ...] = (self.customer, *self._folds)
        for section in self._sections:
            section.changed.connect(lambda section=section: self._changed(section))
            self._summarise(section)
        self.data.rows_changed.connect(self.filters.resources_changed)
        self.data.vertical_changed.connect(self._use_vertical)
        self._folds[self.opens_at][0].unfolded.connect(self.opens_at.offer_keys)

    def fold(self, section: FormSection) -> Fold:
        """What `section` is folded into."""
        return self._folds[section][0]

    def draft(self) -> RequestDraft:
        """What the form says, right or wrong."""
        draft = RequestDraft(self._base)
        for section in self._sections:
            section.read(draft)
        return draft

    def fill(self, request: PortalRequest) -> None:
        """Show `request`; until something is edited draft() says the same again."""
        self._filling = True
        try:
            self._base = request
            draft = RequestDraft(request)
            for section in self._sections:
                # One signal for all that is filled in, instead of one for each field.
                quiet = QSignalBlocker(section)
                section.clear_errors()
                section.fill(draft)
                quiet.unblock()
            self.filters.resources_changed()
            for section in self._sections:
                section.changed.emit()
        finally:
            self._filling = False

    def lock(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        for section in self._sections:
            if locked:
                section.clear_errors()
            section.lock(locked)

    def problems(self) -> dict[str, str]:
        """Why the request can't be sent, by path; empty when it can."""
        from seam_portal_desktop.domain.request.check import ProblemLevel, check_request

        # The first reason for a path is the one to begin with.
        problems = {
            problem.path: problem.reason
            for problem in reversed(check_request(self.draft().wire()))
            if problem.level is ProblemLevel.ERROR
        }
        for section in self._sections:
            problems |= dict(section.unfinished())
        return problems

    def show_problems(self, problems: Mapping[str, str]) -> tuple[list[QWidget], dict[str, str]]:
        """Show each reason at the field that its path names, unfolded.

        Returns the fields that are wrong, and the problems that have no field here.
        """
        rest = dict(problems)
        wrong: list[QWidget] = []
        for section in self._sections:
            for path, reason in list(rest.items()):
                field = section.show_error(path, reason)
                if field is not None:
                    wrong.append(field)
                    del rest[path]
                    if section in self._folds:
                        self.fold(section).set_summary("Something is wrong here", Tone.DANGER)
        for field in wrong:
            reveal(field)
        return wrong, rest

    def _changed(self, section: FormSection) -> None:
        self._summarise(section)
        if not self._filling:
            section.clear_errors()
            self.edited.emit()

    def _summarise(self, section: FormSection) -> None:
        if section in self._folds:
            fold, nothing = self._folds[section]
            fold.set_summary(section.summary() or nothing)

    def _use_vertical(self, name: str) -> None:
        self.opens_at.set_vertical(self.data.vertical)
        self._summarise(self.opens_at)
        self.vertical_changed.emit(name)
