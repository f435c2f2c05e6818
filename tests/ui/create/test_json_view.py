"""The JSON view: the same request as the form, the lines of its problems, no lost text."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest

from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.request import decode_request, encode_request
from seam_portal_desktop.ui.create.json.code_snippets import ApiTarget
from seam_portal_desktop.ui.create.json.json_view import JsonView
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.contract import bodies, create_portal_schema, full_example
from tests.support.dialog_driver import shown_texts

SCHEMA = create_portal_schema()
KEY = {"customer_data": {"customer_key": "harbor-hotel"}}
VALID = KEY | {"locale": "de-DE"}


@pytest.fixture
def view(theme, qtbot):
    view = JsonView(theme, Icons(theme))
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    return view


def retype(view: JsonView, text: str) -> None:
    """As a user would: everything selected, then other text over it."""
    view.editor.selectAll()
    view.editor.insertPlainText(text)


def paste(view: JsonView, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    view.editor.insertFromMimeData(data)


def wire(view: JsonView) -> object:
    request = view.request()
    return None if request is None else json.loads(encode_request(request))


def listed(view: JsonView) -> list[str]:
    return [view.problems.list.item(row).text() for row in range(view.problems.list.count())]


@settings(
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bodies(SCHEMA))
def test_any_request_comes_back_as_it_was_given(view, body):
    request = decode_request(json.dumps(body))
    view.set_request(request)
    assert view.request() == request


def test_the_full_request_and_its_mapping_are_the_same(view):
    body = full_example(SCHEMA)
    view.set_request(body)
    assert wire(view) == body
    before = view.editor.text()
    view.set_request(decode_request(json.dumps(body)))
    assert view.editor.text() == before


def test_changed_is_emitted_when_typing_pauses_but_not_by_setting(view, qtbot):
    log: list[object] = []
    view.changed.connect(lambda: log.append(wire(view)))
    view.set_request(VALID)
    assert log == []
    with qtbot.waitSignal(view.changed):
        retype(view, json.dumps(KEY | {"read_only": True}))
    assert log == [KEY | {"read_only": True}]


def test_request_includes_what_was_typed_before_the_pause(view):
    view.set_request(VALID)
    retype(view, json.dumps(KEY))
    assert wire(view) == KEY
    retype(view, "{")
    assert view.request() is None


def test_a_problem_has_its_line_and_a_click_selects_it(view, qtbot):
    body = KEY | {"customization_profile_id": "🏨", "locale": "xx"}
    retype(view, json.dumps(body, indent=2, ensure_ascii=False))
    assert view.request() is None
    texts = listed(view)
    assert len(texts) == 2
    assert texts[0].startswith("Customization profile id: ")
    assert texts[1].startswith("Locale: Expected one of en-US")
    assert view.problems.list.isVisibleTo(view)
    view.problems.list.itemClicked.emit(view.problems.list.item(1))
    cursor = view.editor.textCursor()
    assert (cursor.selectedText(), cursor.blockNumber()) == ('"locale"', 5)
    assert "keeps the last request" in shown_texts(view)


def test_a_warning_can_be_sent(view):
    link = {"resource_type": "device", "resource_id": "d"}
    view.set_request(KEY | {"deep_link": link, "landing_page": {"manage": {"room_key": "1"}}})
    assert view.request() is not None
    assert len(listed(view)) == 1
    assert "can be sent" in shown_texts(view)


def test_the_form_unchanged_leaves_an_invalid_text_alone(view):
    view.set_request(VALID)
    retype(view, '{"locale": ')
    assert view.request() is None
    view.set_request(VALID)
    assert view.editor.text() == '{"locale": '


def test_the_formatting_of_an_equal_request_stays(view):
    text = json.dumps(VALID, indent=None) + "\n\n"
    view.set_request(KEY)
    retype(view, text)
    view.set_request(VALID)
    assert view.editor.text() == text


def test_an_invalid_text_can_be_brought_back_after_the_form_changed(view, qtbot):
    view.set_request(VALID)
    retype(view, '{"locale": ')
    view.set_request(KEY)
    assert wire(view) == KEY
    assert view.bring_back_button.isVisibleTo(view)
    view.bring_back_button.click()
    assert view.editor.text() == '{"locale": '
    assert not view.bring_back_button.isVisibleTo(view)


def test_an_invalid_text_that_was_not_typed_is_not_kept(view):
    view.set_request({"customer_data": {"customer_key": ""}})
    view.set_request(KEY)
    assert not view.bring_back_button.isVisibleTo(view)


def test_a_whole_pasted_request_replaces_the_text(view):
    view.set_request(VALID)
    paste(view, f"\n{json.dumps(KEY)}\n")
    assert wire(view) == KEY
    view.editor.undo()
    assert wire(view) == VALID


def test_a_pasted_part_goes_where_the_cursor_is(view):
    view.set_request(KEY)
    view.editor.moveCursor(QTextCursor.MoveOperation.End)
    paste(view, '{"space_key": "a"}')
    assert view.editor.text().endswith('}{"space_key": "a"}')


def test_characters_that_an_editor_would_change_are_kept(view):
    strange = "a\u00a0b\u2028c\u202ed\ufffc 🏨 הנמל \u200b"
    view.set_request({"customer_data": {"customer_key": strange}})
    assert wire(view) == {"customer_data": {"customer_key": strange}}
    retype(view, '{"customer_data": {"customer_key": "a\u00a0b"}}')
    assert wire(view) == {"customer_data": {"customer_key": "a\u00a0b"}}


@pytest.mark.parametrize(
    ("button", "begins"), [("curl_button", "curl 'https://"), ("python_button", "import os\n")]
)
def test_copies_have_a_placeholder_for_the_key(view, button, begins):
    view.set_target(ApiTarget(kind=CredentialKind.PERSONAL_ACCESS_TOKEN, workspace_id="w"))
    view.set_request(VALID)
    getattr(view, button).click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(begins)
    assert "SEAM_PERSONAL_ACCESS_TOKEN" in copied
    assert "de-DE" in copied
    assert "SEAM_PERSONAL_ACCESS_TOKEN" in view.copied_note.text()


def test_an_invalid_text_cannot_be_copied_as_a_command(view):
    view.set_request({"locale": "xx"})
    assert not view.curl_button.isEnabled()
    assert not view.python_button.isEnabled()
    assert not view.tidy_button.isEnabled()


def test_tidying_keeps_the_request(view):
    view.set_request(KEY)
    retype(view, json.dumps(VALID))
    assert wire(view) == VALID
    view.tidy_button.click()
    assert view.editor.text() == json.dumps(VALID, indent=2)


def test_enter_indents_and_opens_brackets(view, qtbot):
    view.set_request({})
    retype(view, "")
    qtbot.keyClicks(view.editor, "{}")
    qtbot.keyClick(view.editor, Qt.Key.Key_Left)
    qtbot.keyClick(view.editor, Qt.Key.Key_Return)
    qtbot.keyClicks(view.editor, '"read_only": true,')
    qtbot.keyClick(view.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(view.editor, '"locale": "de-DE"')
    assert view.editor.text() == '{\n  "read_only": true,\n  "locale": "de-DE"\n}'


def test_keys_of_the_dialog_do_not_change_the_text(view, theme, qtbot):
    before = view.editor.text()
    QTest.keyClick(view.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert view.editor.text() == before
    view.editor.setFocus()
    QTest.keyClick(view.editor, Qt.Key.Key_Tab)
    assert "\t" not in view.editor.text()


def test_locked_text_can_be_read_but_not_changed(view, qtbot):
    view.set_request(VALID)
    view.set_locked(True)
    qtbot.keyClicks(view.editor, "x")
    paste(view, json.dumps(KEY))
    assert wire(view) == VALID
    assert not view.tidy_button.isEnabled()
    assert view.curl_button.isEnabled()
    view.set_locked(False)
    paste(view, json.dumps(KEY))
    assert wire(view) == KEY


def test_thousands_of_rows_are_read_as_well(view):
    rows = [{"room_key": str(number), "name": f"Room {number}"} for number in range(2000)]
    body = {"customer_data": {"customer_key": "k", "rooms": rows}}
    view.set_request(body)
    assert wire(view) == body
    assert listed(view) == []


def test_it_follows_light_and_dark_without_being_edited(view, theme, qtbot):
    view.set_request({"locale": "xx"})
    log: list[str] = []
    view.changed.connect(lambda: log.append("changed"))
    for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light, None):
        theme.force_scheme(scheme)
        view.grab()
    assert len(view.editor.extraSelections()) == 1
    view.set_request(KEY)
    assert not view.bring_back_button.isVisibleTo(view)
    assert log == []
