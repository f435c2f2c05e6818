"""The .app's Info.plist, entitlements and icon, and the disk image's window."""

from __future__ import annotations

import platform
import plistlib
import re
import struct
from pathlib import Path

import pytest

from seam_portal_desktop import __version__
from tests.packaging.conftest import ROOT

from common import app_icon, file_list, project  # isort: skip
from macos import bundle, macho, packages  # isort: skip
from pyinstaller import parts  # isort: skip

FILES = ROOT / "packaging/macos"


def thin(minimum: tuple[int, int], *, old_command: bool = False) -> bytes:
    """The header of a program for one processor and the macOS `minimum`."""
    version = minimum[0] << 16 | minimum[1] << 8
    uuid = struct.pack("<2I16x", 0x1B, 24)
    if old_command:
        command = struct.pack("<4I", 0x24, 16, version, 0)
    else:
        command = struct.pack("<6I", 0x32, 24, 1, version, 99 << 16, 0)
    commands = uuid + command
    return struct.pack("<8I", 0xFEEDFACF, 0x100000C, 0, 6, 2, len(commands), 0, 0) + commands


def fat(*programs: bytes) -> bytes:
    start, table, bodies = 4096, b"", b""
    for program in programs:
        table += struct.pack(">5I", 0x100000C, 0, start + len(bodies), len(program), 12)
        bodies += program
    return (struct.pack(">2I", 0xCAFEBABE, len(programs)) + table).ljust(start, b"\0") + bodies


def test_the_plist_is_complete(monkeypatch):
    monkeypatch.setenv("SEAM_PORTAL_DESKTOP_HOMEPAGE", "https://portal-links.example")
    plist = plistlib.loads(plistlib.dumps(bundle.info_plist((15, 0))))
    assert plist["CFBundleIdentifier"] == "example.portal-links.SeamPortalDesktop"
    assert re.fullmatch(r"[A-Za-z0-9.-]+", plist["CFBundleIdentifier"])
    assert plist["CFBundleExecutable"] == "seam-portal-desktop"
    assert plist["CFBundleShortVersionString"] == plist["CFBundleVersion"] == __version__
    assert plist["LSMinimumSystemVersion"] == "15.0"
    assert plist["NSHighResolutionCapable"] is True
    (scheme,) = plist["CFBundleURLTypes"]
    assert scheme["CFBundleURLSchemes"] == ["seam-portals"]
    assert plist["NSAppTransportSecurity"] == {"NSAllowsLocalNetworking": True}
    assert not [key for key in plist if key.endswith("UsageDescription")]


def test_a_pre_release_has_its_releases_numbers(monkeypatch):
    monkeypatch.setattr(project, "version", lambda: "1.2.3rc4")
    assert bundle.info_plist((15, 0))["CFBundleVersion"] == "1.2.3"
    monkeypatch.setattr(project, "version", lambda: "next")
    with pytest.raises(project.BuildError):
        bundle.info_plist((15, 0))


@pytest.mark.parametrize(
    ("content", "needs"),
    [
        (thin((13, 0)), (13, 0)),
        (thin((10, 15), old_command=True), (10, 15)),
        (fat(thin((13, 0)), thin((15, 1))), (15, 1)),
    ],
)
def test_the_oldest_macos_is_the_newest_that_a_part_needs(tmp_path, content, needs):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "old.dylib").write_bytes(thin((10, 9)))
    (tmp_path / "lib" / "other.dylib").write_bytes(content)
    (tmp_path / "notes.txt").write_text("no program")
    (tmp_path / "empty").write_bytes(b"")
    assert macho.minimum_system(tmp_path) == needs
    assert not macho.is_macho(tmp_path / "notes.txt")
    assert not macho.is_macho(tmp_path / "empty")


def test_a_tree_without_programs_is_no_app(tmp_path):
    with pytest.raises(project.BuildError, match="no program"):
        macho.minimum_system(tmp_path)


def test_the_bundle_is_completed(tmp_path):
    app = tmp_path / bundle.APP
    (app / "Contents/MacOS").mkdir(parents=True)
    (app / "Contents/MacOS/seam-portal-desktop").write_bytes(thin((14, 2)))
    (app / "Contents/QtPdf").symlink_to("Frameworks/QtPdf.framework/QtPdf")
    (app / "Contents/program").symlink_to("MacOS/seam-portal-desktop")
    bundle.finish(app)
    plist = plistlib.loads((app / "Contents/Info.plist").read_bytes())
    assert plist["LSMinimumSystemVersion"] == "14.2"
    assert not (app / "Contents/QtPdf").is_symlink(), "its library is left out"
    assert (app / "Contents/program").exists()


def test_the_program_has_one_entitlement():
    entitlements = plistlib.loads((FILES / "files/program.entitlements").read_bytes())
    assert entitlements == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


def test_the_icon_has_every_size(tmp_path):
    icns = app_icon.write_icns(tmp_path / "a.icns").read_bytes()
    assert icns[:4] == b"icns"
    assert struct.unpack(">I", icns[4:8])[0] == len(icns)
    offset, widths = 8, {}
    while offset < len(icns):
        kind = icns[offset : offset + 4].decode()
        size = struct.unpack_from(">I", icns, offset + 4)[0]
        picture = icns[offset + 8 : offset + size]
        assert picture.startswith(b"\x89PNG")
        widths[kind] = struct.unpack_from(">I", picture, 16)[0]
        offset += size
    # From Apple's list of icon types: plain pictures, and those for high-resolution screens.
    assert widths["icp4"] == 16
    assert widths["ic11"] == widths["icp5"] == 32
    assert widths["ic07"] == 128
    assert widths["ic08"] == widths["ic13"] == 256
    assert widths["ic09"] == widths["ic14"] == 512


@pytest.mark.parametrize(("quick", "kind"), [("yes", "ULFO"), ("no", "ULMO")])
def test_the_disk_image_shows_the_program_and_applications(quick, kind):
    settings = {"defines": {"app": "/build/An app.app", "quick": quick, "icon": bundle.ICON}}
    path = FILES / "dmg_settings.py"
    exec(compile(path.read_text("utf-8"), path, "exec"), settings, settings)  # as dmgbuild does
    assert settings["format"] == kind
    assert settings["files"] == ["/build/An app.app"]
    assert settings["symlinks"] == {"Applications": "/Applications"}
    assert settings["icon"] == f"/build/An app.app/Contents/Resources/{bundle.ICON}"
    (_, size), icons = settings["window_rect"], settings["icon_locations"]
    assert set(icons) == {"An app.app", "Applications"}
    assert all(0 < x < size[0] and 0 < y < size[1] for x, y in icons.values())
    assert icons["An app.app"][0] < icons["Applications"][0]


def test_each_image_has_its_processor_in_its_name(monkeypatch):
    names = set()
    for machine in ("arm64", "x86_64"):
        monkeypatch.setattr(platform, "machine", lambda machine=machine: machine)
        names.add(packages.image_name())
    assert names == {
        f"seam-portal-desktop-{__version__}-macos-arm64.dmg",
        f"seam-portal-desktop-{__version__}-macos-x86_64.dmg",
    }


@pytest.mark.parametrize("system", ["windows", "macos"])
def test_the_lists_of_files_agree_with_the_rules(system):
    """The lists have names from the wheels; the rules decide which of them are shipped."""
    patterns = file_list.patterns_of(system)
    qt = [name.removeprefix("_internal/") for name in patterns if "/PySide6/" in name]
    assert [name for name in qt if not parts.is_wanted(name)] == []
    listed = {Path(name).name.split(".")[0].removesuffix("*") for name in qt}
    assert {name for name in parts.QT_BINDINGS if name not in listed} == set()
    assert "_internal/keyring/*.pyc" in patterns
    assert not [name for name in patterns if name.endswith("secretstorage/*.pyc")]
    assert not [name for name in patterns if "xcb" in name or "wayland" in name.lower()]


def test_an_optional_file_may_be_missing():
    patterns = ["? _internal/Python", "_internal/a"]
    assert file_list.differences(["_internal/a"], patterns) == ([], [])
    assert file_list.differences(["_internal/a", "_internal/Python"], patterns) == ([], [])
