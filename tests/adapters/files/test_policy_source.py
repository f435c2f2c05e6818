"""Policies from files with the right owner, and from a registry like that of Windows."""

from __future__ import annotations

import json
import os
import plistlib
from types import SimpleNamespace

import pytest

from seam_portal_desktop.adapters.files import policy_source
from seam_portal_desktop.adapters.files.policy_source import (
    REGISTRY_KEY,
    policy_from_file,
    policy_from_preferences,
    policy_from_registry,
    read_policy,
)
from seam_portal_desktop.domain.policy import UNMANAGED
from seam_portal_desktop.domain.policy_values import UpdateChannel

ME = os.getuid() if hasattr(os, "getuid") else 0
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")


@pytest.fixture
def policy_file(tmp_path):
    folder = tmp_path / "seam-portal-desktop"
    folder.mkdir(mode=0o755)
    file = folder / "policy.json"
    file.write_text(json.dumps({"endpoint": "https://a.example", "live_preview": False}), "utf-8")
    file.chmod(0o644)
    return file


def test_a_file(policy_file):
    policy = policy_from_file(policy_file, owner=ME)
    assert policy.endpoint == "https://a.example"
    assert not policy.live_preview
    assert set(policy.sources.values()) == {str(policy_file)}


def test_no_file_is_no_policy(tmp_path):
    assert policy_from_file(tmp_path / "nothing" / "policy.json") == UNMANAGED
    (tmp_path / "file").write_text("")
    assert policy_from_file(tmp_path / "file" / "policy.json") == UNMANAGED


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is not JSON."),
        (b"\xff\xfe", "the file is not JSON."),
        (b"{'smtp': true}", "the file is not JSON."),
        (b"[" * 100_000, "the file is "),
        (b"[]", "the file must hold one JSON object."),
        (b'{"smtp": true, "smtp": false}', "a setting is there twice."),
        (b'{"smtp": "yes"}', "smtp must be true or false."),
        (b'{"sntp": true}', "“sntp” is no setting"),
        (b" " * 70_000, "the file is too large."),
    ],
)
def test_an_unusable_file_is_a_problem(policy_file, content, message):
    policy_file.write_bytes(content)
    (problem,) = policy_from_file(policy_file, owner=ME).problems
    assert problem.startswith(f"{policy_file}: {message}")


@posix
@pytest.mark.parametrize("mode", [0o646, 0o664])
def test_a_file_that_others_can_write_is_a_problem(policy_file, mode):
    policy_file.chmod(mode)
    (problem,) = policy_from_file(policy_file, owner=ME).problems
    assert "must belong to root" in problem


@posix
def test_a_folder_that_others_can_write_is_a_problem(policy_file):
    policy_file.parent.chmod(0o777)
    assert policy_from_file(policy_file, owner=ME).problems


@posix
def test_a_file_of_another_owner_is_a_problem(policy_file):
    assert policy_from_file(policy_file, owner=ME + 1).problems


@posix
def test_a_folder_instead_of_the_file_is_a_problem(tmp_path):
    (tmp_path / "policy.json").mkdir()
    (problem,) = policy_from_file(tmp_path / "policy.json", owner=ME).problems
    assert "Is a directory" in problem


def write_plist(folder, settings, form=plistlib.FMT_XML):
    folder.mkdir(exist_ok=True, mode=0o755)
    file = folder / "example.program.plist"
    file.write_bytes(plistlib.dumps(settings, fmt=form))
    file.chmod(0o644)
    return file


def test_preferences_of_the_computer_override_those_of_the_user(tmp_path):
    folder = tmp_path / "Managed Preferences"
    profile = {"PayloadUUID": "x", "PayloadVersion": 1}
    forced = write_plist(folder, {"update_channel": "off", **profile}, plistlib.FMT_BINARY)
    of_user = write_plist(
        folder / "ada", {"update_channel": "beta", "allowed_hosts": ["a.example"]}
    )
    policy = policy_from_preferences(folder, "example.program", "ada", owner=ME)
    assert policy.update_channel is UpdateChannel.OFF
    assert policy.allowed_hosts == ("a.example",)
    assert policy.sources == {"update_channel": str(forced), "allowed_hosts": str(of_user)}
    assert policy_from_preferences(folder, "another", "ada", owner=ME) == UNMANAGED


@pytest.mark.parametrize("content", [b"", b"not a plist", b"<plist><dict>", plistlib.dumps([1])])
def test_preferences_that_cannot_be_used(tmp_path, content):
    folder = tmp_path / "Managed Preferences"
    write_plist(folder, {}).write_bytes(content)
    assert policy_from_preferences(folder, "example.program", "ada", owner=ME).problems


class Key(list):
    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def registry(**roots):
    """The part of winreg that is used; values are (name, value, type)."""

    def open_key(root, path, reserved, access):
        assert (path, reserved, access) == (REGISTRY_KEY, 0, 0x20019 | 0x0100)
        found = roots.get(root)
        if found is None:
            raise FileNotFoundError(2, "not found")
        if isinstance(found, OSError):
            raise found
        return Key(found)

    return SimpleNamespace(
        HKEY_LOCAL_MACHINE="machine",
        HKEY_CURRENT_USER="user",
        KEY_READ=0x20019,
        KEY_WOW64_64KEY=0x0100,
        REG_SZ=1,
        REG_DWORD=4,
        REG_MULTI_SZ=7,
        OpenKey=open_key,
        QueryInfoKey=lambda key: (0, len(key), 0),
        EnumValue=lambda key, index: key[index],
    )


def test_the_registry():
    machine = [
        ("", None, 1),
        ("endpoint", "https://a.example", 1),
        ("allowed_hosts", ["portal.example"], 7),
        ("live_preview", 0, 4),
    ]
    user = [("endpoint", "https://b.example", 1), ("smtp", 1, 4)]
    policy = policy_from_registry(registry(machine=machine, user=user))
    assert policy.endpoint == "https://a.example"
    assert policy.allowed_hosts == ("portal.example",)
    assert (policy.live_preview, policy.smtp) == (False, True)
    assert policy.sources["endpoint"] == r"HKLM\Software\Policies\Seam Portal Desktop"
    assert policy.sources["smtp"] == r"HKCU\Software\Policies\Seam Portal Desktop"
    assert policy_from_registry(registry()) == UNMANAGED


@pytest.mark.parametrize(
    "values",
    [
        [("smtp", 2, 4)],
        [("smtp", "1", 1)],
        [("endpoint", 1, 4)],
        [("Endpoint2", "x", 1)],
        PermissionError(13, "Access is denied"),
    ],
)
def test_a_registry_that_cannot_be_used(values):
    (problem,) = policy_from_registry(registry(user=values)).problems
    assert problem.startswith(r"HKCU\Software\Policies")


@pytest.mark.skipif(os.name != "posix" or os.uname().sysname != "Linux", reason="Linux's place")
def test_linux_reads_its_file(policy_file, monkeypatch):
    monkeypatch.setattr(policy_source, "LINUX_FILE", policy_file)
    policy = read_policy()
    if ME == 0:
        assert policy.endpoint == "https://a.example"
    else:
        assert policy.problems
