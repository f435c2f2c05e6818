"""Filters of the list that the user saved, for each workspace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.preferences import MOST_SAVED_FILTERS, PreferencesData, is_text
from seam_portal_desktop.texts import _

LONGEST_FILTER_NAME = 60

_OPTION = "saved_filters"
_NOT_SAVED = _("The filter was not saved.")


class SavedFilterService:
    """Saved filters are words of the search box by their names, in `data`'s options.

    `save_preferences` writes them. Methods raise UserFacingError and nothing else.
    """

    def __init__(
        self, data: PreferencesData, save_preferences: Callable[[], Awaitable[None]]
    ) -> None:
        self._data = data
        self._save_preferences = save_preferences

    def list(self, workspace_id: str) -> Mapping[str, str]:
        """The words of each saved filter by its name, in alphabetical order."""
        saved: dict[str, str] = self._data.options.get(_OPTION, {}).get(workspace_id, {})
        return dict(sorted(saved.items(), key=lambda each: each[0].casefold()))

    async def save(self, workspace_id: str, name: str, words: str) -> None:
        saved = dict(self.list(workspace_id))
        if len(saved) >= MOST_SAVED_FILTERS:
            raise UserFacingError(_NOT_SAVED, _("There are too many. Delete one first."))
        if not is_text(words):
            raise UserFacingError(_NOT_SAVED, _("It is too long."))
        saved[_free_name(name, saved)] = words
        await self._write(workspace_id, saved)

    async def rename(self, workspace_id: str, before: str, name: str) -> None:
        saved = dict(self.list(workspace_id))
        words = saved.pop(before)
        saved[_free_name(name, saved)] = words
        await self._write(workspace_id, saved)

    async def delete(self, workspace_id: str, name: str) -> None:
        saved = dict(self.list(workspace_id))
        del saved[name]
        await self._write(workspace_id, saved)

    async def _write(self, workspace_id: str, saved: Mapping[str, str]) -> None:
        before = self._data.options.get(_OPTION, {})
        others = {each: before[each] for each in before if each != workspace_id}
        self._data.options[_OPTION] = {**others, workspace_id: dict(saved)} if saved else others
        await self._save_preferences()


def _free_name(name: str, others: Mapping[str, str]) -> str:
    """`name` on one line. Raises UserFacingError if it is empty, or another filter has it."""
    name = " ".join(name.split())[:LONGEST_FILTER_NAME].strip()
    if not name:
        raise UserFacingError(_NOT_SAVED, _("Give it a name."))
    if name.casefold() in {each.casefold() for each in others}:
        raise UserFacingError(_NOT_SAVED, _("There is one named {name} already.").format(name=name))
    return name
