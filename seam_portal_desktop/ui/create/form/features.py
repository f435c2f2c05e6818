"""The portal's features, and the settings of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.form_section import FormSection, SettingRows
from seam_portal_desktop.ui.create.form.providers import ProvidersField
from seam_portal_desktop.ui.create.form.setting_row import SettingRow
from seam_portal_desktop.ui.create.form.settings import (
    ALLOWED_EVENTS,
    CONFIGURE_SETTINGS,
    CONFIRMATION_SETTINGS,
    DEFAULT_EVENTS,
    FEATURE_SETTINGS,
    FEATURES,
    KNOWN_EVENTS,
    LEGEND,
    MANAGE_SETTINGS,
    Setting,
)
from seam_portal_desktop.ui.create.form.token_list import ListControl
from seam_portal_desktop.ui.toolkit.fold import Fold
from seam_portal_desktop.ui.toolkit.form_parts import heading, muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

if TYPE_CHECKING:
    from seam_portal_desktop.domain.lookups import DeviceProvider

_DEPRECATED = "manage_devices"


class FeaturesSection(FormSection):
    """One row for each feature; its other settings are in a fold below it."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.M)
        legend = muted_label(LEGEND, wrap=True, parent=self)
        column.addWidget(legend)
        rows: list[SettingRow] = []
        self.folds: dict[str, Fold] = {}
        self.providers = ProvidersField(theme, icons, self)
        for feature, setting in zip(FEATURES, FEATURE_SETTINGS, strict=True):
            row = self._row(setting)
            column.addWidget(row)
            rows.append(row)
            fold = self._details(feature.name, rows)
            if fold is not None:
                column.addWidget(fold)
                self.folds[feature.name] = fold
        self.rows = SettingRows(rows, self.changed)
        self.providers.changed.connect(self.changed)
        for path in (ALLOWED_EVENTS, DEFAULT_EVENTS):
            events = {event: event for event in KNOWN_EVENTS}
            cast(ListControl, self.rows[path].control).set_suggestions(events)
        self._deprecated = self.rows[f"features.{_DEPRECATED}.exclude"]
        self._deprecated.hide()
        self.changed.connect(self._update_warnings)
        self._update_warnings()

    def set_providers(self, providers: Sequence[DeviceProvider]) -> None:
        self.providers.set_providers(providers)
        self._update_warnings()

    def write_to(self, draft: RequestDraft) -> None:
        self.rows.write_to(draft)
        self.providers.write_to(draft)

    def fill(self, draft: RequestDraft) -> None:
        self.rows.fill(draft)
        self.providers.fill(draft)
        # Seam keeps it for old integrations only.
        self._deprecated.setVisible(draft.get(f"features.{_DEPRECATED}") is not None)
        self._update_warnings()

    def unsent(self) -> list[Any]:
        return self.providers.unsent()

    def restore_unsent(self, entered: Sequence[Any]) -> None:
        self.providers.restore_unsent(entered)

    def show_field_error(self, path: str, reason: str) -> QWidget | None:
        for part in (self.providers, self.rows):
            if (field := part.show_field_error(path, reason)) is not None:
                return field
        for feature in FEATURES:
            if path == feature.parent or path.startswith(f"{feature.parent}."):
                return self.rows[feature.path].show_error(reason)
        if path == "features":
            return self.rows[FEATURES[0].path].show_error(reason)
        return None

    def clear_errors(self) -> None:
        self.rows.clear_errors()
        self.providers.clear_errors()
        self._update_warnings()

    def summary(self) -> str:
        return " · ".join([*self.rows.summaries(), *self.providers.summaries()])

    def _row(self, setting: Setting) -> SettingRow:
        return SettingRow(setting, self._theme, self._icons, self)

    def _details(self, feature: str, rows: list[SettingRow]) -> Fold | None:
        """The fold with a feature's other settings, whose rows are added to `rows`."""
        match feature:
            case "connect":
                fold = Fold(_("Providers"), self._icons, parent=self)
                fold.column.addWidget(self.providers)
            case "manage":
                fold = Fold(
                    _("Reservations, staff, events, confirmation"), self._icons, parent=self
                )
                self._add(fold, MANAGE_SETTINGS, rows)
                fold.column.addWidget(heading(_("Question before many devices are operated"), self))
                self._add(fold, CONFIRMATION_SETTINGS, rows)
            case "configure":
                fold = Fold(_("What may be configured"), self._icons, parent=self)
                self._add(fold, CONFIGURE_SETTINGS, rows)
            case _:
                return None
        return fold

    def _add(self, fold: Fold, settings: Sequence[Setting], rows: list[SettingRow]) -> None:
        for setting in settings:
            row = self._row(setting)
            fold.column.addWidget(row)
            rows.append(row)

    def _update_warnings(self) -> None:
        """Show at once what the check before sending would refuse."""
        from seam_portal_desktop.domain.request.check import check_request

        draft = RequestDraft()
        self.write_to(draft)
        problems = check_request(draft.wire()).problems
        for setting in (*MANAGE_SETTINGS, *CONFIRMATION_SETTINGS):
            row = self.rows[setting.path]
            reasons = [problem.reason for problem in problems if row.has_path(problem.path)]
            row.show_warning(reasons[0] if reasons else None)
        empty = [problem.reason for problem in problems if problem.path == "features"]
        self.rows[FEATURES[0].path].show_warning(empty[0] if empty else None)
        self._update_summaries()

    def _update_summaries(self) -> None:
        manage = [*MANAGE_SETTINGS, *CONFIRMATION_SETTINGS]
        self.folds["connect"].header.set_summary(" · ".join(self.providers.summaries()))
        for name, settings in (("manage", manage), ("configure", CONFIGURE_SETTINGS)):
            texts = [self.rows[each.path].summary() for each in settings]
            self.folds[name].header.set_summary(" · ".join(filter(None, texts)))
