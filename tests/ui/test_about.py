from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from seam_portal_desktop.ui.about import AboutDialog, AboutFacts
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.theme import Theme

FACTS = AboutFacts(
    version="0.1.0",
    python="3.11.2",
    qt="6.11.3",
    pyside="6.11.3",
    data_dir=Path("/data/seam-portal-desktop"),
    diagnostics={"Platform": "a test"},
)


def test_it_says_versions_licences_and_the_data_folder(qapp, qtbot):
    theme = Theme(qapp)
    dialog = AboutDialog(theme, Icons(theme), facts=FACTS)
    qtbot.addWidget(dialog)
    dialog.open()
    folder, pressed = str(FACTS.data_dir), []
    dialog.open_data_dir_requested.connect(lambda: pressed.append(True))
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}

    names = {label.accessibleName() or label.text() for label in dialog.findChildren(QLabel)}
    assert {"0.1.0", folder, "Seam Portal Desktop: MIT", "Qt and PySide6: LGPL-3.0"} <= names
    buttons["Open folder"].click()
    assert pressed == [True]
    buttons["Copy diagnostics"].click()
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Seam Portal Desktop: 0.1.0",
        "Python: 3.11.2",
        "Qt: 6.11.3",
        "PySide6: 6.11.3",
        "Platform: a test",
    ]
