"""A New portal dialog that was closed keeps what was entered, and the next one shows it again."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.domain.draft import DraftKind, KeptDraft
from seam_portal_desktop.domain.errors import NetworkError
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.draft_bar import DraftBar
from tests.support.contract import create_portal_schema, full_example
from tests.support.create_dialog import CreateDialogDriver, presets_of
from tests.support.dialog_driver import shown_texts
from tests.support.fake_gateway import FAKE_NOW, FakeGateway
from tests.support.program import is_gone
from tests.support.until import until

pytestmark = pytest.mark.anyio

Key = Qt.Key
CASA = {"customer_data": {"customer_key": "casa-verde"}}


@pytest.fixture
def gateway():
    return FakeGateway()


@pytest.fixture
async def driver(theme, gateway, tmp_path, anyio_backend):
    driver = CreateDialogDriver(theme, gateway, tmp_path)
    driver.window.show()
    yield driver
    await driver.close()


def bar_of(dialog: NewPortalDialog) -> DraftBar:
    bar = dialog.findChild(DraftBar)
    assert bar is not None
    return bar


def said(dialog: NewPortalDialog) -> str:
    bar = bar_of(dialog)
    text = bar.label.full_text() if bar.isVisible() else ""
    return text.replace("\u2068", "").replace("\u2069", "")


def buttons(dialog: NewPortalDialog) -> list[str]:
    bar = bar_of(dialog)
    shown = [each for each in (bar.button, bar.other_button) if each.isVisible()]
    return [each.text().replace("\u2068", "").replace("\u2069", "") for each in shown]


def type_key(dialog: NewPortalDialog, key: str) -> None:
    dialog.customer.key.setFocus()
    dialog.customer.key.selectAll()
    QTest.keyClicks(dialog.customer.key, key)


def paste(dialog: NewPortalDialog, cells: str) -> None:
    dialog.data.table.go_to(0, 0)
    QApplication.clipboard().setText(cells)
    dialog.data.table.paste()


async def left(driver: CreateDialogDriver, key: str) -> None:
    """Type a key and press Escape."""
    dialog = await driver.open()
    type_key(dialog, key)
    QTest.keyClick(dialog, Key.Key_Escape)
    assert not dialog.isVisible()


def shown_key(dialog: NewPortalDialog) -> str:
    return dialog.customer.key.text()


async def test_escape_keeps_everything_and_start_over_can_be_undone(driver):
    dialog = await driver.open()
    type_key(dialog, "harbor-hotel")
    dialog.data.set_vertical("hospitality")
    dialog.data.kinds.set_current_kind("rooms")
    paste(dialog, "r-1\t\nr-2\tBlue")
    dialog.appearance.rows["read_only"].control.set_value(value=True)
    dialog.opens_at.mode.control.set_value("landing_page")
    dialog.filters.add_row().text.setText("2")
    entered = dialog.wire()
    QTest.keyClick(dialog, Key.Key_Escape)
    assert "Draft for \u2068harbor-hotel\u2069 kept" in driver.window.status_area.text.full_text()

    dialog = await driver.open()
    assert dialog.wire() == entered
    assert dialog.data.vertical.name == "hospitality"
    assert dialog.opens_at.mode.control.value() == "landing_page"
    assert dialog.data.model.problem(0, dialog.data.model.columns[1]), "the empty name is marked"
    assert said(dialog).startswith("Draft for harbor-hotel from ")
    assert buttons(dialog) == ["Start over"]

    bar_of(dialog).button.click()
    assert dialog.wire() == {}
    assert dialog.opens_at.mode.control.value() is None
    assert QApplication.focusWidget() is dialog.customer.key or not dialog.isActiveWindow()
    assert said(dialog).endswith("removed")
    assert buttons(dialog) == ["Undo"]
    type_key(dialog, "x")
    bar_of(dialog).button.click()
    assert dialog.wire() == entered
    assert buttons(dialog) == ["Start over"]


async def test_a_draft_that_is_only_looked_at_stays_as_it_was(driver):
    await left(driver, "harbor-hotel")
    for _ in range(2):
        dialog = await driver.open()
        assert shown_key(dialog) == "harbor-hotel"
        dialog.dismiss_button.click()


async def test_nothing_is_kept_of_an_empty_dialog(driver):
    dialog = await driver.open()
    type_key(dialog, "a")
    QTest.keyClick(dialog.customer.key, Key.Key_Backspace)
    dialog.reject()
    assert driver.window.status_area.text.full_text() == ""
    dialog = await driver.open()
    assert not bar_of(dialog).isVisible()


async def test_a_draft_that_was_started_over_is_gone(driver):
    await left(driver, "harbor-hotel")
    dialog = await driver.open()
    bar_of(dialog).button.click()
    dialog.reject()
    dialog = await driver.open()
    assert (shown_key(dialog), said(dialog)) == ("", "")


async def test_a_created_portal_leaves_no_draft(driver, gateway):
    await left(driver, "harbor-hotel")
    dialog = await driver.open()
    QTest.keyClick(dialog.customer.key, Key.Key_Return)
    await until(lambda: gateway.created and is_gone(dialog))
    await until(lambda: not driver.scope.is_running("create portal"))
    dialog = await driver.open()
    assert (shown_key(dialog), said(dialog)) == ("", "")


async def test_a_refused_request_is_kept_but_not_one_whose_link_may_exist(driver, gateway):
    for unknown, kept in ((False, "harbor-hotel"), (True, "")):
        error = NetworkError("No answer.", "Why.", outcome_unknown=unknown)
        gateway.fail("create_portal", error)
        dialog = await driver.open()
        type_key(dialog, "harbor-hotel")
        dialog.submit_button.click()
        await until(lambda dialog=dialog: dialog.error_card.error)
        dialog.reject()
        dialog = await driver.open()
        assert shown_key(dialog) == kept
        dialog.reject()


async def test_json_with_a_mistake_is_kept_as_it_was_typed(driver):
    dialog = await driver.open()
    type_key(dialog, "harbor-hotel")
    dialog.views.show_json()
    dialog.json_view.editor.selectAll()
    dialog.json_view.editor.insertPlainText('{"customer_data": {"customer_key": ')
    dialog.reject()  # before the text was checked

    dialog = await driver.open()
    assert dialog.views.is_json
    assert dialog.json_view.editor.text() == '{"customer_data": {"customer_key": '
    assert dialog.json_view.request() is None
    assert shown_key(dialog) == "harbor-hotel"
    dialog.views.show_form()
    dialog.views.show_json()
    assert dialog.json_view.editor.text() == '{"customer_data": {"customer_key": '
    bar_of(dialog).button.click()
    assert not dialog.views.is_json
    dialog.views.show_json()
    assert json.loads(dialog.json_view.editor.text()) == {}
    bar_of(dialog).button.click()
    assert dialog.json_view.editor.text() == '{"customer_data": {"customer_key": '


async def test_valid_json_that_was_typed_a_moment_ago_is_kept_with_its_form(driver):
    dialog = await driver.open()
    dialog.views.show_json()
    dialog.json_view.editor.selectAll()
    dialog.json_view.editor.insertPlainText(json.dumps(CASA))
    QTest.keyClick(dialog, Key.Key_Escape)
    dialog = await driver.open()
    assert dialog.wire() == CASA
    assert dialog.json_view.editor.text() == json.dumps(CASA)
    assert said(dialog).startswith("Draft for casa-verde")


async def test_every_field_of_the_contract_comes_back(driver):
    full = full_example(create_portal_schema())
    dialog = await driver.open()
    dialog.views.show_json()
    dialog.json_view.editor.selectAll()
    dialog.json_view.editor.insertPlainText(json.dumps(full))
    assert dialog.json_view.request() is not None
    dialog.views.show_form()
    before = dialog.wire()
    dialog.reject()
    dialog = await driver.open()
    assert dialog.wire() == before == full
    assert not dialog.views.is_json


async def test_the_preset_comes_back_and_start_over_begins_with_the_default(driver):
    dialog = await driver.open()
    bar = presets_of(dialog).bar
    first, second = (bar.box.itemData(at) for at in (1, 2))
    await driver.presets.make_default(driver.workspaces.current.workspace.workspace_id, second)
    bar.chosen.emit(first)
    settings = dialog.wire()
    type_key(dialog, "harbor-hotel")
    QTest.keyClick(dialog, Key.Key_Escape)

    dialog = await driver.open()
    assert presets_of(dialog).bar.current_id == first
    assert dialog.wire() == {**settings, "customer_data": {"customer_key": "harbor-hotel"}}
    bar_of(dialog).button.click()
    await until(lambda: presets_of(dialog).bar.current_id == second)
    assert shown_key(dialog) == ""
    bar_of(dialog).button.click()
    assert presets_of(dialog).bar.current_id == first
    assert dialog.wire() == {**settings, "customer_data": {"customer_key": "harbor-hotel"}}


async def test_a_duplicate_names_the_draft_and_both_are_kept(driver, gateway):
    made = await driver.services.creation.create(
        driver.workspaces.current, await opened_request(driver, "old-mill")
    )
    await left(driver, "harbor-hotel")
    dialog = await driver.open(like=made.portal_id)
    assert shown_key(dialog) == "old-mill"
    assert said(dialog).startswith("Draft for harbor-hotel from ")
    assert said(dialog).endswith(" is kept")
    assert buttons(dialog) == ["Open draft for harbor-hotel"]
    dialog.appearance.rows["read_only"].control.set_value(value=True)
    bar_of(dialog).other_button.click()
    assert shown_key(dialog) == "harbor-hotel"
    assert dialog.wire().get("read_only") is None
    assert buttons(dialog) == ["Start over", "Open draft for old-mill"]
    dialog.reject()

    dialog = await driver.open()
    assert shown_key(dialog) == "harbor-hotel"
    bar_of(dialog).other_button.click()
    assert shown_key(dialog) == "old-mill"
    assert dialog.wire()["read_only"] is True


async def opened_request(driver: CreateDialogDriver, key: str):
    dialog = await driver.open()
    type_key(dialog, key)
    request = dialog.request()
    dialog.customer.key.clear()
    dialog.reject()
    return request


async def test_a_duplicate_that_was_not_edited_is_no_draft(driver):
    made = await driver.services.creation.create(
        driver.workspaces.current, await opened_request(driver, "old-mill")
    )
    dialog = await driver.open(like=made.portal_id)
    dialog.reject()
    dialog = await driver.open()
    assert shown_key(dialog) == ""


async def test_a_cell_that_is_being_typed_in_is_kept(driver):
    dialog = await driver.open()
    type_key(dialog, "harbor-hotel")
    dialog.activateWindow()
    await until(dialog.isActiveWindow)
    dialog.form.fold(dialog.data).unfold()
    dialog.data.kinds.set_current_kind("rooms")
    dialog.data.table.add_row()
    QTest.keyClicks(QApplication.focusWidget(), "r-1")
    dialog.close()
    dialog = await driver.open()
    assert dialog.wire()["customer_data"]["rooms"] == [{"room_key": "r-1"}]


async def test_each_workspace_has_its_drafts_and_no_message_names_a_person(driver):
    dialog = await driver.open()
    type_key(dialog, "harbor-hotel")
    dialog.data.kinds.set_current_kind("guests")
    paste(dialog, "g-1\tMara Lind")
    dialog.reject()
    workspace_id = driver.workspaces.current.workspace.workspace_id
    drafts = driver.services.drafts.offered(workspace_id, DraftKind.NEW_PORTAL)
    assert [each.workspace_id for each in drafts] == [workspace_id]
    assert driver.services.drafts.offered("another", DraftKind.NEW_PORTAL) == []
    assert "Mara" not in repr(drafts)
    assert "Mara" not in shown_texts(driver.window)


def put_draft(driver: CreateDialogDriver, key: str, content) -> None:
    workspace_id = driver.workspaces.current.workspace.workspace_id
    driver.services.drafts.offer(
        KeptDraft(key, DraftKind.NEW_PORTAL, workspace_id, key, FAKE_NOW, "gone-preset", content)
    )


async def test_a_draft_of_another_version_is_shown_as_far_as_it_fits(driver):
    request = {"customer_data": {"customer_key": "harbor-hotel", "rooms": [{"room_key": "r-1"}]}}
    put_draft(driver, "harbor-hotel", {"request": request, "unsent": {"new": 1}, "json": 7})
    dialog = await driver.open()
    assert dialog.wire() == request
    assert said(dialog).startswith("Draft for harbor-hotel from ")
    assert buttons(dialog) == ["Start over"]
    assert presets_of(dialog).bar.current_id == ""


@pytest.mark.parametrize("content", [{}, {"request": 7}])
async def test_a_draft_that_does_not_fit_is_named_and_hides_no_other(driver, content):
    put_draft(driver, "old-mill", content)
    dialog = await driver.open()
    assert dialog.wire() == {}
    assert said(dialog).startswith("Draft for old-mill from ")
    assert said(dialog).endswith("can’t be read by this version of the program")
    assert buttons(dialog) == []
    dialog.reject()
    assert [each.draft_id for each in driver.services.drafts.lost_at_end()] == ["old-mill"]

    await left(driver, "harbor-hotel")
    put_draft(driver, "casa-verde", content)
    dialog = await driver.open()
    assert shown_key(dialog) == "harbor-hotel"


async def test_a_pause_saves_what_is_typed_but_not_what_is_only_opened(driver):
    await driver.services.drafts.load()
    stored = driver.folder / "drafts"
    dialog = await driver.open()
    type_key(dialog, "harbor-hotel")
    await until(lambda: stored.exists() and list(stored.glob("*.draft")))
    (file,) = stored.iterdir()
    written = file.stat().st_mtime_ns
    dialog.reject()
    dialog = await driver.open()
    dialog.reject()
    await driver.services.drafts.aclose()
    assert (list(stored.iterdir()), file.stat().st_mtime_ns) == ([file], written)
