"""Keeping, choosing and sharing presets."""

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

_DEFAULTS = "default_presets"


class PresetService:
    """The presets of this user. Every method raises UserFacingError and nothing else.

    A workspace's default is remembered in `data`'s options; `save_preferences` writes them.
    """

    def __init__(
        self,
        store: PresetStore,
        data: PreferencesData,
        save_preferences: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._data = data
        self._save_preferences = save_preferences
        self._presets: list[Preset] | None = None
        self._unreadable: tuple[str, ...] = ()

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Names of files in the user's folder that are no presets, as of the last `list`."""
        return self._unreadable

    async def list(self) -> Sequence[Preset]:
        """The shipped ones first, so that their numbers never change, then the user's by name."""
        if self._presets is None:
            stored = await self._store.load()
            # Whoever asked at the same time may have been answered sooner, and have saved since.
            if self._presets is None:
                self._presets, self._unreadable = list(stored.presets), stored.unreadable
        self._presets.sort(key=_place)
        return tuple(self._presets)

    async def save(self, name: str, vertical: PresetVertical, request: PortalRequest) -> Preset:
        """Keep `request`, but for the customer's own data, under a new name."""
        preset = Preset(
            preset_id=str(uuid.uuid4()),
            name=await self._free_name(name),
            vertical=vertical,
            request=without_customer(request),
        )
        return await self._keep(preset)

    async def replace(self, preset_id: str, request: PortalRequest) -> Preset:
        """Let one of the user's own presets hold `request` from now on."""
        preset = await self._own(preset_id)
        return await self._keep(replace(preset, request=without_customer(request)))

    async def rename(self, preset_id: str, name: str) -> Preset:
        preset = await self._own(preset_id)
        return await self._keep(replace(preset, name=await self._free_name(name, preset_id)))

    async def delete(self, preset_id: str) -> Preset:
        """Forget one of the user's own; give what is returned to `restore` to undo it."""
        preset = await self._own(preset_id)
        await self._store.delete(preset_id)
        self._presets = [each for each in await self.list() if each.preset_id != preset_id]
        return preset

    async def restore(self, preset: Preset) -> Preset:
        """Undo `delete`. A workspace whose default it was has it as its default again."""
        return await self._keep(preset)

    async def import_file(self, path: Path) -> Preset:
        """Take in a file that somebody shared. A name that is taken gets a number."""
        preset = await self._store.read_file(path)
        taken = {each.name.casefold() for each in await self.list()}
        return await self._keep(replace(preset, name=_numbered(preset.name, taken)))

    async def export_file(self, preset_id: str, path: Path) -> None:
        await self._store.write_file(await self._find(preset_id), path)

    async def default_of(self, workspace_id: str) -> Preset | None:
        """What a new portal in that workspace starts from, or None."""
        wanted = self._defaults().get(workspace_id)
        return next((each for each in await self.list() if each.preset_id == wanted), None)

    async def make_default(self, workspace_id: str, preset_id: str | None) -> None:
        """Let new portals in that workspace start from this preset, or with None from nothing."""
        defaults = {**self._defaults()}
        defaults.pop(workspace_id, None)
        if preset_id is not None:
            defaults[workspace_id] = (await self._find(preset_id)).preset_id
        self._data.options[_DEFAULTS] = defaults
        await self._save_preferences()

    def _defaults(self) -> dict[str, str]:
        kept = self._data.options.get(_DEFAULTS)
        return kept if isinstance(kept, dict) else {}

    async def _keep(self, preset: Preset) -> Preset:
        await self._store.save(preset)
        others = [each for each in await self.list() if each.preset_id != preset.preset_id]
        self._presets = [*others, preset]
        return preset

    async def _find(self, preset_id: str) -> Preset:
        for preset in await self.list():
            if preset.preset_id == preset_id:
                return preset
        raise UserFacingError("This preset is gone.", "It was deleted. Choose another one.")

    async def _own(self, preset_id: str) -> Preset:
        preset = await self._find(preset_id)
        if preset.shipped:
            raise UserFacingError(
                f"{preset.name} comes with the program.",
                "It can’t be changed. Save what you have as a preset of your own.",
            )
        return preset

    async def _free_name(self, text: str, preset_id: str | None = None) -> str:
        """The name as it will be kept. Two presets of one name couldn't be told apart."""
        try:
            name = checked_name(text)
        except PresetError as error:
            raise UserFacingError("The preset was not saved.", str(error)) from None
        for preset in await self.list():
            if preset.name.casefold() == name.casefold() and preset.preset_id != preset_id:
                raise UserFacingError(
                    "The preset was not saved.", f"There is one named {preset.name} already."
                )
        return name


def _place(preset: Preset) -> tuple[bool, str]:
    # Sorting is stable: the shipped ones keep their order.
    return not preset.shipped, "" if preset.shipped else preset.name.casefold()


def _numbered(name: str, taken: set[str]) -> str:
    number, numbered = 2, name
    while numbered.casefold() in taken:
        # What makes room for the number keeps the name within its limit.
        numbered = f"{name[:74].rstrip()} ({number})"
        number += 1
    return numbered
