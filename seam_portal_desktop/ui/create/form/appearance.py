"""The portal's profile, language and frame, and whether the customer can change anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.form_section import FormSection, SettingRows
from seam_portal_desktop.ui.create.form.profile_control import ProfileControl
from seam_portal_desktop.ui.create.form.setting_row import SettingRow
from seam_portal_desktop.ui.create.form.settings import (
    APPEARANCE_SETTINGS,
    CUSTOMIZATION_PROFILE,
    LEGEND,
)
from seam_portal_desktop.ui.toolkit.form_parts import muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

if TYPE_CHECKING:
    from seam_portal_desktop.domain.lookups import CustomizationProfile


class AppearanceSection(FormSection):
    """The settings of what the customer sees around the portal's content."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.M)
        legend = muted_label(LEGEND, wrap=True, parent=self)
        column.addWidget(legend)
        rows = [SettingRow(setting, theme, icons, self) for setting in APPEARANCE_SETTINGS]
        for row in rows:
            column.addWidget(row)
        self.rows = SettingRows(rows, self.changed)
        self.changed.connect(self._update_warning)

    @property
    def profile(self) -> ProfileControl:
        """The field in which a customization profile is chosen."""
        return cast(ProfileControl, self.rows[CUSTOMIZATION_PROFILE].control)

    def set_profiles(self, profiles: Sequence[CustomizationProfile]) -> None:
        self.profile.set_profiles(profiles)
        self._update_warning()

    def write_to(self, draft: RequestDraft) -> None:
        self.rows.write_to(draft)

    def fill(self, draft: RequestDraft) -> None:
        self.rows.fill(draft)

    def show_field_error(self, path: str, reason: str) -> QWidget | None:
        return self.rows.show_field_error(path, reason)

    def clear_errors(self) -> None:
        self.rows.clear_errors()
        self._update_warning()

    def summary(self) -> str:
        return " · ".join(self.rows.summaries())

    def _update_warning(self) -> None:
        self.rows[CUSTOMIZATION_PROFILE].show_warning(self.profile.problem())
