"""The New portal form: all sections together, filled from one request and written to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.domain.request.steps import Steps
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.create.data.data_section import DataSection
from seam_portal_desktop.ui.create.form.appearance import AppearanceSection
from seam_portal_desktop.ui.create.form.customer import CustomerSection
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.features import FeaturesSection
from seam_portal_desktop.ui.create.form.filters import FiltersSection
from seam_portal_desktop.ui.create.form.form_section import FormSection, unfold_parents
from seam_portal_desktop.ui.create.form.opens_at import OpensAtSection
from seam_portal_desktop.ui.toolkit.fold import Fold
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest
    from seam_portal_desktop.domain.request.problems import CheckedRequest, Problem

_DEFAULT = _("Workspace default")


class RequestForm(QWidget):
    """The customer's key, and below it a fold for each section.

    `edited` follows every edit by the user, but not fill(). `changed` follows both.
    """

    edited = Signal()
    changed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base: Mapping[str, Any] = {}
        self._is_filling = False
        self.is_edited = False
        """The user edited something other than the customer's key."""
        self.customer = CustomerSection(icons, self)
        self.features = FeaturesSection(theme, icons, self)
        self.appearance = AppearanceSection(theme, icons, self)
        self.data = DataSection(icons, self)
        self.opens_at = OpensAtSection(theme, icons, self.data.keys, self)
        self.filters = FiltersSection(icons, self.data.metadata, self)
        groups: tuple[tuple[str, str, FormSection, str], ...] = (
            (_("Features"), "sliders-horizontal", self.features, _DEFAULT),
            (_("Appearance and access"), "palette", self.appearance, _DEFAULT),
            (_("Start page"), "map-pin", self.opens_at, _DEFAULT),
            (_("Data"), "database", self.data, _("No data")),
            (_("Filters"), "list-filter", self.filters, _("Everything is shown")),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        column.addWidget(self.customer)
        column.addSpacing(Spacing.S)
        self._folds: dict[FormSection, tuple[Fold, str]] = {}
        for title, icon, section, empty_text in groups:
            fold = Fold(title, icons, icon=icon, parent=self)
            fold.column.addWidget(section)
            column.addWidget(fold)
            self._folds[section] = (fold, empty_text)
        self._sections: tuple[FormSection, ...] = (self.customer, *self._folds)
        for section in self._sections:
            section.changed.connect(lambda section=section: self._on_changed(section))
            self._update_summary(section)
        self.data.rows_changed.connect(self.filters.resources_changed)
        self.data.vertical_changed.connect(self._on_vertical_changed)
        self._folds[self.opens_at][0].unfolded.connect(self.opens_at.update_completions)

    def fold(self, section: FormSection) -> Fold:
        """The fold that `section` is in."""
        return self._folds[section][0]

    def draft(self) -> RequestDraft:
        """The request as the form shows it, unchecked."""
        draft = RequestDraft(self._base)
        for section in self._sections:
            section.write_to(draft)
        return draft

    def unsent(self) -> list[Any]:
        """What the user entered that isn't in draft(), by section, for restore()."""
        return [section.unsent() for section in self._sections]

    def restore(self, wire: Mapping[str, Any], unsent: Sequence[Any] | None) -> None:
        """Show what draft().wire() and unsent() returned, with all mistakes. With None for
        `unsent`, show only the request."""
        self.fill(wire)
        if unsent is None:
            return
        self._is_filling = True
        try:
            for section, entered in zip(self._sections, unsent, strict=True):
                section.restore_unsent(entered)
        finally:
            self._is_filling = False

    def fill(self, request: PortalRequest | Mapping[str, Any]) -> None:
        """Show `request`. draft() returns the same until something is edited."""
        self._is_filling = True
        try:
            draft = RequestDraft(request)
            self._base = draft.wire()
            for section in self._sections:
                # One signal for the whole section, instead of one for each field.
                blocker = QSignalBlocker(section)
                section.clear_errors()
                section.fill(draft)
                blocker.unblock()
            self.filters.resources_changed()
            for section in self._sections:
                section.changed.emit()
        finally:
            self._is_filling = False

    def set_locked(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        for section in self._sections:
            if locked:
                section.clear_errors()
            section.set_locked(locked)

    def check(self, now: datetime | None = None) -> Steps[CheckedRequest]:
        """What is wrong with the request or may be a mistake, as its JSON is checked too.

        Without `now` no stay is in the past.
        """
        from seam_portal_desktop.domain.request.check import CheckedRequest, check_steps

        checked = yield from check_steps(self.draft().wire(), now)
        return CheckedRequest(checked.request, (*checked.problems, *self.unfinished()))

    def unfinished(self) -> list[Problem]:
        """The problems of fields that are shown but not sent. The JSON doesn't have them."""
        from seam_portal_desktop.domain.request.problems import Problem

        return [Problem(*each) for section in self._sections for each in section.unfinished()]

    def go_to(self, problem: Problem) -> QWidget | None:
        """Unfold the field with the problem and return it. Only an error is marked there."""
        for section in self._sections:
            field = section.show_field_error(problem.path, problem.reason)
            if field is not None:
                if problem.level != "error":
                    section.clear_errors()
                unfold_parents(field)
                return field
        return None

    def show_problems(self, problems: Mapping[str, str]) -> tuple[list[QWidget], dict[str, str]]:
        """Show each reason at the field with its path, and unfold the field.

        Returns the fields with errors, and the problems without a field.
        """
        rest = dict(problems)
        fields: list[QWidget] = []
        for section in self._sections:
            count = 0
            for path, reason in list(rest.items()):
                field = section.show_field_error(path, reason)
                if field is not None:
                    fields.append(field)
                    del rest[path]
                    count += 1
            if count and section in self._folds:
                text = ngettext("1 problem", "{count} problems", count).format(
                    count=QLocale().toString(count)
                )
                self.fold(section).header.set_summary(text, Tone.DANGER)
        for field in fields:
            unfold_parents(field)
        return fields, rest

    def _on_changed(self, section: FormSection) -> None:
        self._update_summary(section)
        self.changed.emit()
        if not self._is_filling:
            self.is_edited |= section is not self.customer
            section.clear_errors()
            self.edited.emit()

    def _update_summary(self, section: FormSection) -> None:
        if section in self._folds:
            fold, empty_text = self._folds[section]
            fold.header.set_summary(section.summary() or empty_text)

    def _on_vertical_changed(self) -> None:
        self.opens_at.set_vertical(self.data.vertical)
        self._update_summary(self.opens_at)
