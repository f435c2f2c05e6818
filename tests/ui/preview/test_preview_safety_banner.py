"""The line above the page that names the kind of link, in a pane of any width."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.ui.preview.view.safety_banner import SafetyBanner
from seam_portal_desktop.ui.toolkit.icons import Icons


def test_its_words_are_whole_or_shorter_but_never_cut(theme, qtbot):
    pane = QWidget()
    qtbot.addWidget(pane)
    line = SafetyBanner(theme, Icons(theme), pane)
    line.set_mode(PreviewMode.SAFE)
    pane.show()
    seen = []
    for width in (900, 260, 170):
        line.resize(width, line.sizeHint().height())
        word = next(w for w in line.findChildren(QLabel) if w.text().startswith("Safe"))
        other = line.findChild(QPushButton)
        for part in (word, other):
            qtbot.waitUntil(lambda part=part: part.width() >= part.sizeHint().width())
        seen.append((word.text(), other.text()))
    assert seen[0] == ("Safe preview", "Preview the live link…")
    assert seen[-1] == ("Safe", "Go live…")
    assert line.accessibleName().startswith("Safe preview. ")
