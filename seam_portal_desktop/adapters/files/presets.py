"""Presets as files in the format of domain/request/preset.py: shipped ones and the user's own."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from pathlib import Path

from seam_portal_desktop.adapters.files.disk import read_start, technical_text
from seam_portal_desktop.adapters.files.user_files import read_file, write_file
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.ports import StoredPresets
from seam_portal_desktop.domain.request.preset import (
    LARGEST_FILE,
    Preset,
    PresetError,
    read_preset,
    write_preset,
)
from seam_portal_desktop.texts import _

_SHIPPED = ("short-term-rental", "hospitality", "multi-family", "gym", "read-only-review")
_MOST_FILES = 500


class FilePresetStore:
    """See the port. `folder` is created when the first preset is saved; `shipped` is only read."""

    def __init__(self, folder: Path, shipped: Path) -> None:
        self._folder = folder
        self._shipped = shipped

    async def load(self) -> StoredPresets:
        return await asyncio.to_thread(self._load)

    async def save(self, preset: Preset) -> None:
        content = _content(preset)
        try:
            await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _failed(_("The folder for presets could not be made."), error) from None
        await write_file(self._path(preset.preset_id), content)

    async def delete(self, preset_id: str) -> None:
        path = self._path(preset_id)
        try:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        except OSError as error:
            raise _failed(_("The preset could not be deleted."), error) from None

    async def read_file(self, path: Path) -> Preset:
        content = await read_file(path, LARGEST_FILE)
        try:
            return read_preset(content, str(uuid.uuid4()))
        except PresetError as error:
            raise UserFacingError(
                _("{path} was not imported.").format(path=path.name), str(error)
            ) from None

    async def write_file(self, preset: Preset, path: Path) -> None:
        await write_file(path, _content(preset))

    def _path(self, preset_id: str) -> Path:
        # Parsed, so that an id with a path in it is refused.
        return self._folder / f"{uuid.UUID(preset_id)}.json"

    def _load(self) -> StoredPresets:
        shipped = [self._read_shipped(name) for name in _SHIPPED]
        own: list[Preset] = []
        unreadable: list[str] = []
        for path in sorted(self._folder.glob("*.json"))[:_MOST_FILES]:
            try:
                own.append(read_preset(_read(path), str(uuid.UUID(path.stem))))
            except (OSError, ValueError):
                unreadable.append(path.name)
        own.sort(key=lambda preset: (preset.name.casefold(), preset.preset_id))
        return StoredPresets((*shipped, *own), tuple(unreadable))

    def _read_shipped(self, name: str) -> Preset:
        preset = read_preset(_read(self._shipped / f"{name}.json"), name, shipped=True)
        return replace(preset, name=_(preset.name))


def _read(path: Path) -> bytes:
    """At most one byte more than a preset may have, so that a larger file is refused."""
    return read_start(path, LARGEST_FILE + 1)


def _content(preset: Preset) -> bytes:
    try:
        return write_preset(preset).encode()
    except PresetError as error:
        raise UserFacingError(_("This preset can’t be kept."), str(error)) from None


def _failed(title: str, error: OSError) -> UserFacingError:
    message = _("Check that the file is still there and that you may use it.")
    return UserFacingError(title, message, technical=technical_text(error), can_retry=True)
