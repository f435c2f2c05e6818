"""The user's presets, each workspace's default preset, import and export."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.ports import PresetStore
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.request.preset import (
    Preset,
    PresetError,
    PresetVertical,
    checked_name,
    without_customer,
)
from seam_portal_desktop.services.table_mappings import TableMappings
from seam_portal_desktop.texts import _

_DEFAULTS = "default_presets"


class PresetService:
    """The shipped and the user's own presets. Methods raise UserFacingError and nothing else.

    A workspace's default preset is in `data`'s options; `save_preferences` writes them. An exported
    preset has the `table_mappings` that were used with it.
    """

    def __init__(
        self,
        store: PresetStore,
        data: PreferencesData,
        save_preferences: Callable[[], Awaitable[None]],
        table_mappings: TableMappings,
    ) -> None:
        self._store = store
        self._table_mappings = table_mappings
        self._data = data
        self._save_preferences = save_preferences
        self._presets: list[Preset] | None = None
        self._unreadable: tuple[str, ...] = ()

    @property
    def unreadable(self) -> tuple[str, ...]:
        """The names of files in the user's folder that are no presets, since the last `list`."""
        return self._unreadable

    async def list(self) -> Sequence[Preset]:
        """The shipped presets, which keep their order and shortcuts, then the user's by name."""
        if self._presets is None:
            stored = await self._store.load()
            # Another call may have loaded them meanwhile, and saved one since.
            if self._presets is None:
                self._presets, self._unreadable = list(stored.presets), stored.unreadable
        self._presets.sort(key=_sort_key)
        return tuple(self._presets)

    async def save(self, name: str, vertical: PresetVertical, request: PortalRequest) -> Preset:
        """Save `request`, without the customer's data, as a new preset."""
        preset = Preset(
            preset_id=str(uuid.uuid4()),
            name=await self._free_name(name),
            vertical=vertical,
            request=without_customer(request),
        )
        return await self._save(preset)

    async def replace(self, preset_id: str, request: PortalRequest) -> Preset:
        """Replace the request of one of the user's presets."""
        preset = await self._own(preset_id)
        return await self._save(replace(preset, request=without_customer(request)))

    async def rename(self, preset_id: str, name: str) -> Preset:
        preset = await self._own(preset_id)
        return await self._save(replace(preset, name=await self._free_name(name, preset_id)))

    async def delete(self, preset_id: str) -> Preset:
        """Delete one of the user's presets and return it for `restore`."""
        preset = await self._own(preset_id)
        await self._store.delete(preset_id)
        self._presets = [each for each in await self.list() if each.preset_id != preset_id]
        return preset

    async def restore(self, preset: Preset) -> Preset:
        """Undo `delete`. It is again the default of the workspaces whose default it was."""
        return await self._save(preset)

    async def import_file(self, path: Path) -> Preset:
        """Add the preset of a file. If its name exists, it gets a number.

        The mappings of tables that came with it are remembered, and shown when they are first used.
        """
        preset = await self._store.read_file(path)
        names = {each.name.casefold() for each in await self.list()}
        own = replace(preset, name=_numbered(preset.name, names), table_mappings=())
        saved = await self._save(own)
        if preset.table_mappings:
            foreign = [replace(each, is_confirmed=False) for each in preset.table_mappings]
            await self._table_mappings.add(foreign, saved.preset_id)
        return saved

    async def export_file(self, preset_id: str, path: Path) -> None:
        used = self._table_mappings.used_with(preset_id)
        mappings = tuple(replace(each, is_confirmed=True) for each in used)
        preset = await self._find(preset_id)
        await self._store.write_file(replace(preset, table_mappings=mappings), path)

    async def default_of(self, workspace_id: str) -> Preset | None:
        """The preset for new portals in this workspace, or None."""
        default_id = self._defaults().get(workspace_id)
        return next((each for each in await self.list() if each.preset_id == default_id), None)

    async def make_default(self, workspace_id: str, preset_id: str | None) -> None:
        """Set the preset for new portals in this workspace, or None."""
        defaults = {**self._defaults()}
        defaults.pop(workspace_id, None)
        if preset_id is not None:
            defaults[workspace_id] = (await self._find(preset_id)).preset_id
        self._data.options[_DEFAULTS] = defaults
        await self._save_preferences()

    def _defaults(self) -> dict[str, str]:
        defaults = self._data.options.get(_DEFAULTS)
        return defaults if isinstance(defaults, dict) else {}

    async def _save(self, preset: Preset) -> Preset:
        await self._store.save(preset)
        others = [each for each in await self.list() if each.preset_id != preset.preset_id]
        self._presets = [*others, preset]
        return preset

    async def _find(self, preset_id: str) -> Preset:
        for preset in await self.list():
            if preset.preset_id == preset_id:
                return preset
        raise UserFacingError(_("This preset is gone."), _("It was deleted. Choose another one."))

    async def _own(self, preset_id: str) -> Preset:
        preset = await self._find(preset_id)
        if preset.shipped:
            raise UserFacingError(
                _("{preset} comes with the program.").format(preset=preset.name),
                _("It can’t be changed. Save what you have as a preset of your own."),
            )
        return preset

    async def _free_name(self, text: str, preset_id: str | None = None) -> str:
        """The cleaned name. Raises UserFacingError if it is invalid or another preset has it."""
        try:
            name = checked_name(text)
        except PresetError as error:
            raise UserFacingError(_("The preset was not saved."), str(error)) from None
        for preset in await self.list():
            if preset.name.casefold() == name.casefold() and preset.preset_id != preset_id:
                raise UserFacingError(
                    _("The preset was not saved."),
                    _("There is one named {preset} already.").format(preset=preset.name),
                )
        return name


def _sort_key(preset: Preset) -> tuple[bool, str]:
    # Sorting is stable: the shipped presets stay in their order.
    return not preset.shipped, "" if preset.shipped else preset.name.casefold()


def _numbered(name: str, names: set[str]) -> str:
    number, numbered = 2, name
    while numbered.casefold() in names:
        # The name stays within its limit of 80 characters.
        numbered = f"{name[:74].rstrip()} ({number})"
        number += 1
    return numbered
