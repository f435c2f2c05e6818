"""Preferences survive damage, and the last save wins."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.files.preferences import JsonPreferences
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "data" / "preferences.json"


def connection(number: int = 1) -> WorkspaceConnection:
    return WorkspaceConnection(
        connection_id=f"connection-{number}",
        label="فندق 🏨",
        endpoint="https://connect.getseam.com",
        credential_kind=CredentialKind.API_KEY,
        workspace=Workspace(f"workspace-{number}", "Acme Stays", "Acme", is_sandbox=number == 1),
    )


def data() -> PreferencesData:
    return PreferencesData(
        connections=[connection(1), connection(2)],
        current_connection_id="connection-2",
        window={"geometry": {"x": 1, "y": 2}},
        options={
            "default_presets": {"workspace-1": "gym"},
            "last_channels": {"workspace-1": "sms"},
            "updates": {"daily": True},
        },
    )


def failures(number: int) -> dict[str, object]:
    return {"updates": {"failures": number}}


def set_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("preferences.json.broken-*"))


async def test_what_is_saved_comes_back(path):
    preferences = JsonPreferences(path)
    assert preferences.load() == PreferencesData()
    await preferences.save(data())
    assert JsonPreferences(path).load() == data()
    assert preferences.notice is None
    assert not preferences.dropped
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
async def test_only_the_owner_can_read_it(path):
    before = os.umask(0)
    try:
        await JsonPreferences(path).save(data())
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"version": 2}',
        b'{"version": "1"}',
        b"[" * 100_000,
    ],
)
async def test_an_unreadable_file_is_set_aside(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    preferences = JsonPreferences(path)
    assert preferences.load() == PreferencesData()
    (kept,) = set_aside(path)
    assert kept.read_bytes() == content
    assert kept.name in preferences.notice
    await preferences.save(data())
    assert preferences.load() == data()
    assert preferences.notice is None


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.pop("label"),
        lambda entry: entry.update(label=7),
        lambda entry: entry.update(workspace="x"),
        lambda entry: entry.update(credential_kind="password"),
        lambda entry: entry.update(endpoint="http://elsewhere.example"),
        lambda entry: entry["workspace"].update(is_sandbox="yes"),
        lambda entry: entry["workspace"].pop("name"),
    ],
)
async def test_one_bad_connection_does_not_lose_the_others(path, change):
    await JsonPreferences(path).save(data())
    root = json.loads(path.read_text("utf-8"))
    change(root["connections"][1])
    content = json.dumps(root)
    path.write_text(content, "utf-8")

    preferences = JsonPreferences(path)
    loaded = preferences.load()
    assert loaded.connections == [connection(1)]
    assert loaded.current_connection_id is None, "the current one was the bad one"
    assert loaded.window == data().window
    assert "1 of the connected workspaces" in preferences.notice
    (kept,) = set_aside(path)
    assert kept.read_text("utf-8") == content
    assert path.read_text("utf-8") == content, "and the file stays until the next save"


@pytest.mark.parametrize(
    ("part", "value", "dropped"),
    [
        ("current_connection_id", ["connection-1"], "which workspace was open"),
        ("current_connection_id", {"a": 1}, "which workspace was open"),
        ("current_connection_id", 7, "which workspace was open"),
        ("current_connection_id", "nobody", "which workspace was open"),
        ("window", [], "the window’s layout"),
        ("window", {"table": [[[[[[[1]]]]]]]}, "the window’s layout"),
        ("options", [], "the options"),
        ("options", {"updates": {"failures": 1e400}}, "the check for updates"),
        ("options", {"updates": {"daily": "yes"}}, "the check for updates"),
        (
            "options",
            {"updates": {"tried_at": "0001-01-01T00:00:00+05:00"}},
            "the check for updates",
        ),
        (
            "options",
            {"updates": {"tried_at": "0001-01-01T00:00:00"}},
            "the check for updates",
        ),
        ("options", {"updates": {"tried_at": 20260101}}, "the check for updates"),
        ("options", {"updates": {"problem": "x" * 5000}}, "the check for updates"),
        ("options", {"default_presets": {"w": ["gym"]}}, "the workspaces’ default presets"),
        ("options", {"default_presets": {"w": "\ud800"}}, "the workspaces’ default presets"),
        ("options", {"last_channels": {"w": "pigeon"}}, "how links were sent last"),
        ("options", {"last_channels": {"w": {}}}, "how links were sent last"),
        ("options", {"last_channels": ["sms"]}, "how links were sent last"),
        ("options", {"saved_filters": {"w": {"a": 1}}}, "the saved filters of the list"),
        ("options", {"saved_filters": {"w": "sent:no"}}, "the saved filters of the list"),
        (
            "options",
            {"saved_filters": {"w": {str(each): "sent:no" for each in range(51)}}},
            "the saved filters of the list",
        ),
        (
            "options",
            {"table_mappings": [{"mapping": {}, "presets": [1], "confirmed": True}]},
            "where the columns of imported tables go",
        ),
        (
            "options",
            {"table_mappings": [{"mapping": {}, "presets": [], "confirmed": True}] * 51},
            "where the columns of imported tables go",
        ),
        ("options", {"deep": [[[[[[[1]]]]]]]}, "an option that this version doesn’t know"),
    ],
)
async def test_an_unusable_value_is_dropped_by_name_and_the_rest_stays(path, part, value, dropped):
    good = data()
    await JsonPreferences(path).save(good)
    root = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(root | {part: value}), "utf-8")
    preferences = JsonPreferences(path)
    loaded = preferences.load()
    assert preferences.dropped == [dropped]
    assert preferences.notice is None
    defaults = PreferencesData()
    for each in ("connections", "current_connection_id", "window", "options"):
        expected = defaults if each == part else good
        assert getattr(loaded, each) == getattr(expected, each)
    await preferences.save(loaded)


async def test_two_connections_with_one_id_do_not_share_a_credential(path):
    await JsonPreferences(path).save(PreferencesData([connection(1), connection(1)]))
    preferences = JsonPreferences(path)
    assert preferences.load().connections == [connection(1)]
    assert preferences.notice


async def test_a_name_that_nobody_can_show_is_mended(path):
    await JsonPreferences(path).save(data())
    root = json.loads(path.read_text("utf-8"))
    root["connections"][0]["label"] = "a\udc00b" + "x" * 100_000
    path.write_text(json.dumps(root), "utf-8")
    first, _ = JsonPreferences(path).load().connections
    assert first.label.startswith("a?bxx")
    assert len(first.label) == 1000


@pytest.mark.parametrize("kind", ["huge", "pipe", "folder"])
async def test_what_is_no_file_of_preferences_is_set_aside_at_once(path, kind):
    path.parent.mkdir()
    if kind == "huge":
        with path.open("wb") as file:
            file.truncate(10**12)
    elif kind == "folder":
        path.mkdir()
    elif hasattr(os, "mkfifo"):
        os.mkfifo(path)
    else:
        pytest.skip("Windows has no named pipes in folders")
    preferences = JsonPreferences(path)
    assert preferences.load() == PreferencesData()
    (kept,) = set_aside(path)
    assert kept.name in preferences.notice


async def test_the_last_save_wins_also_when_earlier_ones_are_cancelled(path):
    preferences = JsonPreferences(path)
    tasks = [
        asyncio.ensure_future(preferences.save(PreferencesData(options=failures(number))))
        for number in range(20)
    ]
    await asyncio.sleep(0)
    for task in tasks[:-1:2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert preferences.load().options == failures(19)


async def test_changing_the_data_while_it_is_saved_changes_nothing(path):
    changing = data()
    task = asyncio.ensure_future(JsonPreferences(path).save(changing))
    await asyncio.sleep(0)
    changing.options.clear()
    await task
    assert JsonPreferences(path).load() == data()


async def test_a_failed_save_leaves_the_old_file(path, monkeypatch):
    preferences = JsonPreferences(path)
    await preferences.save(data())

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserFacingError, match="disk is full") as caught:
        await preferences.save(PreferencesData())
    assert caught.value.can_retry
    assert caught.value.__context__ is None
    monkeypatch.undo()
    assert preferences.load() == data()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


async def test_a_file_instead_of_the_folder(tmp_path):
    (tmp_path / "data").write_text("in the way")
    preferences = JsonPreferences(tmp_path / "data" / "preferences.json")
    assert preferences.load() == PreferencesData()
    with pytest.raises(UserFacingError, match="could not be saved"):
        await preferences.save(data())


async def test_one_option_of_a_file_is_read_and_changed_alone(path):
    own = JsonPreferences(path)
    await own.save(data())
    other = JsonPreferences(path)
    assert other.read_option("settings") is None
    await other.write_option("settings", {"appearance": "dark"})
    assert other.read_option("settings") == {"appearance": "dark"}
    expected = data()
    expected.options["settings"] = {"appearance": "dark"}
    assert JsonPreferences(path).load() == expected


async def test_an_option_of_a_missing_file_makes_it(path):
    preferences = JsonPreferences(path)
    assert preferences.read_option("settings") is None
    await preferences.write_option("settings", {"appearance": "dark"})
    assert JsonPreferences(path).load().options == {"settings": {"appearance": "dark"}}


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"version": 1, "connections": [1]}'])
async def test_a_damaged_file_is_left_to_its_own_session(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    preferences = JsonPreferences(path)
    assert preferences.read_option("settings") is None
    await preferences.write_option("settings", {"appearance": "dark"})
    assert path.read_bytes() == content
    assert set_aside(path) == []
