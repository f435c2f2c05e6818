"""The parts of the Windows program besides its code: version, manifest, icon."""

from __future__ import annotations

import ast
import struct
import xml.etree.ElementTree as ET

import pytest

from seam_portal_desktop import __version__
from seam_portal_desktop.adapters.keyring.store import KeyringSecretStore
from seam_portal_desktop.paths import APP_NAME
from tests.packaging.conftest import ROOT

from common import app_icon, project  # isort: skip
from windows import authenticode, exe, facts, installer  # isort: skip

MANIFEST = ROOT / "packaging/windows/files/program.manifest"
SETTINGS = "http://schemas.microsoft.com/SMI/{}/WindowsSettings"
V1, V3 = "urn:schemas-microsoft-com:asm.v1", "urn:schemas-microsoft-com:asm.v3"


def test_the_manifest_has_high_resolution_long_paths_and_no_rights():
    root = ET.parse(MANIFEST).getroot()
    assert root.find(f".//{{{SETTINGS.format(2016)}}}dpiAwareness").text == "PerMonitorV2"
    assert root.find(f".//{{{SETTINGS.format(2016)}}}longPathAware").text == "true"
    level = root.find(f".//{{{V3}}}requestedExecutionLevel")
    assert level.attrib == {"level": "asInvoker", "uiAccess": "false"}
    compatibility = "urn:schemas-microsoft-com:compatibility.v1"
    (supported,) = root.iter(f"{{{compatibility}}}supportedOS")
    assert supported.attrib["Id"] == "{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"  # 10 and 11
    (controls,) = root.iter(f"{{{V1}}}assemblyIdentity")
    assert controls.attrib["version"] == "6.0.0.0"


def test_the_version_resource_is_complete():
    """PyInstaller evaluates the text as a call with literals."""
    tree = ast.parse(exe.version_resource(), mode="eval")
    strings = {
        call.args[0].value: call.args[1].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.func.id == "StringStruct"
    }
    assert strings["ProductName"] == strings["FileDescription"] == "Seam Portal Desktop"
    assert strings["ProductVersion"] == strings["FileVersion"] == __version__
    assert strings["OriginalFilename"] == "seam-portal-desktop.exe"
    assert project.AUTHORS in strings["LegalCopyright"]
    (fixed,) = [
        call
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.func.id == "FixedFileInfo"
    ]
    numbers = {keyword.arg: ast.literal_eval(keyword.value) for keyword in fixed.keywords}
    assert numbers["filevers"] == numbers["prodvers"] == facts.four_numbers()


@pytest.mark.parametrize(
    ("version", "numbers"), [("1.2.3", (1, 2, 3, 0)), ("10.0.1rc2", (10, 0, 1, 0))]
)
def test_the_version_has_four_numbers(monkeypatch, version, numbers):
    monkeypatch.setattr(project, "version", lambda: version)
    assert facts.four_numbers() == numbers
    monkeypatch.setattr(project, "version", lambda: "next")
    with pytest.raises(project.BuildError):
        facts.four_numbers()


def test_the_icon_has_every_size(tmp_path):
    options = exe.options(tmp_path)
    assert set(options) == {"version", "manifest", "icon"}
    content = (tmp_path / "app.ico").read_bytes()
    assert app_icon.write_ico(tmp_path / "again.ico").read_bytes() == content
    _, kind, count = struct.unpack_from("<3H", content)
    assert kind == 1
    sizes = []
    for number in range(count):
        width, height, *_, length, start = struct.unpack_from("<BBBBHHII", content, 6 + 16 * number)
        picture = content[start : start + length]
        assert picture.startswith(b"\x89PNG")
        real = struct.unpack_from(">II", picture, 16)
        assert real == (width or 256, height or 256)
        sizes.append(real[0])
    assert sizes == [16, 24, 32, 48, 64, 128, 256]
    assert start + length == len(content)


def test_the_uninstaller_knows_where_data_and_keys_are():
    assert facts.DATA_FOLDER == APP_NAME
    service = KeyringSecretStore()._service("data-key")
    assert service.startswith(facts.CREDENTIALS.removesuffix("*"))
    assert facts.CREDENTIALS.endswith("/*"), "no key of another program may match"


def test_special_characters_of_nsis_are_quoted(tmp_path):
    (tmp_path / "a'b").mkdir()
    text = installer._file_macros(tmp_path, ["a'b/$c.txt", "top"])
    assert 'SetOutPath "$INSTDIR\\a$\\\'b"' in text
    assert '"/oname=$$c.txt"' in text
    assert 'RMDir "$INSTDIR\\a$\\\'b"' in text
    assert "RMDir /r" not in text


def test_a_sign_command_needs_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv(authenticode.SIGN_COMMAND, "sign-it")
    with pytest.raises(project.BuildError, match="file"):
        authenticode.sign([tmp_path])


def test_without_a_key_nothing_is_signed(monkeypatch, tmp_path):
    for name in (authenticode.SIGN_COMMAND, authenticode.CERTIFICATE):
        monkeypatch.delenv(name, raising=False)
    assert not authenticode.has_key()
    with pytest.raises(project.BuildError, match="no key"):
        authenticode.sign([tmp_path])


def test_the_script_documents_its_switches_and_exit_codes():
    text = (ROOT / "packaging/windows/files/installer.nsi").read_text("utf-8")
    head, _, script = text.partition("Unicode true")
    for switch in ("/S", "/AllUsers", "/CurrentUser", "/CLOSE", "/D=", "/REMOVEDATA"):
        assert switch in head
    for code in ("ERROR_FAILED", "ERROR_ACCESS_DENIED", "ERROR_SHARING_VIOLATION"):
        number = script.partition(f"!define {code} ")[2].split()[0]
        assert f" {number} " in head
