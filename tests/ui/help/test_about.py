from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from seam_portal_desktop.domain.policy import parse_policy, unreadable_policy
from seam_portal_desktop.ui.help.about_dialog import AboutDialog, AboutFacts
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.program import shows, visible_texts

FACTS = AboutFacts(
    version="0.1.0",
    python="3.11.2",
    qt="6.11.3",
    pyside="6.11.3",
    chromium="134.0.1",
    data_dir=Path("/data/seam-portal-desktop"),
    diagnostics={"Platform": "a test"},
)
SOURCE = "/etc/seam-portal-desktop/policy.json"


def about(theme, qtbot, facts=FACTS) -> AboutDialog:
    dialog = AboutDialog(theme, Icons(theme), facts=facts)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_it_shows_versions_licences_and_the_data_folder(theme, qtbot):
    dialog = about(theme, qtbot)
    pressed: list[str] = []
    dialog.open_data_dir_requested.connect(lambda: pressed.append("folder"))
    dialog.licences_requested.connect(lambda: pressed.append("licences"))
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}

    shown = visible_texts(dialog)
    assert {"0.1.0", str(FACTS.data_dir)} <= set(shown)
    assert "Python 3.11.2 · Qt 6.11.3 · PySide6 6.11.3 · Chromium 134.0.1" in shown
    assert "MIT · Qt and PySide6: LGPL-3.0 · Lucide icons: ISC" in shown
    assert not shows(dialog, "Managed by your organisation")
    buttons["Open folder"].click()
    buttons["All of them…"].click()
    assert pressed == ["folder", "licences"]
    buttons["Copy diagnostics"].click()
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Seam Portal Desktop: 0.1.0",
        "Python: 3.11.2",
        "Qt: 6.11.3",
        "PySide6: 6.11.3",
        "Chromium: 134.0.1",
        "Platform: a test",
    ]


def test_it_shows_what_is_managed_and_where(theme, qtbot):
    settings = {"ledger_url": "postgresql://ada:not-real@db.example/links", "smtp": False}
    facts = replace(FACTS, policy=parse_policy(settings, SOURCE))
    dialog = about(theme, qtbot, facts)
    assert shows(dialog, "Managed by your organisation")
    assert {"Ledger", "postgresql at db.example/links", "Sending by mail"} <= set(
        visible_texts(dialog)
    )
    assert shows(dialog, f"Set in {SOURCE}")
    copied = facts.text()
    assert f"Policy: Ledger is postgresql at db.example/links ({SOURCE})" in copied
    assert "not-real" not in copied


def test_it_shows_what_is_wrong_with_a_policy(theme, qtbot):
    policy = unreadable_policy(f"{SOURCE}: smtp must be true or false.")
    dialog = about(theme, qtbot, replace(FACTS, policy=policy))
    assert shows(dialog, "connects to nothing")
    assert shows(dialog, "smtp must be true or false.")
