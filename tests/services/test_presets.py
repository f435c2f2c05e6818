"""Presets in a real folder, with the shipped presets."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace

import msgspec
import pytest

from seam_portal_desktop.adapters.files.presets import FilePresetStore
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.ports import PreferencesData
from seam_portal_desktop.domain.request import PortalRequest, decode_request
from seam_portal_desktop.domain.request.check import check_request
from seam_portal_desktop.domain.request.preset import PresetVertical
from seam_portal_desktop.domain.tables.remembered import RememberedMapping
from seam_portal_desktop.paths import resource
from seam_portal_desktop.services.presets import PresetService
from seam_portal_desktop.services.table_mappings import TableMappings
from tests.support.contract import create_portal_schema, full_example

pytestmark = pytest.mark.anyio

FULL = decode_request(json.dumps(full_example(create_portal_schema())))
READ_ONLY = PortalRequest(read_only=True)
SHIPPED = ["Short-term rental", "Hospitality", "Multi-family", "Gym", "Read-only review"]


class SharedFiles:
    """The folder and the preferences that all runs use."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.data = PreferencesData()
        self.saves = 0

    def service(self) -> PresetService:
        async def save() -> None:
            self.saves += 1
            json.dumps(self.data.options)

        self.mappings = TableMappings(self.data, save)
        store = FilePresetStore(self.folder, resource("presets"))
        return PresetService(store, self.data, save, self.mappings)


@pytest.fixture
def files(tmp_path):
    return SharedFiles(tmp_path / "presets")


@pytest.fixture
def presets(files):
    return files.service()


async def names(presets: PresetService) -> list[str]:
    return [preset.name for preset in await presets.list()]


async def own_names(presets: PresetService) -> list[str]:
    return [preset.name for preset in await presets.list() if not preset.shipped]


async def test_the_shipped_presets_are_valid_requests(presets):
    shipped = await presets.list()
    assert [preset.name for preset in shipped] == SHIPPED
    assert {preset.vertical for preset in shipped} == set(PresetVertical)
    for preset in shipped:
        wire = msgspec.to_builtins(preset.request)
        problems = check_request(wire | {"customer_data": {"customer_key": "k"}}).problems
        assert problems == ()
    assert len({preset.request for preset in map(_hashable, shipped)}) == len(SHIPPED)


def _hashable(preset):
    class Encoded:
        request = msgspec.json.encode(preset.request)

    return Encoded


async def test_a_saved_preset_is_found_by_the_next_run(presets, files):
    saved = await presets.save("  Our hotels ", PresetVertical.HOSPITALITY, FULL)
    assert saved.name == "Our hotels"
    again = (await files.service().list())[-1]
    assert again == saved
    assert again.request.customer_data is msgspec.UNSET
    assert await names(presets) == [*SHIPPED, "Our hotels"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
async def test_only_the_owner_can_read_presets(presets, files):
    await presets.save("Ours", PresetVertical.ANY, READ_ONLY)
    modes = [path.stat().st_mode & 0o777 for path in (files.folder, *files.folder.iterdir())]
    assert modes == [0o700, 0o600]


async def test_own_presets_are_sorted_by_name(presets):
    for name in ("b", "C", "a"):
        await presets.save(name, PresetVertical.ANY, READ_ONLY)
    assert await own_names(presets) == ["a", "b", "C"]


@pytest.mark.parametrize("name", ["", "  ", "GYM", "x" * 81])
async def test_a_bad_name_saves_nothing(presets, name):
    with pytest.raises(UserFacingError):
        await presets.save(name, PresetVertical.ANY, READ_ONLY)
    assert await own_names(presets) == []


async def test_rename_replace_delete_and_undo(presets, files):
    saved = await presets.save("Old", PresetVertical.GYM, PortalRequest())
    await presets.rename(saved.preset_id, "New")
    await presets.rename(saved.preset_id, "NEW")
    await presets.replace(saved.preset_id, FULL)
    deleted = await presets.delete(saved.preset_id)
    assert deleted.request.read_only is FULL.read_only
    assert await own_names(presets) == await own_names(files.service()) == []
    await presets.restore(deleted)
    assert await own_names(presets) == await own_names(files.service()) == ["NEW"]


async def test_shipped_presets_cannot_be_changed(presets):
    gym = (await presets.list())[3]
    for attempt in (
        presets.rename(gym.preset_id, "Mine"),
        presets.replace(gym.preset_id, READ_ONLY),
        presets.delete(gym.preset_id),
    ):
        with pytest.raises(UserFacingError, match="comes with the program"):
            await attempt
    assert await names(presets) == SHIPPED


async def test_each_workspace_has_its_own_default(presets, files):
    gym = (await presets.list())[3]
    assert await presets.default_of("one") is None
    await presets.make_default("one", gym.preset_id)
    again = files.service()
    assert await again.default_of("one") == gym
    assert await again.default_of("two") is None
    await again.make_default("one", None)
    assert await again.default_of("one") is None
    assert files.saves == 2


async def test_a_deleted_default_is_none_until_it_is_restored(presets):
    saved = await presets.save("Ours", PresetVertical.ANY, READ_ONLY)
    await presets.make_default("one", saved.preset_id)
    deleted = await presets.delete(saved.preset_id)
    assert await presets.default_of("one") is None
    with pytest.raises(UserFacingError):
        await presets.make_default("two", saved.preset_id)
    await presets.restore(deleted)
    assert await presets.default_of("one") == saved


@pytest.mark.parametrize("options", [{"default_presets": "x"}, {"default_presets": {"one": 5}}])
async def test_broken_preferences_mean_no_default(presets, files, options):
    files.data.options = options
    assert await presets.default_of("one") is None


async def test_export_and_import_are_each_others_opposite(presets, files, tmp_path):
    saved = await presets.save("Ours", PresetVertical.GYM, FULL)
    path = tmp_path / "ours.json"
    await presets.export_file(saved.preset_id, path)
    imported = await presets.import_file(path)
    assert (imported.name, imported.vertical, imported.request) == (
        "Ours (2)",
        saved.vertical,
        saved.request,
    )
    assert imported.preset_id != saved.preset_id
    assert await own_names(files.service()) == ["Ours", "Ours (2)"]


async def test_an_exported_preset_brings_the_mappings_that_were_used_with_it(
    presets, files, tmp_path
):
    used = RememberedMapping("guests", {"Kennzahl": "guest_key", "Farbe": ""})
    other = RememberedMapping("guests", {"Kennzahl": "guest_key"})
    saved = await presets.save("Ours", PresetVertical.GYM, READ_ONLY)
    await files.mappings.add([used], saved.preset_id)
    await files.mappings.add([other], "another-preset")
    path = tmp_path / "ours.json"
    await presets.export_file(saved.preset_id, path)
    assert json.loads(path.read_text("utf-8"))["version"] == 2
    elsewhere = SharedFiles(tmp_path / "elsewhere")
    imported = await elsewhere.service().import_file(path)
    foreign = replace(used, is_confirmed=False)
    assert list(elsewhere.mappings.known("guests")) == [foreign]
    assert elsewhere.mappings.used_with(imported.preset_id) == (foreign,)
    again = await elsewhere.service().list()
    assert [each.table_mappings for each in again if not each.shipped] == [()]


async def test_a_preset_without_mappings_can_be_read_by_older_versions(presets, tmp_path):
    saved = await presets.save("Ours", PresetVertical.GYM, READ_ONLY)
    path = tmp_path / "ours.json"
    await presets.export_file(saved.preset_id, path)
    document = json.loads(path.read_text("utf-8"))
    assert (document["version"], "table_mappings" in document) == (1, False)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b'{"format":"seam-portal-preset","version":9}']
)
async def test_a_hostile_import_saves_nothing(presets, files, tmp_path, content):
    path = tmp_path / "hostile.json"
    path.write_bytes(content)
    with pytest.raises(UserFacingError, match=r"hostile\.json was not imported"):
        await presets.import_file(path)
    assert not files.folder.exists()


async def test_importing_a_missing_path_or_a_folder_fails(presets, tmp_path):
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(UserFacingError, match="could not be read"):
            await presets.import_file(path)


async def test_damaged_files_are_named_and_not_changed(presets, files):
    saved = await presets.save("Ours", PresetVertical.ANY, READ_ONLY)
    (files.folder / "not-an-id.json").write_bytes(
        (files.folder / f"{saved.preset_id}.json").read_bytes()
    )
    broken = files.folder / "11111111-2222-4333-8444-555555555555.json"
    broken.write_text("{")
    again = files.service()
    assert await own_names(again) == ["Ours"]
    assert sorted(again.unreadable) == [broken.name, "not-an-id.json"]
    assert broken.exists()


async def test_a_folder_that_cannot_be_made_raises_an_error(files):
    files.folder.write_text("a file is in the way")
    with pytest.raises(UserFacingError, match="could not be made"):
        await files.service().save("Ours", PresetVertical.ANY, READ_ONLY)


async def test_a_preset_with_a_credential_is_refused(presets, files):
    body = {"manage": {"device_management_confirmation": {"body": "seam_test_not_a_real_key"}}}
    request = decode_request(json.dumps({"features": body}))
    with pytest.raises(UserFacingError, match="can’t be kept"):
        await presets.save("Ours", PresetVertical.ANY, request)
    assert await own_names(presets) == []


async def test_concurrent_saves_lose_nothing(presets, files):
    await asyncio.gather(
        *(presets.save(f"n{number}", PresetVertical.ANY, READ_ONLY) for number in range(5))
    )
    assert len(await own_names(presets)) == len(await own_names(files.service())) == 5


async def test_a_slow_first_read_keeps_what_is_saved_meanwhile(presets, monkeypatch):
    load = presets._store.load
    may_end = asyncio.Event()

    async def slow_load():
        stored = await load()
        await may_end.wait()
        return stored

    with monkeypatch.context() as patched:
        patched.setattr(presets._store, "load", slow_load)
        first = asyncio.create_task(own_names(presets))
        await asyncio.sleep(0)
    await presets.save("Ours", PresetVertical.ANY, READ_ONLY)
    may_end.set()
    assert await first == await own_names(presets) == ["Ours"]
