"""The commands that sign and notarise the app, recorded by stand-ins for Apple's tools."""

from __future__ import annotations

import base64
import os
import plistlib
from pathlib import Path

import pytest

from tests.packaging.test_macos_bundle import thin

from common import project  # isort: skip
from macos import bundle, codesign, keychain, notary, packages  # isort: skip

FINGERPRINT = "0123456789ABCDEF0123456789ABCDEF01234567"
FRAMEWORKS = "Contents/Frameworks"
WEB_ENGINE = f"{FRAMEWORKS}/PySide6/Qt/lib/QtWebEngineCore.framework"
HELPER = f"{WEB_ENGINE}/Versions/A/Helpers/QtWebEngineProcess.app"

# The output of each tool. All tools record their calls.
ANSWERS = {
    "codesign": "",
    "ditto": "",
    "security": f'    "/Users/tester/login.keychain-db"\n  1) {FINGERPRINT} "A test"',
    "xcrun": "  id: 1\n  status: Accepted",
    "python": "",
}


@pytest.fixture
def app(tmp_path) -> Path:
    """An app with a framework that contains an app, with links, and with a library."""
    app = tmp_path / "frozen" / bundle.APP
    program(app / "Contents/MacOS/seam-portal-desktop")
    plist(app, "seam-portal-desktop")
    program(app / WEB_ENGINE / "Versions/A/QtWebEngineCore")
    (app / WEB_ENGINE / "Versions/Current").symlink_to("A")
    (app / WEB_ENGINE / "Helpers").symlink_to("Versions/Current/Helpers")
    (app / WEB_ENGINE / "QtWebEngineCore").symlink_to("Versions/Current/QtWebEngineCore")
    program(app / HELPER / "Contents/MacOS/QtWebEngineProcess")
    plist(app / HELPER, "QtWebEngineProcess")
    (app / HELPER / "Contents/Resources").mkdir()
    (app / HELPER / "Contents/Resources/QtWebEngineProcess.entitlements").write_text("its own")
    program(app / FRAMEWORKS / "PySide6/QtCore.abi3.so")
    program(app / FRAMEWORKS / "libpython3.11.dylib")
    (app / "Contents/Resources").mkdir()
    (app / "Contents/Resources/PySide6").symlink_to("../Frameworks/PySide6")
    (app / "Contents/Resources/notes.txt").write_text("no program")
    return app


def program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(thin((13, 0)))


def plist(app: Path, executable: str) -> None:
    (app / "Contents/Info.plist").write_bytes(plistlib.dumps({"CFBundleExecutable": executable}))


class Tools:
    """Stand-ins for macOS's tools."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = folder / "log"
        for name, text in ANSWERS.items():
            self.answer(name, text)

    def answer(self, name: str, text: str, code: int = 0) -> None:
        (self.folder / f"{name}.answer").write_text(text)
        tool = self.folder / name
        tool.write_text(
            f'#!/bin/sh\n{{ printf "%s" {name}; printf "\\t%s" "$@"; echo; }} >> {self._log}\n'
            f"cat {self.folder}/{name}.answer\nexit {code}\n"
        )
        tool.chmod(0o755)

    @property
    def calls(self) -> list[list[str]]:
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        return [line.split("\t") for line in lines]

    def of(self, *start: str) -> list[list[str]]:
        return [call[len(start) :] for call in self.calls if call[: len(start)] == list(start)]


@pytest.fixture
def tools(tmp_path, monkeypatch) -> Tools:
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return Tools(folder)


def test_parts_come_before_what_contains_them(app):
    entitlements = {
        part.path.relative_to(app.parent).as_posix(): part.entitlements
        for part in codesign.parts(app)
    }
    assert [path.removeprefix(f"{bundle.APP}/") for path in entitlements] == [
        f"{FRAMEWORKS}/PySide6/QtCore.abi3.so",
        f"{FRAMEWORKS}/libpython3.11.dylib",
        HELPER,
        WEB_ENGINE,
        bundle.APP,
    ]
    own = entitlements.pop(f"{bundle.APP}/{HELPER}")
    assert own.read_text() == "its own"
    assert entitlements.pop(bundle.APP).name == "program.entitlements"
    assert set(entitlements.values()) == {None}


def test_chromiums_process_needs_its_entitlements(app):
    (app / HELPER / "Contents/Resources/QtWebEngineProcess.entitlements").unlink()
    with pytest.raises(project.BuildError, match="has no entitlements"):
        codesign.parts(app)


def test_an_app_without_chromiums_process_is_refused(app, tmp_path):
    (app / HELPER).rename(tmp_path / "elsewhere")
    with pytest.raises(project.BuildError, match="has no QtWebEngineProcess"):
        codesign.parts(app)


def test_a_framework_without_its_links_is_refused(app):
    (app / WEB_ENGINE / "Versions/Current").unlink()
    with pytest.raises(project.BuildError, match="no current version"):
        codesign.parts(app)


def test_without_a_certificate_it_is_signed_for_this_computer(app, tools, tmp_path, monkeypatch):
    for name in (keychain.CERTIFICATE, notary.KEY):
        monkeypatch.delenv(name, raising=False)
    image = packages.package(tools.folder / "python", app, tmp_path, tmp_path, quick=True)
    assert {call[0] for call in tools.calls} == {"codesign", "python"}
    signed = tools.of("codesign", "--force")
    assert all(call[:2] == ["--sign", "-"] and "runtime" not in call for call in signed)
    (made,) = tools.of("python", "-m", "dmgbuild")
    assert made[-2:] == ["Seam Portal Desktop", str(image)]


@pytest.fixture
def with_keys(monkeypatch):
    monkeypatch.setenv(keychain.CERTIFICATE, base64.b64encode(b"a certificate").decode())
    monkeypatch.setenv(keychain.PASSWORD, "a passphrase")
    monkeypatch.setenv(notary.KEY, "a key")
    monkeypatch.setenv(notary.KEY_ID, "KEYID")
    monkeypatch.setenv(notary.ISSUER, "an-issuer")


def test_a_release_is_signed_checked_packed_and_checked_again(app, tools, tmp_path, with_keys):
    before = {path: path.read_bytes() for path in app.rglob("*") if path.is_file()}
    image = packages.package(tools.folder / "python", app, tmp_path, tmp_path, quick=False)
    done = [
        ("sign" if "--force" in call else "verify", Path(call[-1]).name)
        if call[0] == "codesign"
        else (call[2] if call[0] == "xcrun" else call[0], Path(call[-1]).name)
        for call in tools.calls
        if call[0] != "security"
    ]
    kinds = [kind for kind, _ in done]
    assert kinds == [
        *["sign"] * 5,
        "verify",
        "ditto",
        *["submit", "staple", "validate"],  # of the app
        "python",
        "sign",
        *["submit", "staple", "validate"],  # of the image
    ]
    assert done[4] == ("sign", bundle.APP)
    assert done[11] == ("sign", image.name)
    for call in tools.of("codesign", "--force"):
        assert call[:5] == ["--sign", FINGERPRINT, "--options", "runtime", "--timestamp"]
        assert "--deep" not in call
    for call in tools.of("xcrun", "notarytool", "submit"):
        assert "--wait" in call
        assert call[call.index("--key-id") + 1] == "KEYID"
        assert "a key" not in call, "the key is in a file"
    assert before == {path: path.read_bytes() for path in app.rglob("*") if path.is_file()}


def test_the_keychain_is_removed_after_a_failure_as_well(app, tools, tmp_path, with_keys):
    tools.answer("codesign", "errSecInternalComponent", code=1)
    with pytest.raises(project.BuildError, match="errSecInternalComponent"):
        packages.package(tools.folder / "python", app, tmp_path, tmp_path, quick=True)
    (made,) = tools.of("security", "create-keychain")
    (gone,) = tools.of("security", "delete-keychain")
    assert gone == made[-1:]
    *_, restored = tools.of("security", "list-keychains", "-d", "user", "-s")
    assert restored == ["/Users/tester/login.keychain-db"]


def test_a_refusal_by_apple_ends_the_build(app, tools, tmp_path, with_keys):
    tools.answer("xcrun", "  id: 1\n  status: Invalid")
    with pytest.raises(project.BuildError, match="status: Invalid"):
        packages.package(tools.folder / "python", app, tmp_path, tmp_path, quick=True)
    assert tools.of("xcrun", "stapler") == []


def test_a_missing_part_of_the_notary_key_is_named(app, tools, tmp_path, with_keys, monkeypatch):
    monkeypatch.delenv(notary.ISSUER)
    with pytest.raises(project.BuildError, match=notary.ISSUER):
        packages.package(tools.folder / "python", app, tmp_path, tmp_path, quick=True)
