"""Saved filters in the preferences' options."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.preferences import (
    MOST_SAVED_FILTERS,
    PreferencesData,
    check_options,
)
from seam_portal_desktop.services.saved_filters import SavedFilterService

pytestmark = pytest.mark.anyio


@pytest.fixture
def data():
    return PreferencesData()


@pytest.fixture
def saved(data):
    async def save() -> None:
        options, dropped = check_options(data.options)
        assert (options, dropped) == (data.options, []), "the next run can use it"

    return SavedFilterService(data, save)


async def test_each_workspace_has_its_own_by_name(saved, data):
    await saved.save("w", "  not\n sent ", "sent:no")
    await saved.save("w", "Mine", "creator:ada")
    await saved.save("other", "Mine", "creator:ben")
    assert [*saved.list("w").items()] == [("Mine", "creator:ada"), ("not sent", "sent:no")]
    await saved.rename("w", "Mine", "All mine")
    await saved.rename("w", "All mine", "ALL MINE")
    await saved.delete("w", "not sent")
    assert saved.list("w") == {"ALL MINE": "creator:ada"}
    await saved.delete("w", "ALL MINE")
    assert data.options == {"saved_filters": {"other": {"Mine": "creator:ben"}}}


async def test_a_name_is_used_once_and_never_empty(saved):
    await saved.save("w", "Mine", "creator:ada")
    await saved.save("w", "Other", "sent:no")
    for attempt in (
        saved.save("w", "mine", "x"),
        saved.save("w", "  ", "x"),
        saved.rename("w", "Other", "MINE"),
    ):
        with pytest.raises(UserFacingError, match="not saved"):
            await attempt
    assert saved.list("w") == {"Mine": "creator:ada", "Other": "sent:no"}


async def test_there_are_only_so_many(saved):
    for number in range(MOST_SAVED_FILTERS):
        await saved.save("w", str(number), "sent:no")
    with pytest.raises(UserFacingError, match="not saved"):
        await saved.save("w", "one more", "sent:no")
