"""Where the columns of imported tables went, remembered for the next table with the same titles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from seam_portal_desktop.domain.preferences import MOST_TABLE_MAPPINGS, PreferencesData
from seam_portal_desktop.domain.tables.mapping import SheetMapping
from seam_portal_desktop.domain.tables.remembered import (
    MOST_CHARACTERS,
    RememberedMapping,
    read_remembered,
    remembered_mapping,
)

_OPTION = "table_mappings"
_MOST_PRESETS = 20


@dataclass(frozen=True, slots=True)
class _StoredMapping:
    """``presets`` are the ids of the presets that the mapping was used with."""

    mapping: RememberedMapping
    presets: tuple[str, ...]


class TableMappings:
    """Remembered mappings are in `data`'s options, the latest first.

    `save_preferences` writes them. Methods raise UserFacingError and nothing else.
    """

    def __init__(
        self, data: PreferencesData, save_preferences: Callable[[], Awaitable[None]]
    ) -> None:
        self._data = data
        self._save_preferences = save_preferences

    def known(self, kind: str) -> Sequence[RememberedMapping]:
        """Those for tables of `kind`, a field of customer_data, for `guess_mapping`."""
        return [each.mapping for each in self._stored() if each.mapping.kind == kind]

    def used_with(self, preset_id: str) -> tuple[RememberedMapping, ...]:
        """Those that were used while the form was filled from this preset, for its export."""
        return tuple(each.mapping for each in self._stored() if preset_id in each.presets)

    async def remember(self, mapping: SheetMapping, preset_id: str = "") -> None:
        """Use `mapping` for the next table with its titles. `preset_id` is empty for no preset.

        A mapping that can't be recognised again isn't remembered, such as one without titles.
        """
        remembered = remembered_mapping(mapping)
        if remembered is not None:
            await self.add([remembered], preset_id)

    async def add(self, mappings: Sequence[RememberedMapping], preset_id: str) -> None:
        """Remember mappings that were confirmed, or that came with a preset and are not."""
        stored = self._stored()
        for mapping in reversed(mappings):
            same = [each for each in stored if each.mapping.is_for_titles_of(mapping)]
            presets = dict.fromkeys(
                [
                    *([preset_id] if preset_id else []),
                    *(id_ for each in same for id_ in each.presets),
                ]
            )
            # What came with a preset doesn't change what the user has confirmed.
            own = next((each.mapping for each in same if each.mapping.is_confirmed), None)
            kept = own if own is not None and not mapping.is_confirmed else mapping
            new = _StoredMapping(kept, tuple(presets)[:_MOST_PRESETS])
            stored = [new, *(each for each in stored if each not in same)]
        before = self._data.options.get(_OPTION, [])
        after = [
            {
                "mapping": each.mapping.to_json(),
                "presets": [*each.presets],
                "confirmed": each.mapping.is_confirmed,
            }
            for each in _latest(stored)
        ]
        if after != before:
            self._data.options[_OPTION] = after
            await self._save_preferences()

    def _stored(self) -> list[_StoredMapping]:
        stored = []
        for each in self._data.options.get(_OPTION, []):
            mapping = read_remembered(each["mapping"])
            if mapping is not None:
                known = replace(mapping, is_confirmed=each["confirmed"])
                stored.append(_StoredMapping(known, tuple(each["presets"])))
        return stored


def _latest(stored: Sequence[_StoredMapping]) -> list[_StoredMapping]:
    """As many of the latest ones as are kept."""
    kept: list[_StoredMapping] = []
    characters = 0
    for each in stored[:MOST_TABLE_MAPPINGS]:
        characters += each.mapping.characters
        if characters > MOST_CHARACTERS:
            break
        kept.append(each)
    return kept
