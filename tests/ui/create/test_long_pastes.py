"""Texts that are too long for a field: the window answers, and says why nothing was pasted."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QToolTip

from seam_portal_desktop.domain.request.text import write_request
from seam_portal_desktop.ui.create.data.data_section import DataSection
from seam_portal_desktop.ui.create.form.controls import ParagraphControl
from seam_portal_desktop.ui.create.form.settings import ControlKind, Setting
from seam_portal_desktop.ui.create.json.json_editor import MAX_CHARACTERS, MAX_LINES
from seam_portal_desktop.ui.create.json.json_view import JsonView
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.responsive import window_answers

KEY = {"customer_key": "harbor-hotel"}
LONG = {
    "5 MB": "x" * 5_000_000,
    "5 MB of words": "word " * 1_000_000,
    "100,000 lines": "a\n" * 100_000,
    "a request of 5 MB": json.dumps(
        {**KEY, "customer_data": {"spaces": [{"name": "x" * 5_000_000}]}}
    ),
}


@pytest.fixture
def view(theme, qtbot):
    view = JsonView(theme, Icons(theme))
    qtbot.addWidget(view)
    view.show()
    view.set_request(KEY)
    return view


def spaces(number: int, *, indent: int | None) -> str:
    rows = [{"space_key": f"space-{n}", "name": f"Room {n}"} for n in range(number)]
    request = {**KEY, "customer_data": {"customer_key": "harbor-hotel", "spaces": rows}}
    return json.dumps(request, indent=indent)


def mime(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("way", ["paste", "drop"])
def test_the_json_editor_takes_no_text_over_its_limits(view, qtbot, name, way):
    before, request = view.editor.text(), view.request()
    steps = view.editor.document().availableUndoSteps()
    data = mime(LONG[name])
    QGuiApplication.clipboard().setMimeData(mime(LONG[name]))
    with window_answers():
        if way == "paste":
            view.editor.paste()
        else:
            view.editor.insertFromMimeData(data)
        qtbot.wait(200)
    assert view.editor.text() == before
    assert view.request() == request
    assert "Nothing was pasted" in view._notice._label.text()
    assert view.editor.document().availableUndoSteps() == steps


@pytest.mark.parametrize(
    "text",
    [
        spaces(1_200, indent=2),
        spaces(2_000, indent=None),
        "[\n" * (MAX_LINES - 10),
        "{\n" + ('"a": 1, ' * 1_000 + "\n") * 12,
    ],
    ids=["request", "one line", "lines", "tokens"],
)
def test_the_window_answers_with_a_text_just_below_the_limits(view, qtbot, text):
    assert len(text) < MAX_CHARACTERS
    view.editor.selectAll()
    with window_answers():
        view.editor.insertFromMimeData(mime(text))
        qtbot.wait(400)  # the check comes when typing pauses
        qtbot.keyClicks(view.editor, " ")
        qtbot.wait(400)
    assert "".join(view.editor.text().split()) == "".join(text.split())
    assert view.problems._summary.text()


def test_a_line_that_would_become_too_many_is_refused(view, qtbot):
    before = view.editor.text()
    data = {"customer_key": "harbor-hotel", "custom_metadata": [1] * 45_000}
    text = json.dumps({"customer_data": data}, separators=(",", ":"))
    assert len(text) < MAX_CHARACTERS
    with window_answers():
        view.editor.insertFromMimeData(mime(text))
        qtbot.wait(200)
    assert view.editor.text() == before
    assert "Nothing was changed" in view._notice._label.text()


def test_tidying_up_makes_no_text_that_is_too_long(view, qtbot):
    rows = [{"space_key": str(n), "name": "R"} for n in range(2_800)]
    data = {"customer_key": "harbor-hotel", "spaces": rows}
    text = json.dumps({"customer_data": data}, separators=(",", ":"))
    text = text.replace("},{", "},\n{")
    assert len(text) < MAX_CHARACTERS
    view.editor.selectAll()
    view.editor.insertFromMimeData(mime(text))
    assert view.request() is not None
    assert view.editor.text() == text
    view.tidy_button.click()
    assert view.editor.text() == text
    assert "Nothing was changed" in view._notice._label.text()


def test_a_long_text_of_the_form_is_shown_whole(view):
    rows = [{"space_key": f"space-{n}"} for n in range(5_000)]
    request = {**KEY, "customer_data": {"customer_key": "harbor-hotel", "spaces": rows}}
    view.set_request(request)
    assert view.editor.text() == write_request(request)


def test_a_part_with_a_very_long_line_is_refused(view):
    before = view.editor.text()
    view.editor.insertFromMimeData(mime("x" * (MAX_CHARACTERS // 2)))
    assert view.editor.text() == before
    assert "in a line" in view._notice._label.text()


@pytest.mark.parametrize("name", LONG)
def test_a_paragraph_takes_no_text_over_its_limit(theme, qtbot, name):
    control = ParagraphControl(Setting("features.x", "Text", ControlKind.PARAGRAPH))
    qtbot.addWidget(control)
    control.show()
    control.set_value("as before")
    QGuiApplication.clipboard().setMimeData(mime(LONG[name]))
    with window_answers():
        control.edit.paste()
        QApplication.processEvents()
    assert control.value() == "as before"
    assert "Nothing was pasted" in QToolTip.text()
    with window_answers():
        control.set_value("x" * 100_000)
        QApplication.processEvents()
    assert control.value() == "x" * 100_000


@pytest.fixture
def section(theme, qtbot):
    section = DataSection(Icons(theme))
    qtbot.addWidget(section)
    section.show()
    section.kinds.set_current_kind("guests")
    section.asked = []
    section.table.import_requested.connect(lambda *asked: section.asked.append(asked))
    return section


def paste(section, qtbot, text: str) -> None:
    QGuiApplication.clipboard().setMimeData(mime(text))
    qtbot.keyClick(section.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("name", ["5 MB", "5 MB of words", "a request of 5 MB"])
def test_a_table_takes_no_cell_over_its_limit(section, qtbot, name):
    with window_answers():
        paste(section, qtbot, LONG[name])
        qtbot.waitUntil(lambda: "A cell in it has more than" in section.note.label.text())
    assert section.model.rowCount() == 1
    assert "line 1 " in section.note.label.text().lower()


@pytest.mark.parametrize("text", [LONG["100,000 lines"], "a\r" * 5_001], ids=["LF", "CR"])
def test_many_pasted_lines_go_to_the_import(section, qtbot, text):
    with window_answers():
        paste(section, qtbot, text)
        qtbot.waitUntil(lambda: bool(section.asked), timeout=10_000)
    ((sheet, at),) = section.asked
    assert len(sheet.rows) == len(text) // 2
    assert at == 0
    assert section.model.rowCount() == 1


@pytest.mark.parametrize("end", ["\v", "\f", "\x85", "\u2028", "\u2029"])
def test_other_line_ends_make_no_rows(section, qtbot, end):
    text = f"a{end}" * 5_001 + "b"
    with window_answers():
        paste(section, qtbot, text)
    assert list(section.model.rows("guests")) == [{"guest_key": text}]


def test_a_very_long_cell_is_shown_but_not_edited(section, qtbot):
    """A line edit would cut it."""
    text = "x" * 140_000
    with window_answers():
        paste(section, qtbot, text)
        qtbot.waitUntil(lambda: section.model.rowCount() == 2, timeout=10_000)
        qtbot.keyClick(section.table, Qt.Key.Key_F2)
        qtbot.waitUntil(lambda: "too many to edit" in section.note.label.text())
        section.table.grab()
    assert list(section.model.rows("guests")) == [{"guest_key": text}]
    index = section.model.index(0, 0)
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
        assert len(index.data(role)) < 2_000


def test_the_window_answers_while_a_table_of_100_000_rows_is_edited(section, qtbot):
    rows = [{"guest_key": f"g-{n}", "name": f"Guest {n}"} for n in range(100_000)]
    section.model.reset({"guests": rows})
    section.table.go_to(0, 0)
    QApplication.processEvents()
    table, model = section.table, section.model
    with window_answers():
        model.setData(model.index(5, 1), "Another name")
        qtbot.wait(400)  # the check comes when typing pauses
        table.go_to(50_000, 1)
        qtbot.wait(20)
        qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        qtbot.wait(20)
        table.go_to(7, 1)
        qtbot.keyClick(table, Qt.Key.Key_Delete)
        qtbot.wait(20)
        model.undo_stack.undo()
        qtbot.wait(20)
    assert model.rows("guests")[5]["name"] == "Another name"
    assert model.rows("guests")[7]["name"] == "Guest 7"
