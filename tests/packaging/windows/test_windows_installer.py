"""The Windows installer with a dummy payload: compiled, installed and removed under Wine."""

from __future__ import annotations

import os
import shutil
import struct
from pathlib import Path

import pytest

from tests.packaging.windows.conftest import STUB
from tests.support.wine import Wine, wait_until

from common import project  # isort: skip
from windows import facts, installer  # isort: skip

pytestmark = pytest.mark.packaging

NAME = "seam-portal-desktop"
UNINSTALL = rf"Software\Microsoft\Windows\CurrentVersion\Uninstall\{NAME}"
SCHEME = r"Software\Classes\seam-portals"
DATA = f"users/tester/AppData/Local/{NAME}"
OLDER = "0.0.9"
IN_USE, OLD_WINDOWS = 32, 1150 % 256


@pytest.fixture(scope="module")
def setup(payload, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("out")
    return installer.build(payload, out / "work", out, quick=True, stub=STUB)


@pytest.fixture(scope="module")
def older(payload, tmp_path_factory) -> Path:
    """An older version, with a file that the new one doesn't have."""
    out = tmp_path_factory.mktemp("older")
    tree = out / "payload"
    shutil.copytree(payload, tree)
    (tree / "_internal" / "gone").mkdir()
    (tree / "_internal" / "gone" / "later.txt").write_text("later")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project, "version", lambda: OLDER)
        return installer.build(tree, out / "work", out, quick=True, stub=STUB)


@pytest.fixture
def clean(wine):
    """Check that the drive has the same files before and after the test."""
    before = wine.files()
    yield before
    assert wine.files() == before
    for root in ("HKCU", "HKLM"):
        assert wine.registry(rf"{root}\{UNINSTALL}") == {}
        assert wine.registry(rf"{root}\{SCHEME}") == {}


def names_of(tree: Path) -> set[str]:
    return {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}


def into(wine: Wine, folder: Path) -> list[str]:
    """The switch for a folder. It must be the last one, and has no quotes."""
    return f"/D={wine.windows_path(folder)}".split(" ")


@pytest.mark.parametrize("mode", ["CurrentUser", "AllUsers"])
def test_it_installs_silently_and_leaves_nothing_behind(wine, setup, payload, clean, mode):
    for_all = mode == "AllUsers"
    program_files = wine.drive / "Program Files" if for_all else wine.local_data / "Programs"
    folder = program_files / "Seam Portal Desktop"
    root = "HKLM" if for_all else "HKCU"
    switches = ["/AllUsers"] if for_all else []  # without one it is for the current user
    assert wine.run(setup, "/S", *switches) == 0

    assert names_of(folder) == names_of(payload) | {"uninstall.exe"}
    for name in names_of(payload):
        assert (folder / name).read_bytes() == (payload / name).read_bytes()
    menu, other_menu = wine.start_menu, wine.common_start_menu
    if for_all:
        menu, other_menu = other_menu, menu
    shortcut = (menu / "Seam Portal Desktop.lnk").read_bytes()
    assert facts.PROGRAM.encode("utf-16-le") in shortcut or facts.PROGRAM.encode() in shortcut
    assert not (other_menu / "Seam Portal Desktop.lnk").exists()

    installed = wine.windows_path(folder)
    size = sum((payload / name).stat().st_size for name in names_of(payload))
    entry = wine.registry(rf"{root}\{UNINSTALL}")
    assert entry == {
        "DisplayName": "Seam Portal Desktop",
        "DisplayVersion": project.version(),
        "VersionMajor": hex(facts.four_numbers()[0]),
        "VersionMinor": hex(facts.four_numbers()[1]),
        "Publisher": project.AUTHORS,
        "URLInfoAbout": project.homepage(),
        "DisplayIcon": rf"{installed}\{facts.PROGRAM},0",
        "InstallLocation": installed,
        "UninstallString": rf'"{installed}\uninstall.exe" /{mode}',
        "QuietUninstallString": rf'"{installed}\uninstall.exe" /{mode} /S',
        "EstimatedSize": hex(-(-size // 1024)),
        "NoModify": "0x1",
        "NoRepair": "0x1",
    }
    assert wine.registry(rf"{root}\{SCHEME}") == {
        "": "URL:Seam Portal Desktop",
        "URL Protocol": "",
        r"DefaultIcon": rf"{installed}\{facts.PROGRAM},0",
        r"shell\open\command": rf'"{installed}\{facts.PROGRAM}" -- "%1"',
    }
    wine.uninstall(folder, "/S")  # it finds out the mode


def test_it_uses_the_given_folder_and_removes_only_its_files(wine, setup, clean):
    folder = wine.drive / "users" / "tester" / "My programs" / "Seam"
    assert wine.run(setup, "/S", "/CurrentUser", *into(wine, folder)) == 0
    assert (folder / facts.PROGRAM).exists()
    (folder / "_internal" / "someone's.txt").write_text("not the installer's")
    wine.uninstall(folder, "/S")
    assert names_of(folder) == {"_internal/someone's.txt"}
    shutil.rmtree(folder)


def test_an_upgrade_replaces_the_older_version_and_keeps_the_data(
    wine, older, setup, payload, clean
):
    folder = wine.local_data / "Programs" / "Seam Portal Desktop"
    ledger = wine.drive / DATA / "ledger.sqlite3"
    assert wine.run(older, "/S") == 0
    assert (folder / "_internal/gone/later.txt").exists()
    assert wine.registry(rf"HKCU\{UNINSTALL}")["DisplayVersion"] == OLDER
    ledger.parent.mkdir()
    ledger.write_text("a list of links")
    assert wine.run(setup, "/S") == 0
    assert names_of(folder) == names_of(payload) | {"uninstall.exe"}
    assert not (folder / "_internal/gone").exists()
    assert wine.registry(rf"HKCU\{UNINSTALL}")["DisplayVersion"] == project.version()
    assert (wine.start_menu / "Seam Portal Desktop.lnk").exists()
    wine.uninstall(folder, "/S")
    assert ledger.read_text() == "a list of links"
    shutil.rmtree(ledger.parent)


def test_it_replaces_an_older_version_in_another_folder(wine, older, setup, clean):
    elsewhere = wine.drive / "users" / "tester" / "Elsewhere"
    assert wine.run(older, "/S", *into(wine, elsewhere)) == 0
    assert wine.run(setup, "/S") == 0
    assert (elsewhere / facts.PROGRAM).exists()
    assert not (elsewhere / "_internal/gone").exists()
    folder = wine.drive / "users" / "tester" / "Moved"
    assert wine.run(setup, "/S", *into(wine, folder)) == 0
    assert not elsewhere.exists()
    wine.uninstall(folder, "/S")


def test_an_upgrade_keeps_the_mode(wine, older, setup, clean):
    assert wine.run(older, "/S", "/AllUsers") == 0
    assert wine.run(setup, "/S") == 0
    assert wine.registry(rf"HKLM\{UNINSTALL}")["DisplayVersion"] == project.version()
    assert wine.registry(rf"HKCU\{UNINSTALL}") == {}
    wine.uninstall(wine.drive / "Program Files" / "Seam Portal Desktop", "/S")


def test_data_and_keys_are_removed_on_request(wine, setup, keys, clean):
    folder = wine.local_data / "Programs" / "Seam Portal Desktop"
    assert wine.run(setup, "/S") == 0
    (wine.drive / DATA / "logs").mkdir(parents=True)
    (wine.drive / DATA / "logs" / "seam-portal-desktop.log").write_text("a line")
    wine.run(keys, "write", f"{NAME}/data-key")
    wine.run(keys, "write", f"{NAME}/credential")
    wine.run(keys, "write", "another-program/key")
    assert wine.run(keys, "read", f"{NAME}/data-key") == 0
    wine.uninstall(folder, "/S", "/REMOVEDATA")
    assert not (wine.drive / DATA).exists()
    assert wine.run(keys, "read", f"{NAME}/data-key") == 1
    assert wine.run(keys, "read", f"{NAME}/credential") == 1
    assert wine.run(keys, "read", "another-program/key") == 0


@pytest.fixture(scope="module")
def keys(tools, tmp_path_factory) -> Path:
    """`write NAME` and `read NAME` for the Credential Manager; `read` ends with 1 without it."""
    folder = tmp_path_factory.mktemp("keys")
    script = folder / "keys.nsi"
    script.write_text(
        f"""\
Target {STUB}
OutFile {folder}/keys.exe
SilentInstall silent
RequestExecutionLevel user
!include FileFunc.nsh
!include WordFunc.nsh
Section
  ${{GetParameters}} $R0
  ${{WordFind}} $R0 " " "+2" $R2
  ${{WordFind}} $R0 " " "+1" $R1
  StrCmp $R1 write 0 read
  System::Call '*(i 0, i 1, w R2, p 0, l 0, i 0, i 0, p 0, i 2, i 0, p 0, p 0, w "user") p .r1'
  System::Call 'advapi32::CredWriteW(p r1, i 0) i .r0'
  Goto done
  read:
  System::Call 'advapi32::CredReadW(w R2, i 1, i 0, *p .r1) i .r0'
  done:
  IntCmp $0 0 0 +2 +2
  SetErrorLevel 1
SectionEnd
"""
    )
    installer.run([installer.find_makensis(), "-V1", script])
    return folder / "keys.exe"


def test_an_open_program_is_not_replaced_but_can_be_closed(wine, setup, clean):
    folder = wine.local_data / "Programs" / "Seam Portal Desktop"
    assert wine.run(setup, "/S") == 0
    opened = wine.start(folder / facts.PROGRAM)
    wait_until(lambda: wine.run(setup, "/S") == IN_USE, "the program is open")
    assert opened.poll() is None
    assert names_of(folder) > {facts.PROGRAM}
    wine.uninstall(folder, "/S")
    assert (folder / facts.PROGRAM).exists()
    assert opened.poll() is None
    assert wine.run(setup, "/S", "/CLOSE") == 0
    assert opened.wait(10) is not None
    wine.uninstall(folder, "/S")


def test_an_old_windows_is_refused(wine, setup, clean):
    wine.run("winecfg", "/v", "win81")
    try:
        assert wine.run(setup, "/S") == OLD_WINDOWS
    finally:
        wine.run("winecfg", "/v", "win10")


def test_the_stub_of_the_release_compiles_and_two_builds_are_the_same(
    payload, tmp_path, monkeypatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for name in ("first", "second"):
        out = tmp_path / name
        out.mkdir()
        made.append(installer.build(payload, tmp_path / "work", out, quick=False))
        os.utime(payload / "_internal" / "base_library.zip")
    assert made[0].read_bytes() == made[1].read_bytes()
    content = made[0].read_bytes()
    assert content[:2] == b"MZ"
    # VS_FIXEDFILEINFO: its signature and version, then the versions of the file and the product.
    numbers = facts.four_numbers()
    packed = [numbers[0] << 16 | numbers[1], numbers[2] << 16 | numbers[3]]
    start = content.index(struct.pack("<I", 0xFEEF04BD))
    assert struct.unpack_from("<4I", content, start + 8) == (*packed, *packed)
    assert "Seam Portal Desktop installer".encode("utf-16-le") in content


def test_a_warning_of_the_compiler_is_an_error(payload, tmp_path, monkeypatch):
    monkeypatch.setattr(project, "homepage", lambda: "${NOT_DEFINED}")
    monkeypatch.setattr(installer, "_quoted", lambda text: text)
    with pytest.raises(project.BuildError, match="warning"):
        installer.build(payload, tmp_path / "work", tmp_path, quick=True)
