from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QStyleOptionComboBox, QWidget

from seam_portal_desktop.ui.shell.banner import Banner
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import CalmComboBox
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel
from seam_portal_desktop.ui.toolkit.theme import Theme, Tone

LONG = "customer-" * 60 + "end"


def test_a_cut_text_is_whole_in_the_tooltip_and_when_copied(qtbot):
    label = ElidedLabel(selectable=True)
    qtbot.addWidget(label)
    label.resize(120, 24)
    label.show()
    label.set_full_text(LONG, hover="More about it")

    assert "…" in label.text()
    assert label.text().endswith("end")
    assert label.toolTip() == f"{LONG}\nMore about it"
    assert label.accessibleName() == LONG
    label.setSelection(0, 5)
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == LONG


def test_a_text_with_room_is_not_cut(qtbot):
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.set_full_text("harbor-hotel\n two")
    label.resize(label.sizeHint())
    label.show()
    assert label.text() == "harbor-hotel two"
    assert label.toolTip() == ""


@pytest.mark.parametrize(("text", "is_cut"), [(LONG, True), ("harbor", False)])
def test_a_text_that_is_too_long_for_a_combo_box_says_so(qtbot, text, is_cut):
    box = CalmComboBox()
    qtbot.addWidget(box)
    box.addItem(text)
    box.resize(120, box.sizeHint().height())
    option = QStyleOptionComboBox()
    box.initStyleOption(option)

    assert option.currentText.endswith("…") is is_cut
    assert option.currentText.removesuffix("…").strip() in text


@pytest.mark.parametrize(
    "direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]
)
def test_a_flow_goes_on_in_the_next_line(qtbot, direction):
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.setLayoutDirection(direction)
    flow = FlowLayout(holder, 10)
    labels = [QLabel("w") for _ in range(3)]
    for label in labels:
        label.setFixedSize(100, 20)
        flow.addWidget(label)
    assert flow.heightForWidth(320) == 20
    assert flow.heightForWidth(319) == 50
    assert flow.heightForWidth(50) == 80

    holder.resize(220, 50)
    holder.show()
    places = [label.geometry().topLeft().toTuple() for label in labels]
    if direction is Qt.LayoutDirection.LeftToRight:
        assert places == [(0, 0), (110, 0), (0, 30)]
    else:
        assert places == [(120, 0), (10, 0), (120, 30)]


def test_a_hidden_item_takes_no_room_in_a_flow(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, 10)
    first, second = QLabel("a"), QLabel("b")
    for label in (first, second):
        label.setFixedSize(100, 20)
        flow.addWidget(label)
    first.hide()
    assert flow.sizeHint().width() == 100
    assert flow.heightForWidth(100) == 20


def test_a_banner_shows_its_text_and_can_be_closed(qapp, qtbot):
    theme = Theme(qapp)
    banner = Banner(
        theme,
        Icons(theme),
        text="Demo: nothing here is real. <b>x</b>",
        icon="flask-conical",
        tone=Tone.INFO,
        button="Leave the demo",
        closable=True,
    )
    qtbot.addWidget(banner)
    banner.show()
    acted = []
    banner.button.clicked.connect(lambda: acted.append(True))

    assert banner.accessibleName() == "Demo: nothing here is real. <b>x</b>"
    press, close = banner.findChildren(QAbstractButton)
    press.click()
    close.click()
    assert acted == [True]
    assert not banner.isVisible()


def test_a_narrow_banner_grows_tall_instead_of_cutting(qapp, qtbot):
    theme = Theme(qapp)
    banner = Banner(theme, Icons(theme), text="words " * 60)
    qtbot.addWidget(banner)
    assert banner.heightForWidth(300) > 2 * banner.heightForWidth(2000)
