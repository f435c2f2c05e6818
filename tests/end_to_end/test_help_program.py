"""The Help menu of the whole program."""

from __future__ import annotations

import json
import zipfile

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from seam_portal_desktop import diagnostics
from seam_portal_desktop.bootstrap import open_session
from seam_portal_desktop.domain.policy import parse_policy
from seam_portal_desktop.services.updates import NO_SOURCE
from seam_portal_desktop.ui.help.about_dialog import AboutDialog
from seam_portal_desktop.ui.help.diagnostics_dialog import DiagnosticsDialog
from seam_portal_desktop.ui.help.licences_dialog import LicencesDialog
from seam_portal_desktop.ui.help.update_dialog import UpdateDialog
from tests.support.program import (
    connected_program,
    is_gone,
    open_program,
    press,
    shows,
    visible_children,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio

SOURCE = "/etc/seam-portal-desktop/policy.json"
REPORT = {"ok": True, "steps": [{"name": "create", "ok": True, "ms": 1}], "keyring": "none"}


@pytest.fixture
def self_test(monkeypatch):
    """Replaces the self-test's process, which has its own tests."""

    async def run():
        return REPORT

    monkeypatch.setattr(open_session, "run_self_test_process", run)


async def test_the_about_dialog_shows_policy_and_licences(tmp_path, sandbox):
    policy = parse_policy({"live_preview": False}, SOURCE)
    async with open_program(tmp_path, sandbox, policy=policy) as program:
        program.window.actions_.about.trigger()
        about = await program.dialog(AboutDialog)
        assert shows(about, "Chromium 1")
        assert shows(about, f"Set in {SOURCE}")
        press(about, "Licences: All of them…")
        licences = await program.dialog(LicencesDialog)
        assert "PySide6 6." in licences.text.toPlainText()
        licences.accept()
        about.accept()


async def test_a_build_without_an_update_source_is_explained(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox) as program:
        program.window.actions_.check_updates.trigger()
        dialog = await program.dialog(UpdateDialog)
        assert shows(dialog, NO_SOURCE)
        dialog.reject()


@pytest.mark.parametrize("with_self_test", [True, False])
async def test_a_bundle_of_diagnostics_has_what_was_shown_and_no_secret(
    tmp_path, sandbox, self_test, with_self_test
):
    policy = parse_policy(
        {"ledger_url": f"sqlite:///{tmp_path}/not-real.sqlite3", "smtp": False}, SOURCE
    )
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "seam-portal-desktop.log").write_text(f"used {sandbox.api_key} here\n", "utf-8")
    (logs / "seam-portal-desktop.crash.old.log").write_text("Segmentation fault\n", "utf-8")
    target = tmp_path / "bundle.zip"
    async with connected_program(tmp_path, sandbox, policy=policy) as program:
        program.window.actions_.save_diagnostics.trigger()
        dialog = await program.dialog(DiagnosticsDialog)
        shown = [part.name for part in dialog.parts]
        assert all(shows(dialog, name) for name in shown)
        dialog.with_self_test.setChecked(with_self_test)
        press(dialog, "Choose a file…")
        chooser = (await until(lambda: visible_children(dialog, QFileDialog)))[0]
        chooser.fileSelected.emit(str(target))
        chooser.reject()
        await until(lambda: is_gone(dialog), "it is saved")
        await until(lambda: program.message() == "Diagnostics saved as bundle.zip.", "it is said")
    with zipfile.ZipFile(target) as bundle:
        content = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert list(content) == shown + (["self-test.json"] if with_self_test else [])
    assert "used seam_[hidden] here" in content["seam-portal-desktop.log"]
    assert "Segmentation fault" in content["seam-portal-desktop.crash.old.log"]
    assert f"Sending by mail: not allowed (set in {SOURCE})" in content["policy.txt"]
    assert "httpx 0." in content["packages.txt"]
    assert sandbox.api_key not in "".join(content.values())
    if with_self_test:
        assert json.loads(content["self-test.json"]) == REPORT


async def test_copied_diagnostics_hold_no_secret(tmp_path, sandbox, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://ada:not-real@proxy.example:3128")
    monkeypatch.setenv("ALL_PROXY", "socks4://ada:not-real@proxy.example")
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        program.window.actions_.copy_diagnostics.trigger()
        await until(lambda: program.message().startswith("Diagnostics copied"))
        text = QGuiApplication.clipboard().text()
        assert "Connected workspaces: 1" in text
        assert "HTTPS_PROXY is http://proxy.example:3128; not used: ALL_PROXY (only HTTP" in text
        assert "not-real" not in text
        assert diagnostics.redact(text) == text
        assert sandbox.api_key not in text
        assert "harbor-hotel" not in text
