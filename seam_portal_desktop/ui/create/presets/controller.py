"""Presets in one New portal dialog: choose, undo, save, manage."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.services.presets import PresetService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.form.settings import field_name
from seam_portal_desktop.ui.create.presets.manage_dialog import ManagePresetsDialog
from seam_portal_desktop.ui.create.presets.preset_bar import PresetBar
from seam_portal_desktop.ui.create.presets.save_dialog import SavePresetDialog
from seam_portal_desktop.ui.toolkit.form_parts import isolate
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Theme, Tone

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest
    from seam_portal_desktop.domain.request.preset import Preset

_COMPARED_AFTER_MS = 400
_SUMMARY = _(
    "Everything that is set in the form is kept, but for the customer’s own data: the customer "
    "key, the data, the landing page and the deep link."
)


class PresetsController(QObject):
    """Adds a preset bar to `dialog`, and lives as long as the dialog."""

    def __init__(
        self,
        dialog: NewPortalDialog,
        presets: PresetService,
        workspace_id: str,
        theme: Theme,
        icons: Icons,
        scope: TaskScope,
    ) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._presets = presets
        self._workspace_id = workspace_id
        self._theme = theme
        self._icons = icons
        self._scope = scope
        self._presets_by_id: dict[str, Preset] = {}
        self._undo: Callable[[], None] | None = None
        self._is_closed = False
        self._manager: ManagePresetsDialog | None = None
        self._save_dialog: SavePresetDialog | None = None
        self.bar = bar = PresetBar(theme, icons, dialog)
        dialog.set_preset_bar(bar)
        bar.chosen.connect(self._choose)
        bar.undo_button.clicked.connect(self._run_undo)
        bar.save_action.triggered.connect(self._ask_for_name)
        bar.update_action.triggered.connect(lambda _: self._start(self._update()))
        bar.default_action.triggered.connect(self._toggle_default)
        bar.manage_action.triggered.connect(self._manage)
        # Comparing reads the whole form with thousands of rows, which takes too long per keystroke.
        self._compare_timer = QTimer(self)
        self._compare_timer.setSingleShot(True)
        self._compare_timer.setInterval(_COMPARED_AFTER_MS)
        self._compare_timer.timeout.connect(self._compare)
        dialog.edited.connect(self._on_edited)
        dialog.finished.connect(self._on_finished)

    async def prepare(self, *, use_default: bool, preset_id: str = "") -> None:
        """Fill the bar; with `use_default` also the form, if this workspace has a default.

        `preset_id` is the preset that the form started from.
        """
        await self._refresh()
        default = await self._presets.default_of(self._workspace_id)
        if self._is_closed:
            return
        if use_default and default is not None:
            self._apply(default.request, default)
        else:
            self.show_preset(preset_id)

    def show_preset(self, preset_id: str) -> None:
        """Show the preset that the form started from, or none. The form stays as it is."""
        self._forget_undo()
        self.bar.set_current(preset_id)
        self._compare()

    def choose_named(self, name: str) -> None:
        """Apply the preset with this name, whatever its capitals, or say that there is none."""
        for preset_id, preset in self._presets_by_id.items():
            if preset.name.casefold() == name.casefold():
                self._choose(preset_id)
                return
        self.bar.show_message(
            _("There is no preset “{name}”.").format(name=isolate(name)), tone=Tone.WARNING
        )

    def current_name(self) -> str:
        """The name of the preset that the form was filled from, or an empty text."""
        preset = self._presets_by_id.get(self.bar.current_id)
        return preset.name if preset else ""

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work`. It goes on when the dialog closes, but shows nothing then."""

        async def run() -> None:
            try:
                await work
            except UserFacingError as error:
                self._show_error(error)

        self._scope.start(run())

    def _show_error(self, error: UserFacingError) -> None:
        if self._is_closed:
            return
        if self._manager is not None:
            self._manager.error_card.set_error(error)
        else:
            self.bar.show_message(str(error), tone=Tone.DANGER)

    def _on_finished(self) -> None:
        self._is_closed = True
        self._manager = self._save_dialog = None

    async def _refresh(self) -> None:
        presets = await self._presets.list()
        default = await self._presets.default_of(self._workspace_id)
        if self._is_closed:
            return
        self._presets_by_id = {preset.preset_id: preset for preset in presets}
        default_id = default.preset_id if default else None
        self.bar.set_presets(presets, default_id)
        self._compare()
        if self._manager is not None:
            self._manager.set_presets(presets, default_id, self._presets.unreadable)

    def _choose(self, preset_id: str) -> None:
        from seam_portal_desktop.domain.request import PortalRequest

        preset = self._presets_by_id.get(preset_id)
        before, before_id = self._settings(), self.bar.current_id
        was_edited = before not in (PortalRequest(), self._request_of(before_id))
        if not self._apply(preset.request if preset else PortalRequest(), preset):
            return
        if was_edited:
            earlier = self._presets_by_id.get(before_id)
            self._offer_undo(
                _("Your settings were replaced."), lambda: self._restore(before, earlier)
            )

    def _restore(self, settings: PortalRequest, preset: Preset | None) -> None:
        self._apply(settings, preset)
        self._compare()

    def _apply(self, settings: PortalRequest, preset: Preset | None) -> bool:
        """Fill the form with `settings`, and keep the customer's own data.

        False, without a change, if there is a mistake in the customer's data.
        """
        from seam_portal_desktop.domain.request.preset import CUSTOMERS_OWN, for_customer
        from seam_portal_desktop.domain.request.problems import check_against_contract

        wire = self._dialog.wire()
        own = check_against_contract({name: wire[name] for name in CUSTOMERS_OWN if name in wire})
        if own.request is None:
            problem = own.problems[0]
            text = _("First put this right: {field_name}. {reason}.").format(
                field_name=field_name(problem.path), reason=problem.reason
            )
            self.bar.set_current(self.bar.current_id)
            self.bar.show_message(text, tone=Tone.DANGER)
            return False
        self._dialog.fill(for_customer(settings, own.request))
        if preset is not None and preset.vertical.value:
            self._dialog.data.set_vertical(preset.vertical.value)
        self._forget_undo()
        self.bar.set_current(preset.preset_id if preset else "")
        return True

    def _settings(self) -> PortalRequest:
        """The settings for a preset, without the groups that have a mistake in them."""
        from seam_portal_desktop.domain.request import PortalRequest
        from seam_portal_desktop.domain.request.problems import check_against_contract

        wire = self._settings_wire()
        wrong = {
            problem.path.partition(".")[0] for problem in check_against_contract(wire).problems
        }
        right = {name: value for name, value in wire.items() if name not in wrong}
        return check_against_contract(right).request or PortalRequest()

    def _settings_wire(self) -> Mapping[str, Any]:
        from seam_portal_desktop.domain.request.preset import CUSTOMERS_OWN

        wire = self._dialog.wire()
        return {name: value for name, value in wire.items() if name not in CUSTOMERS_OWN}

    def _checked_settings(self) -> PortalRequest | None:
        """The settings for a preset; None, and the reason in the bar, if there is a mistake."""
        from seam_portal_desktop.domain.request.problems import check_against_contract

        checked = check_against_contract(self._settings_wire())
        if checked.request is None:
            problem = checked.problems[0]
            text = _("First put this right: {field_name}. {reason}.").format(
                field_name=field_name(problem.path), reason=problem.reason
            )
            self.bar.show_message(text, tone=Tone.DANGER)
        return checked.request

    def _request_of(self, preset_id: str) -> PortalRequest | None:
        preset = self._presets_by_id.get(preset_id)
        return preset.request if preset else None

    def _on_edited(self) -> None:
        if self._undo is not None:
            self._forget_undo()
        self._compare_timer.start()

    def _compare(self) -> None:
        request = self._request_of(self.bar.current_id)
        if not self._is_closed:
            changed = request is not None and self._settings() != request
            self.bar.set_current(self.bar.current_id, changed=changed)

    def _offer_undo(self, text: str, undo: Callable[[], None]) -> None:
        self._undo = undo
        self.bar.show_message(text, undo=True)

    def _run_undo(self) -> None:
        undo, self._undo = self._undo, None
        self.bar.show_message("")
        if undo is not None:
            undo()

    def _forget_undo(self) -> None:
        self._undo = None
        self.bar.show_message("")

    def _ask_for_name(self) -> None:
        settings = self._checked_settings()
        if settings is None:
            return
        self._save_dialog = dialog = SavePresetDialog(
            self._theme,
            self._icons,
            summary=_SUMMARY,
            vertical=self._dialog.data.vertical.name,
            parent=self._dialog,
        )

        async def save() -> None:
            from seam_portal_desktop.domain.request.preset import PresetVertical

            dialog.set_busy(True)
            try:
                saved = await self._presets.save(
                    dialog.name(), PresetVertical(dialog.vertical()), settings
                )
            except UserFacingError as error:
                if self._save_dialog is dialog:
                    dialog.show_error(error)
                return
            await self._refresh()
            if self._save_dialog is dialog:
                dialog.set_busy(False)
                dialog.accept()
                self.bar.set_current(saved.preset_id)
                self.bar.show_message(_("Saved."))

        def end() -> None:
            self._save_dialog = None
            dialog.deleteLater()

        dialog.save_requested.connect(lambda: self._start(save()))
        dialog.cancel_requested.connect(lambda: dialog.set_busy(False))
        dialog.finished.connect(end)
        dialog.open()

    async def _update(self) -> None:
        before = self._presets_by_id.get(self.bar.current_id)
        settings = self._checked_settings()
        if before is None or settings is None:
            return
        await self._presets.replace(before.preset_id, settings)
        await self._refresh()
        if not self._is_closed:
            self._offer_undo(
                _("The preset is updated."),
                lambda: self._start(self._refresh_after(self._presets.restore(before))),
            )

    def _toggle_default(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._make_default(self.bar.current_id if on else "")

    def _make_default(self, preset_id: str) -> None:
        made = self._presets.make_default(self._workspace_id, preset_id or None)
        self._start(self._refresh_after(made))

    def _manage(self) -> None:
        self._manager = manager = ManagePresetsDialog(self._theme, self._icons, self._dialog)
        presets = self._presets
        deleted: list[Preset] = []

        async def delete(preset_id: str) -> None:
            deleted[:] = [await presets.delete(preset_id)]
            await self._refresh()
            if self._manager is manager:
                manager.show_deleted(deleted[0].name)

        async def undo() -> None:
            restored = await presets.restore(deleted.pop())
            await self._refresh()
            if self._manager is manager:
                manager.hide_undo()
                manager.select(restored.preset_id)

        async def import_preset(path: str) -> None:
            imported = await presets.import_file(Path(path))
            await self._refresh()
            if self._manager is manager:
                manager.select(imported.preset_id)

        def export(preset_id: str, path: str) -> None:
            self._start(presets.export_file(preset_id, Path(path)))

        def end() -> None:
            self._manager = None
            manager.deleteLater()

        manager.renamed.connect(
            lambda preset_id, name: self._start(
                self._refresh_after(presets.rename(preset_id, name))
            )
        )
        manager.delete_requested.connect(lambda preset_id: self._start(delete(preset_id)))
        manager.undo_button.clicked.connect(lambda _: self._start(undo()))
        manager.default_requested.connect(self._make_default)
        manager.import_requested.connect(lambda path: self._start(import_preset(path)))
        manager.export_requested.connect(export)
        manager.finished.connect(end)
        self._start(self._refresh())
        manager.open()

    async def _refresh_after(self, work: Awaitable[object]) -> None:
        await work
        await self._refresh()
