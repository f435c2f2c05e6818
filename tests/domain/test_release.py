from __future__ import annotations

from datetime import date

import pytest

from seam_portal_desktop.domain.release import (
    Installation,
    InvalidReleaseError,
    Release,
    file_kind,
    version_key,
)


def release(version: str = "1.0.0", file: str = "program-1.0.0.exe") -> Release:
    return Release(version, date(2026, 1, 2), (), {"windows-x86_64-installer": file})


def test_versions_are_in_order():
    ordered = ["0.9", "0.10.0a1", "0.10.0b1", "0.10.0rc1", "0.10.0rc2", "0.10.0", "0.10.1", "1.0"]
    assert sorted({*ordered}, key=version_key) == ordered
    assert version_key("1.0") == version_key("1.0.0")


@pytest.mark.parametrize("version", ["", "1.", "v1.0", "1.0-beta", "1.0.0.0.0", "1" * 30, "٣.0"])
def test_an_unusable_version_is_refused(version):
    with pytest.raises(InvalidReleaseError):
        release(version)


@pytest.mark.parametrize("file", ["", ".hidden", "../up", "a/b", "a\\b", "a b", "C:a", "x" * 300])
def test_an_unusable_file_name_is_refused(file):
    with pytest.raises(InvalidReleaseError):
        release(file=file)


def test_newer():
    assert release("1.0.1").is_newer_than("1.0.0")
    assert not release("1.0.0").is_newer_than("1.0")
    assert not release("1.0.0rc1").is_newer_than("1.0.0")


@pytest.mark.parametrize(
    ("system", "machine", "kind"),
    [
        ("linux", "x86_64", "linux-x86_64-tarball"),
        ("windows", "AMD64", "windows-x86_64-tarball"),
        ("macos", "arm64", "macos-aarch64-tarball"),
    ],
)
def test_the_kind_of_file_is_the_same_for_every_name_of_the_machine(system, machine, kind):
    assert file_kind(system, machine, Installation.TARBALL) == kind
