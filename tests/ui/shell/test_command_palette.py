from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from seam_portal_desktop.ui.preview.emulation.actions import PreviewActions
from seam_portal_desktop.ui.shell.actions import SYNONYMS, WindowActions
from seam_portal_desktop.ui.shell.command_match import match
from seam_portal_desktop.ui.shell.command_palette import CommandPalette
from seam_portal_desktop.ui.toolkit.icons import Icons


@pytest.fixture
def window(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.field = QLineEdit()
    QVBoxLayout(window).addWidget(window.field)
    window.run = []
    window.actions_ = {
        name: QAction(text, window)
        for name, text in {
            "new": "&New portal…",
            "copy": "Copy link",
            "undo": "Undo mark as sent",
            "browser": "Open link in browser…",
            "separator": "",
        }.items()
    }
    for name, action in window.actions_.items():
        action.triggered.connect(lambda _=False, name=name: window.run.append(name))
    window.actions_["new"].setShortcut("Ctrl+N")
    window.actions_["undo"].setEnabled(False)
    window.actions_["separator"].setSeparator(True)
    window.resize(800, 600)
    window.palette_ = CommandPalette(theme, Icons(theme), window)
    window.palette_.set_actions(list(window.actions_.values()))
    window.show()
    window.activateWindow()
    window.field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.field, timeout=5000)
    return window


def rows(window) -> list[str]:
    model = window.palette_._model
    return [model.command(row).accessible_text() for row in range(model.rowCount())]


def press(window, qtbot, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(window.palette_._field, key)


def test_it_lists_the_actions_with_shortcuts_and_the_disabled_ones_last(window):
    window.palette_.open()
    assert rows(window) == [
        "New portal…, Ctrl+N",
        "Copy link",
        "Open link in browser…",
        "Undo mark as sent, not available now",
    ]


def test_typing_filters_and_enter_runs_after_closing(window, qtbot):
    visible = []
    window.actions_["copy"].triggered.connect(
        lambda: visible.append((window.palette_.isVisible(), QApplication.focusWidget()))
    )
    window.palette_.open()
    qtbot.keyClicks(window.palette_._field, "cop")
    assert rows(window) == ["Copy link"]
    press(window, qtbot, Qt.Key.Key_Return)
    assert window.run == ["copy"]
    assert visible == [(False, window.field)]


def test_arrows_go_round_the_enabled_rows(window, qtbot):
    window.palette_.open()
    press(window, qtbot, Qt.Key.Key_Up, Qt.Key.Key_Return)
    window.palette_.open()
    press(window, qtbot, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert window.run == ["browser", "new"]


def test_a_disabled_action_does_not_run(window, qtbot):
    window.palette_.open()
    qtbot.keyClicks(window.palette_._field, "undo")
    assert rows(window) == ["Undo mark as sent, not available now"]
    press(window, qtbot, Qt.Key.Key_Return)
    assert window.run == []
    assert window.palette_.isVisible()


def test_a_disabled_action_says_why_if_that_is_known(window):
    window.actions_["undo"].setStatusTip("None of them is marked.")
    window.actions_["copy"].setStatusTip("1 of 3 has no link.")
    window.palette_.open()
    assert "Undo mark as sent, None of them is marked." in rows(window)
    assert "Copy link" in rows(window), "it can be run"
    window.grab()


def test_escape_closes_and_restores_the_focus(window, qtbot):
    window.palette_.open()
    qtbot.keyClicks(window.palette_._field, "new")
    press(window, qtbot, Qt.Key.Key_Escape)
    assert not window.palette_.isVisible()
    assert QApplication.focusWidget() is window.field
    assert window.run == []
    window.palette_.open()
    assert len(rows(window)) == 4


def test_opening_again_closes(window):
    window.palette_.open()
    window.palette_.open()
    assert not window.palette_.isVisible()


def test_no_match_is_shown(window, qtbot):
    window.palette_.open()
    qtbot.keyClicks(window.palette_._field, "zzz")
    assert window.palette_._no_match.isVisible()
    press(window, qtbot, Qt.Key.Key_Return, Qt.Key.Key_Down)
    assert window.run == []


def test_a_click_runs_and_a_click_outside_closes(window, qtbot):
    palette = window.palette_
    palette.open()
    position = palette._list.visualRect(palette._model.index(1)).center()
    qtbot.mouseClick(palette._list.viewport(), Qt.MouseButton.LeftButton, pos=position)
    assert window.run == ["copy"]

    palette.open()
    qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert not palette.isVisible()
    assert window.run == ["copy"]


def test_tab_stays_inside(window, qtbot):
    window.palette_.open()
    press(window, qtbot, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.palette_._field


def test_states_are_read_when_it_opens_and_deleted_actions_are_left_out(window):
    import shiboken6

    window.actions_["undo"].setEnabled(True)
    window.actions_["copy"].setText("Copy the && link")
    shiboken6.delete(window.actions_["browser"])
    window.palette_.open()
    assert rows(window) == ["New portal…, Ctrl+N", "Copy the & link", "Undo mark as sent"]


def test_it_stays_inside_a_small_window(window, qtbot):
    actions = [QAction(f"Action {number} {'long ' * 60}", window) for number in range(40)]
    window.palette_.set_actions(actions)
    window.palette_.open()
    window.resize(360, 300)
    qtbot.waitUntil(lambda: window.palette_.width() == window.width(), timeout=5000)
    assert window.palette_.rect().contains(window.palette_._card.geometry())
    window.grab()


@pytest.mark.parametrize(
    ("query", "best", "worse"),
    [
        ("port", "New portal…", "Support"),
        ("link", "Copy link", "Blinking"),
        ("cl", "Copy link", "Cancel"),
        ("nouv", "Nouvéau portail", "No universal view"),
    ],
)
def test_the_better_match_comes_first(query, best, worse):
    better, lesser = match(query, best), match(query, worse)
    assert better is not None
    assert lesser is None or better.score > lesser.score


@pytest.mark.parametrize(
    ("query", "text", "positions"),
    [
        ("", "Anything", ()),
        ("copy l", "Copy link", None),
        ("cl", "Copy link", (0, 5)),
        ("é", "cafe", (3,)),
        ("abc", "acb", None),
        ("ppa", "Open preview pane", (5, 13, 14)),
    ],
)
def test_what_matches_and_where(query, text, positions):
    found = match(query, text)
    if query == "copy l":
        assert found is not None
        assert "".join(text[index] for index in found.positions) == "Copyl"
    elif positions is None:
        assert found is None
    else:
        assert found is not None
        assert found.positions == positions


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("send", "Send…"),
        ("extend", "Renew link"),
        ("prolong", "Renew link"),
        ("trash", "Delete from this list…"),
        ("bin", "Delete from this list…"),
        ("link", "Copy link"),
        ("csv", "Export…"),
        ("excel", "Export…"),
        ("theme", "Simulate dark mode"),
        ("upgrade", "Check for updates…"),
        ("cancel reservation", "Remove customer data…"),
        ("delete guest", "Remove customer data…"),
    ],
)
def test_an_action_is_found_by_what_people_call_it(window, typed, found):
    window_actions = WindowActions(Icons(window.palette_._theme), window)
    preview_actions = PreviewActions(Icons(window.palette_._theme), window)
    window_actions.preview_groups = preview_actions.for_menus()
    window.palette_.set_actions(window_actions.for_palette())
    window.palette_.open()
    window.palette_._field.setText(typed)
    best = [row.split(", ")[0] for row in rows(window)][:4]
    assert found in best
    if typed not in ("link", "theme"):
        assert best[0] == found


def test_every_synonym_belongs_to_an_action(window):
    window_actions = WindowActions(Icons(window.palette_._theme), window)
    preview_actions = PreviewActions(Icons(window.palette_._theme), window)
    window_actions.preview_groups = preview_actions.for_menus()
    assert set(SYNONYMS) <= {action.text() for action in window_actions.for_palette()}


def test_the_order_is_exact_prefix_word_synonym_piece():
    scores = [
        match("send", *texts)
        for texts in (("Send…",), ("Send link",), ("To send",), ("Mail", "send"), ("Resend",))
    ]
    assert [each.score for each in scores] == sorted({each.score for each in scores}, reverse=True)


def found_action(window, text: str, part: str) -> QAction:
    action = QAction(text, window)
    action.setData(part)
    action.triggered.connect(lambda: window.run.append(text))
    return action


def test_what_is_found_comes_before_letters_in_order_and_after_words(window, qtbot):
    searched = []
    window.palette_.search = searched.append
    window.palette_.open()
    qtbot.keyClicks(window.palette_._field, "ne")
    assert searched[-1] == "ne"
    window.actions_["browser"].setText("Notice")  # has the letters only
    window.palette_.set_found("ne", [found_action(window, "Open old-ne · Active", "old-ne")])
    assert rows(window)[:2] == ["New portal…, Ctrl+N", "Open old-ne · Active"]
    press(window, qtbot, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert window.run == ["Open old-ne · Active"]
    assert searched[-1] == "", "the search ends with the palette"


def test_rows_that_arrive_leave_the_chosen_one_chosen(window, qtbot):
    window.palette_.search = lambda _typed: None
    window.palette_.open()
    qtbot.keyClicks(window.palette_._field, "o")
    before = rows(window)
    press(window, qtbot, Qt.Key.Key_Down)
    found = [found_action(window, f"Open o-{number}", f"o-{number}") for number in range(3)]
    window.palette_.set_found("o", found)
    assert len(rows(window)) == len(before) + 3
    press(window, qtbot, Qt.Key.Key_Return)
    window.palette_.open()
    assert window.run
    assert not window.run[0].startswith("Open o-")


def test_an_answer_for_another_text_is_ignored(window, qtbot):
    window.palette_.search = lambda _typed: None
    window.palette_.open()
    qtbot.keyClicks(window.palette_._field, "zzz")
    assert window.palette_._no_match.text() == "Searching…"
    window.palette_.set_found("zz", [found_action(window, "Open zz", "zz")])
    assert rows(window) == []
    window.palette_.set_found("zzz", [])
    assert window.palette_._no_match.text() == "Nothing matches"


def test_what_was_found_before_stays_while_it_matches(window, qtbot):
    window.palette_.search = lambda _typed: None
    window.palette_.open()
    qtbot.keyClicks(window.palette_._field, "har")
    actions = [found_action(window, f"Open {key}", key) for key in ("harbor-hotel", "harvest")]
    window.palette_.set_found("har", actions)
    qtbot.keyClicks(window.palette_._field, "b")
    assert rows(window) == ["Open harbor-hotel"]
    (command,) = window.palette_._model._shown
    assert "".join(command.text[place] for place in command.positions) == "harb"


def test_an_action_is_found_by_its_synonyms_when_its_text_changes(window):
    window_actions = WindowActions(Icons(window.palette_._theme), window)
    window_actions.copy_link.setText("Copy 3 links")
    window.palette_.set_actions(window_actions.for_palette())
    window.palette_.open()
    window.palette_._field.setText("clipboard")
    assert rows(window)[0].startswith("Copy 3 links")
