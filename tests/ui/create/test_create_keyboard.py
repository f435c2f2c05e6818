"""A portal with a feature, data and a filter, made without the mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton

from tests.support.dialog_driver import type_text

Key = Qt.Key


def press(*keys: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget(), key, modifier)
        QApplication.processEvents()


def typing(text: str) -> None:
    for character in text:
        type_text(QApplication.focusWidget(), character)


def tab_to(name: str) -> None:
    """Press Tab until what has the focus is called `name`, by accessible or object name."""
    for _ in range(60):
        press(Key.Key_Tab)
        focused = QApplication.focusWidget()
        if name in (focused.accessibleName(), focused.objectName()):
            return
    raise AssertionError(f"Tab never comes to {name}")


def test_a_feature_data_and_a_filter_by_keyboard_alone(dialog):
    created: list[dict] = []
    dialog.create_requested.connect(lambda: created.append(dialog.wire()))
    typing("harbor-hotel")

    tab_to("Features")
    press(Key.Key_Space)
    tab_to("Organize: Workspace default")
    press(Key.Key_Right, Key.Key_Right)
    assert isinstance(QApplication.focusWidget(), QRadioButton)

    tab_to("Data")
    press(Key.Key_Space)
    tab_to("Kind of business")
    press(Key.Key_Home, Key.Key_Down, Key.Key_Down)
    assert dialog.data.vertical.name == "hospitality"
    tab_to("kinds")
    press(Key.Key_Home, Key.Key_Down, Key.Key_Down)
    assert dialog.data.model.kind.name == "reservations"
    tab_to("resources")
    typing("stay-1")
    press(Key.Key_Tab)
    typing("Zoë’s stay")
    press(Key.Key_Return)
    press(Key.Key_Up)
    press(Key.Key_End)  # the metadata
    press(Key.Key_Return)
    typing("floor")
    press(Key.Key_Tab, Key.Key_Tab)
    typing("2")
    press(Key.Key_Return)
    dialog.activateWindow()  # as a window manager would, now that the small dialog is gone
    QApplication.processEvents()

    tab_to("Filters")
    press(Key.Key_Space)
    tab_to("addFilter")
    press(Key.Key_Space)
    typing("floor")
    press(Key.Key_Tab, Key.Key_Tab)
    typing("2")
    assert dialog.filters.count.text() == "1 of 1 entered resources match."
    press(Key.Key_Return)

    assert created == [
        {
            "customer_data": {
                "customer_key": "harbor-hotel",
                "reservations": [
                    {
                        "reservation_key": "stay-1",
                        "name": "Zoë’s stay",
                        "custom_metadata": {"floor": "2"},
                    }
                ],
            },
            "features": {"organize": {"exclude": True}},
            "customer_resources_filters": [{"field": "floor", "operation": "=", "value": "2"}],
        }
    ]


def test_enter_in_the_table_edits_and_never_creates(dialog):
    created: list[str] = []
    dialog.create_requested.connect(lambda: created.append("create"))
    typing("k")
    dialog.data.kinds.set_current_kind("guests")
    tab_to("Data")
    press(Key.Key_Space)
    tab_to("resources")
    press(Key.Key_Return)
    typing("g-1")
    press(Key.Key_Return)
    assert [row["guest_key"] for row in dialog.data.model.rows("guests")] == ["g-1"]
    assert created == []

    press(Key.Key_Up, Key.Key_Right)
    typing("Zoë")
    press(Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    assert dialog.data.model.rows("guests") == [{"guest_key": "g-1", "name": "Zoë"}]
    assert created == ["create"]


def test_tab_leaves_the_table(dialog):
    dialog.data.kinds.set_current_kind("guests")
    tab_to("Data")
    press(Key.Key_Space)
    tab_to("resources")
    tab_to("foldFilters")


def test_undo_and_redo_by_keyboard(dialog):
    dialog.data.kinds.set_current_kind("guests")
    tab_to("Data")
    press(Key.Key_Space)
    tab_to("resources")
    typing("g-1")
    press(Key.Key_Return)
    control = Qt.KeyboardModifier.ControlModifier
    press(Key.Key_Z, modifier=control)
    assert dialog.wire() == {}
    press(Key.Key_Z, modifier=control | Qt.KeyboardModifier.ShiftModifier)
    assert dialog.wire() == {"customer_data": {"guests": [{"guest_key": "g-1"}]}}
