"""Form and JSON show the same problems of a request, and each one leads to its place."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.problem_panel import ProblemPanel
from tests.support.dialog_driver import log_requests, segment, shown_texts

KEY = {"customer_key": "harbor-hotel"}
ROOMS = [{"room_key": "r-1", "name": "One"}, {"room_key": "r-1", "name": "Two"}]
REQUESTS = {
    "a warning": {
        "customer_data": KEY,
        "landing_page": {"manage": {"room_key": "r"}},
        "deep_link": {"resource_type": "device", "resource_id": "d"},
    },
    "an unknown reference": {
        "customer_data": KEY
        | {"units": [{"unit_key": "u", "name": "U", "parent_site_key": "north"}]}
    },
    "errors": {
        "customer_data": KEY | {"rooms": ROOMS},
        "features": {"connect": {"accepted_providers": ["a"], "excluded_providers": ["b"]}},
    },
    "nothing is left": {
        "customer_data": KEY,
        "features": {
            name: {"exclude": True} for name in ("connect", "organize", "manage", "configure")
        },
    },
    "events": {
        "customer_data": KEY,
        "features": {"manage": {"events": {"allowed_events": ["a"], "default_events": ["b"]}}},
    },
}


def panels(dialog: NewPortalDialog) -> list[ProblemPanel]:
    return [each for each in dialog.findChildren(ProblemPanel) if each.isVisible()]


def seen(dialog: NewPortalDialog) -> tuple[str, list[str]]:
    """The summary and the list of the panel that is shown."""
    (panel,) = panels(dialog)
    (summary,) = (each.text() for each in panel.findChildren(QLabel) if each.text())
    return summary, [panel.list.item(row).text() for row in range(panel.list.count())]


def rewrite(dialog: NewPortalDialog, body: object) -> None:
    text = body if isinstance(body, str) else json.dumps(body, indent=1)
    dialog.json_view.editor.selectAll()
    dialog.json_view.editor.insertPlainText(text)
    dialog.json_view.request()


@pytest.mark.parametrize("body", REQUESTS.values(), ids=REQUESTS)
def test_both_views_show_the_same_problems(dialog, qtbot, body):
    dialog.views.show_json()
    rewrite(dialog, body)
    in_json = seen(dialog)
    assert in_json[1]
    dialog.views.show_form()
    assert seen(dialog) == in_json
    dialog.views.show_json()
    assert seen(dialog) == in_json


def test_mistakes_that_were_typed_in_the_form_are_the_same_in_json(dialog, qtbot):
    dialog.customer.key.setText("harbor-hotel")
    dialog.data.kinds.set_current_kind("rooms")
    dialog.data.table.apply_rows("import", [{"name": "One"}, {"room_key": "r-2"}], {})
    dialog.filters.add_row().text.setText("2")
    qtbot.waitUntil(lambda: len(panels(dialog)) == 1)
    summary, texts = seen(dialog)
    assert summary == "3 problems. Seam would refuse this request."
    assert texts[0] == "Customer data › Rooms › 1 › Room key: A room key is needed"
    assert texts[2] == "Customer resources filters › 1 › Field: A field can’t be empty"
    dialog.views.show_json()
    assert seen(dialog) == (summary, texts)


def test_a_field_that_is_not_sent_is_a_problem_in_both(dialog, qtbot):
    dialog.customer.key.setText("harbor-hotel")
    dialog.opens_at.mode.control.set_value("landing_page")
    qtbot.waitUntil(lambda: len(panels(dialog)) == 1)
    shown = seen(dialog)
    assert shown == (
        "1 problem. Seam would refuse this request.",
        ["Landing page: Type the key of what the portal opens at"],
    )
    dialog.views.show_json()
    assert seen(dialog) == shown
    choose(dialog, 0)
    assert not dialog.views.is_json
    assert dialog.opens_at.landing.key.isVisible()
    dialog.opens_at.landing.key.setText("lobby")
    qtbot.waitUntil(lambda: not panels(dialog))


def choose(dialog: NewPortalDialog, row: int) -> None:
    """With the keyboard."""
    (panel,) = panels(dialog)
    panel.list.setFocus()
    panel.list.setCurrentRow(row)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)


def test_a_problem_leads_to_its_field_and_to_its_text(dialog, qtbot):
    dialog.activateWindow()
    log = log_requests(dialog)
    dialog.views.show_json()
    rewrite(dialog, REQUESTS["an unknown reference"])
    choose(dialog, 0)
    assert dialog.json_view.editor.textCursor().selectedText() == '"parent_site_key"'
    dialog.views.show_form()
    choose(dialog, 0)
    table = dialog.data.table
    assert table.isVisible()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is table)
    column = dialog.data.model.columns[table.currentIndex().column()]
    assert column.dotted == "parent_site_key"
    assert dialog.data.note.tone is None, "a warning isn't marked as an error"
    assert log == [], "Enter in the list doesn't create"


def test_an_untouched_dialog_has_no_problem_and_a_setting_without_a_key_has(dialog, qtbot):
    assert panels(dialog) == []
    segment(dialog, "read_only", True).click()
    qtbot.waitUntil(lambda: len(panels(dialog)) == 1)
    assert seen(dialog)[1] == ["Customer data › Customer key: A customer key is needed"]
    choose(dialog, 0)
    assert QApplication.focusWidget() is dialog.customer.key or not dialog.isActiveWindow()
    dialog.customer.key.setText("k")
    qtbot.waitUntil(lambda: not panels(dialog))


def test_the_form_tells_of_json_that_it_does_not_show(dialog):
    dialog.customer.key.setText("harbor-hotel")
    dialog.views.show_json()
    rewrite(dialog, '{"customer_data": ')
    assert seen(dialog)[1] == ["Line 1: The text ends too early"]
    dialog.views.show_form()
    assert seen(dialog) == (
        "This can be sent. 1 thing to look at.",
        ["What you wrote as JSON has 1 problem, so the form doesn’t show it"],
    )
    choose(dialog, 0)
    assert dialog.views.is_json
    assert dialog.json_view.editor.text() == '{"customer_data": '
    assert "keeps the last request" in shown_texts(dialog)
