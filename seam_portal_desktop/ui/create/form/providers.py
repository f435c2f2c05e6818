"""The brands of devices that the customer can connect: only these, or all but these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.create.form.controls import SegmentsControl
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.setting_row import SettingRow
from seam_portal_desktop.ui.create.form.settings import (
    ACCEPTED_PROVIDERS,
    EXCLUDED_PROVIDERS,
    ControlKind,
    Setting,
)
from seam_portal_desktop.ui.create.form.token_list import ListControl
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

if TYPE_CHECKING:
    from seam_portal_desktop.domain.lookups import DeviceProvider

_ONLY, _ALL_BUT, _BOTH = "only", "all_but", "both"

_MODES = Setting(
    "providers",
    _("Providers"),
    ControlKind.SEGMENTS,
    _("The brands of devices that can be connected."),
    ((_ONLY, _("Only these")), (_ALL_BUT, _("All but these")), (_BOTH, _("Both lists"))),
)
_LISTS = {
    _ONLY: Setting(ACCEPTED_PROVIDERS, _("Only these providers"), ControlKind.LIST),
    _ALL_BUT: Setting(EXCLUDED_PROVIDERS, _("All but these providers"), ControlKind.LIST),
}


class ProvidersField(QWidget):
    """One list at a time, so that the two can't contradict each other.

    A request that was filled in with both keeps both, and a third mode shows them.
    """

    changed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.mode = SettingRow(_MODES, theme, icons, self)
        self.lists = {mode: SettingRow(each, theme, icons, self) for mode, each in _LISTS.items()}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        column.addWidget(self.mode)
        for row in self.lists.values():
            column.addWidget(row)
            row.changed.connect(self._on_edited)
        self.mode.changed.connect(self._on_edited)
        self._segment(_BOTH).hide()
        self._update_fields()

    def set_providers(self, providers: Sequence[DeviceProvider]) -> None:
        texts = {each.name: each.display_name for each in providers}
        for mode in self.lists:
            self._list(mode).set_suggestions(texts)
        self._update_fields()

    def write_to(self, draft: RequestDraft) -> None:
        for mode, row in self.lists.items():
            draft.put(row.setting.path, row.control.value() if self._shows(mode) else None)

    def fill(self, draft: RequestDraft) -> None:
        given = [
            mode for mode, row in self.lists.items() if draft.get(row.setting.path) is not None
        ]
        self._segment(_BOTH).setVisible(len(given) == 2)
        for row in self.lists.values():
            row.fill(draft)
        self.mode.control.set_value(_BOTH if len(given) == 2 else next(iter(given), None))
        self._update_fields()

    def unsent(self) -> list[Any]:
        lists = (row.control.value() for row in self.lists.values())
        return [self.mode.control.value(), *lists]

    def restore_unsent(self, entered: Sequence[Any]) -> None:
        mode, *lists = entered
        for row, values in zip(self.lists.values(), lists, strict=True):
            row.control.set_value(values)
        self.mode.control.set_value(mode)
        self._update_fields()

    def summaries(self) -> list[str]:
        shown = [row for mode, row in self.lists.items() if self._shows(mode)]
        return [text for row in shown if (text := row.summary())]

    def show_field_error(self, path: str, reason: str) -> QWidget | None:
        for mode, row in self.lists.items():
            if row.has_path(path):
                if not self._shows(mode):
                    self.mode.control.set_value(mode)
                return row.show_error(reason)
        return None

    def clear_errors(self) -> None:
        for row in self.lists.values():
            row.clear_note()
        self._update_fields()

    def _mode(self) -> str:
        """One of the modes, or empty when nothing is sent."""
        return self.mode.control.value() or ""

    def _shows(self, mode: str) -> bool:
        return self._mode() in (mode, _BOTH)

    def _segment(self, mode: str) -> QWidget:
        return cast(SegmentsControl, self.mode.control).segments.button(mode)

    def _list(self, mode: str) -> ListControl:
        return cast(ListControl, self.lists[mode].control)

    def _on_edited(self) -> None:
        self._update_fields()
        self.changed.emit()

    def _update_fields(self) -> None:
        for mode, row in self.lists.items():
            row.setVisible(self._shows(mode))
        self.mode.show_warning(self._warning())
        empty = self._mode() in self.lists and not self._values(self._mode())
        if empty and self.mode.note.tone is None:
            self.mode.note.show_note(
                _("No provider is named yet, so this still has the workspace’s default."), Tone.INFO
            )
        elif not empty and self.mode.note.tone is Tone.INFO:
            self.mode.note.clear()

    def _warning(self) -> str | None:
        if self._mode() != _BOTH:
            return None
        both = [each for each in self._values(_ONLY) if each in self._values(_ALL_BUT)]
        if both:
            name = self._list(_ONLY).text_of(both[0])
            more = len(both) - 1
            text = (
                ngettext(
                    "{name} and {count} more are in both lists. Choose one list.",
                    "{name} and {count} more are in both lists. Choose one list.",
                    more,
                )
                if more
                else _("{name} is in both lists. Choose one list.")
            )
            return text.format(name=name, count=more)
        from seam_portal_desktop.domain.request.check import BOTH_PROVIDER_LISTS

        return BOTH_PROVIDER_LISTS

    def _values(self, mode: str) -> list[str]:
        return self.lists[mode].control.value() or []
