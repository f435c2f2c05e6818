"""Icons whose Python halves come and go while Qt keeps on painting with them.

Each of these ended the process with a segmentation fault before icons were handed out as copies.
"""

from __future__ import annotations

import gc

import pytest
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QPushButton

from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme


@pytest.fixture
def icons(qapp):
    theme = Theme(qapp)
    yield Icons(theme)
    theme.deleteLater()


def leave_in_a_cycle(*things: object) -> None:
    cycle = list(things)
    cycle.append(cycle)


def is_painted(icon: QIcon) -> bool:
    image = icon.pixmap(16, 16).toImage()
    return any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16))


def test_a_button_keeps_an_icon_that_was_garbage(icons, qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    icon = icons.icon("check")
    button.setIcon(icon)
    leave_in_a_cycle(icon)
    del icon
    gc.collect()
    assert is_painted(button.icon())
    leave_in_a_cycle(button.icon())
    gc.collect()
    assert is_painted(button.icon())


def test_an_action_and_its_icon_go_together(icons):
    for _ in range(50):
        icon = icons.icon("copy")
        action = QAction(icon, "Copy")
        leave_in_a_cycle(action, icon, action.icon(), icons)
        del action, icon
    gc.collect()
    assert is_painted(icons.icon("copy"))


def test_a_replaced_icon_is_let_go_and_the_new_one_painted(icons, qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    for name in ("check", "copy", "eye") * 20:
        icon = icons.icon(name)
        button.setIcon(icon)
        leave_in_a_cycle(icon)
        del icon
        gc.collect(0)
    gc.collect()
    assert is_painted(button.icon())
