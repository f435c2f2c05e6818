"""The packages pass Debian's and freedesktop's checkers, and have the right content."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from seam_portal_desktop import __version__
from tests.packaging.conftest import PUBLISHED, ROOT

from common import project, signing  # isort: skip
from linux import deb, payload  # isort: skip

NAME = "seam-portal-desktop"
TREE = ROOT / "build/deb"


def run(*command: str | Path, **options) -> str:
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not installed")
    result = subprocess.run(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


@pytest.fixture
def package(built) -> Path:
    (package,) = built.glob("*.deb")
    return package


def test_lintian_finds_nothing(package):
    arguments = ["--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0"]
    assert run("lintian", *arguments, package) == ""


def test_the_menu_entry_is_valid(built):
    assert run("desktop-file-validate", TREE / f"usr/share/applications/{NAME}.desktop") == ""


def test_the_metainfo_is_valid(built):
    (metainfo,) = (TREE / "usr/share/metainfo").iterdir()
    assert "W:" not in run("appstreamcli", "validate", "--no-net", metainfo)
    text = metainfo.read_text("utf-8")
    assert f'<release version="{__version__}"' in text
    for name, _ in payload.SCREENSHOTS:
        assert f"<image>https://portals.example/screenshots/{name}.png</image>" in text


def test_every_picture_for_software_centres_exists():
    assert payload.SCREENSHOTS
    for name, _ in payload.SCREENSHOTS:
        assert (ROOT / f"resources/screenshots/{name}.png").is_file()


@pytest.fixture
def unpublished(monkeypatch):
    """The environment has no homepage."""
    for name in (*PUBLISHED, "GITHUB_SERVER_URL", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_unknown_facts_are_left_out(unpublished):
    metainfo = payload.metainfo()
    assert ET.fromstring(metainfo).find("id").text == NAME
    assert "<url" not in metainfo
    assert "<screenshot" not in metainfo
    assert "@" not in metainfo
    assert "Source:" not in deb.copyright_text()
    assert "@" not in deb.copyright_text()
    assert project.maintainer() == project.AUTHORS


def test_on_github_the_homepage_is_the_repository(unpublished):
    unpublished.setenv("GITHUB_SERVER_URL", "https://github.com")
    unpublished.setenv("GITHUB_REPOSITORY", "some-owner/portals")
    unpublished.setenv("GITHUB_SHA", "0123abc")
    metainfo = payload.metainfo()
    root = ET.fromstring(metainfo)
    assert root.find("id").text == "io.github.some_owner.SeamPortalDesktop"
    assert root.find("url").text == "https://github.com/some-owner/portals"
    first = "https://github.com/some-owner/portals/raw/0123abc/resources/screenshots/main-light.png"
    assert root.find("screenshots/screenshot/image").text == first


def test_the_icon_has_all_sizes(built):
    folder = TREE / "usr/share/icons/hicolor"
    sizes = {path.parts[-3] for path in folder.rglob(f"{NAME}.*")}
    squares = (16, 24, 32, 48, 64, 128, 256, 512)
    assert sizes == {"scalable", *(f"{size}x{size}" for size in squares)}


def test_the_manual_names_every_option():
    manual = payload.filled(f"{NAME}.1")
    helped = run(sys.executable, "-m", "seam_portal_desktop", "--help", cwd=ROOT)
    options = set(re.findall(r"--[a-z][a-z-]+", helped))
    assert options
    written = manual.replace("\\-", "-")
    assert [option for option in sorted(options) if option not in written] == []
    assert "seam-portals://portal/" in written


def test_the_control_file_has_the_dependencies(package):
    control = run("dpkg-deb", "--field", package)
    assert f"Version: {__version__}\n" in control
    depends = re.search(r"^Depends: (.*)$", control, re.MULTILINE)[1]
    names = {part.split()[0] for part in depends.split(", ")}
    assert {"libc6", "libnss3", "libssl3", "libxcb-cursor0", "ca-certificates"} <= names
    assert not {"python3", "libgtk-3-0"} & names
    recommends = re.search(r"^Recommends: (.*)$", control, re.MULTILINE)[1]
    assert "gnome-keyring" in recommends


def test_the_apparmor_profile_is_for_both_programs(built):
    profile = (ROOT / "packaging/linux/files/apparmor").read_text()
    programs = re.findall(r"^profile \S+ (/\S+) flags=\(unconfined\)", profile, re.MULTILINE)
    assert len(programs) == 2
    assert all((TREE / program[1:]).is_file() for program in programs)


def test_the_checksums_are_those_of_the_files(built):
    lines = (built / signing.CHECKSUMS).read_text().splitlines()
    listed = dict(reversed(line.split("  ")) for line in lines)
    assert set(listed) == {path.name for path in built.iterdir()} - {signing.CHECKSUMS}
    for name, digest in listed.items():
        assert hashlib.sha256((built / name).read_bytes()).hexdigest() == digest


def test_the_bill_of_materials_has_the_locked_packages(built):
    (path,) = built.glob("*.cdx.json")
    bom = json.loads(path.read_text("utf-8"))
    assert bom["metadata"]["component"]["version"] == __version__
    names = {component["name"] for component in bom["components"]}
    assert {"CPython", "pyside6-addons", "shiboken6", "cryptography", "pyinstaller"} <= names
    assert not {"pytest", "seam", "setuptools", "pywin32-ctypes"} & names


def test_all_licences_are_shipped(built):
    (path,) = built.glob("*-third-party-licences.txt")
    text = path.read_text("utf-8")
    shipped = "_internal/seam_portal_desktop/resources/third-party-licences.txt"
    assert (TREE / "usr/lib" / NAME / shipped).read_text("utf-8") == text
    (bom,) = built.glob("*.cdx.json")
    for component in json.loads(bom.read_text("utf-8"))["components"]:
        name = component["name"].replace("CPython", "Python").replace("-", "[-._]")
        heading = rf"^{name} {re.escape(component['version'])} \("
        assert re.search(heading, text, re.MULTILINE | re.IGNORECASE), component["name"]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text


def test_files_are_signed_with_the_key(tmp_path, monkeypatch):
    file = tmp_path / "package.deb"
    file.write_bytes(b"a package")
    monkeypatch.delenv(signing.KEY, raising=False)
    assert signing.sign([file]) == []
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", home, "--batch", "--pinentry-mode", "loopback", "--passphrase", "x"]
    run(*gpg, "--quick-generate-key", "test <test@packages.example>", "ed25519", "sign")
    secret = run(*gpg, "--quiet", "--armor", "--export-secret-keys")
    monkeypatch.setenv(signing.KEY, secret)
    monkeypatch.setenv(signing.PASSPHRASE, "x")
    (signature,) = signing.sign([file])
    run("gpg", "--homedir", home, "--batch", "--verify", signature, file)
    file.write_bytes(b"another package")
    checked = subprocess.run(
        ["gpg", "--homedir", home, "--batch", "--verify", signature, file],
        capture_output=True,
        check=False,
        env=os.environ,
    )
    assert checked.returncode == 1
    run("gpgconf", "--homedir", home, "--kill", "all")
