"""Presets and lookups in the real dialog, over HTTP to the sandbox."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from seam_portal_desktop.adapters.network.image_fetch import HttpImageFetch
from seam_portal_desktop.adapters.seam.gateway import create_gateway
from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.domain.request.preset import PresetVertical
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxServer
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.form.profile_control import ProfileControl
from seam_portal_desktop.ui.create.presets.save_dialog import SavePresetDialog
from seam_portal_desktop.ui.import_data.dialog import ImportDialog
from tests.support.create_dialog import CreateDialogDriver, presets_of
from tests.support.fake_gateway import FakeGateway
from tests.support.http_server import ScriptedServer, answer
from tests.support.seam_answers import api_key_credential
from tests.support.until import until

pytestmark = pytest.mark.anyio

ALT = Qt.KeyboardModifier.AltModifier
DATA = {"customer_key": "harbor-hotel", "rooms": [{"room_key": "1", "name": "One"}]}


@pytest.fixture(scope="module")
def sandbox():
    server = SandboxServer(SandboxConfig(with_demo_data=True))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def driver(theme, tmp_path, anyio_backend):
    driver = CreateDialogDriver(theme, FakeGateway(), tmp_path)
    yield driver
    await driver.close()


def fill(dialog: NewPortalDialog, **wire: object) -> None:
    dialog.fill(decode_request(json.dumps(wire)))


def note(dialog: NewPortalDialog) -> str:
    return presets_of(dialog).bar._note.full_text()


def press(dialog: NewPortalDialog, key: Qt.Key) -> None:
    QTest.keyClick(dialog.customer.key, key, ALT)


async def test_one_key_chooses_a_preset_and_the_customers_data_stays(driver):
    dialog = await driver.open()
    dialog.activateWindow()
    fill(dialog, customer_data=DATA, landing_page={"manage": {"room_key": "1"}})
    press(dialog, Qt.Key.Key_5)
    wire = dialog.wire()
    assert wire["customer_data"] == DATA
    assert wire["landing_page"] == {"manage": {"room_key": "1"}}
    assert wire["read_only"] is True
    assert presets_of(dialog).bar.box.currentText() == "\u2068Read-only review\u2069"

    press(dialog, Qt.Key.Key_4)
    assert "read_only" not in dialog.wire()
    assert dialog.data.vertical.name == "gym"
    press(dialog, Qt.Key.Key_0)
    assert dialog.wire().keys() == {"customer_data", "landing_page"}


async def test_settings_that_a_preset_replaced_can_be_restored(driver):
    dialog = await driver.open()
    bar = presets_of(dialog).bar
    fill(dialog, customer_data=DATA, locale="de-DE", is_embedded=True)
    bar.chosen.emit("gym")
    assert "replaced" in note(dialog)
    assert "locale" not in dialog.wire()
    bar.undo_button.click()
    assert dialog.wire() == {"customer_data": DATA, "locale": "de-DE", "is_embedded": True}
    assert bar.current_id == ""

    bar.chosen.emit("")
    bar.chosen.emit("hospitality")
    bar.chosen.emit("gym")
    assert not bar.undo_button.isVisibleTo(dialog)


async def test_the_bar_shows_when_the_form_differs_from_the_preset(driver):
    dialog = await driver.open()
    bar = presets_of(dialog).bar
    bar.chosen.emit("read-only-review")
    assert note(dialog) == ""
    dialog.appearance.rows["read_only"].control.set_value(False)
    await until(lambda: note(dialog) == "Changed")
    dialog.appearance.rows["read_only"].control.set_value(True)
    await until(lambda: note(dialog) == "")


async def test_new_portals_start_with_the_workspaces_default(driver):
    first = await driver.open()
    bar = presets_of(first).bar
    bar.chosen.emit("gym")
    bar.default_action.trigger()
    await until(lambda: driver.workspaces.saves == 1)
    first.reject()

    second = await driver.open()
    assert presets_of(second).bar.current_id == "gym"
    assert second.wire()["features"]["manage"]["exclude_reservation_technical_details"] is True
    bar = presets_of(second).bar
    bar.chosen.emit("")
    bar.default_action.trigger()
    await until(lambda: driver.workspaces.saves == 2)
    assert await driver.presets.default_of(driver.workspaces.current.workspace.workspace_id) is None


async def test_fields_typed_before_the_default_preset_is_loaded_stay(driver):
    workspace = driver.workspaces.current.workspace.workspace_id
    await driver.presets.make_default(workspace, "gym")
    await driver._ledger.open()
    driver.controller.open()
    dialog = driver.window.findChildren(NewPortalDialog)[-1]
    QTest.keyClicks(dialog.customer.key, "old-mill")
    await until(lambda: presets_of(dialog).bar.current_id == "gym")
    assert dialog.wire()["customer_data"] == {"customer_key": "old-mill"}
    await until(lambda: not driver.scope.is_running("read customers"))


async def test_saving_and_updating_a_preset(driver):
    dialog = await driver.open()
    bar = presets_of(dialog).bar
    fill(
        dialog,
        customer_data=DATA,
        locale="de-DE",
        deep_link={"resource_type": "device", "resource_id": "d"},
    )
    bar.save_action.trigger()
    naming = dialog.findChild(SavePresetDialog)
    assert not naming.submit_button.isEnabled()
    QTest.keyClicks(naming.name_field, "Gym")
    naming.submit()
    await until(lambda: "already" in naming.note.label.text())
    naming.name_field.setText("Our gyms")
    naming.vertical_box.setCurrentIndex(naming.vertical_box.findData("gym"))
    naming.submit()
    await until(lambda: note(dialog) == "Saved.")
    saved = (await driver.presets.list())[-1]
    assert (saved.name, saved.vertical) == ("Our gyms", PresetVertical.GYM)
    assert saved.request == decode_request('{"locale": "de-DE"}')
    assert bar.current_id == saved.preset_id

    dialog.appearance.rows["locale"].control.set_value("pl-PL")
    await until(bar.update_action.isEnabled)
    bar.update_action.trigger()
    await until(lambda: "updated" in note(dialog))
    assert (await driver.presets.list())[-1].request == decode_request('{"locale": "pl-PL"}')
    bar.undo_button.click()
    await until(lambda: note(dialog) == "Changed")
    assert (await driver.presets.list())[-1].request == decode_request('{"locale": "de-DE"}')


async def test_managing_presets(driver, tmp_path):
    ours = await driver.presets.save("Ours", PresetVertical.ANY, decode_request("{}"))
    dialog = await driver.open()
    controller = presets_of(dialog)
    controller.bar.manage_action.trigger()
    manager = controller._manager
    await until(lambda: manager.list.count() == 6)
    assert not manager.delete_button.isEnabled()  # a shipped one
    manager.select(ours.preset_id)

    manager.list.currentItem().setText("Theirs")
    await until(lambda: manager.list.currentItem().text() == "Theirs")
    manager.list.currentItem().setText("GYM")
    await until(lambda: manager.error_card.isVisibleTo(manager))
    assert manager.list.currentItem().text() == "Theirs"

    manager.default_button.click()
    await until(lambda: manager.default_button.text() == "No longer default")
    path = tmp_path / "theirs.json"
    manager.export_requested.emit(ours.preset_id, str(path))
    await until(path.exists)
    manager.delete_button.click()
    await until(lambda: manager.list.count() == 5)
    manager.undo_button.click()
    await until(lambda: manager.list.count() == 6)
    assert manager.default_button.text() == "No longer default"

    manager.import_requested.emit(str(path))
    await until(lambda: manager.list.count() == 7)
    assert manager.list.currentItem().text() == "Theirs (2)"
    path.write_text("not a preset")
    manager.import_requested.emit(str(path))
    await until(lambda: manager.error_card.isVisibleTo(manager))
    assert manager.list.count() == 7
    assert controller.bar.box.count() == 8
    manager.close_button.click()


async def test_a_mistake_in_the_data_keeps_a_preset_from_being_applied(driver, monkeypatch):
    dialog = await driver.open()
    bar = presets_of(dialog).bar
    wrong = {"customer_data": {"customer_key": "k", "rooms": [{"room_key": "1"}]}}
    monkeypatch.setattr(dialog, "wire", lambda: wrong)
    bar.chosen.emit("gym")
    assert "Customer data › Rooms › 1 › Name. A name is needed" in note(dialog)
    assert bar.current_id == ""
    assert bar.box.currentIndex() == 0


async def test_a_mistake_in_the_settings_is_not_saved_as_a_preset(driver, monkeypatch):
    dialog = await driver.open()
    bar = presets_of(dialog).bar
    monkeypatch.setattr(dialog, "wire", lambda: {"customization_profile_id": "half of an i"})
    bar.save_action.trigger()
    assert "Customization profile id. An id looks like" in note(dialog)
    assert dialog.findChild(SavePresetDialog) is None


async def test_a_preset_keeps_a_text_that_is_no_json(driver):
    dialog = await driver.open()
    bar = presets_of(dialog).bar
    dialog.views.show_json()
    view = dialog.json_view
    view.editor.selectAll()
    view.editor.insertPlainText('{"customer_data": {"customer_key": "k"}, "locale": "de-DE"}')
    assert view.request() is not None
    view.editor.selectAll()
    view.editor.insertPlainText('{"locale": ')
    bar.chosen.emit("gym")
    assert view.request() is not None
    assert dialog.wire()["customer_data"] == {"customer_key": "k"}
    view.bring_back_button.click()
    assert view.editor.text() == '{"locale": '


async def test_lookups_come_from_seam(theme, tmp_path, sandbox, anyio_backend):
    credential = Credential(CredentialKind.API_KEY, Secret(sandbox.api_key))
    gateway = create_gateway(sandbox.endpoint, credential)
    driver = CreateDialogDriver(theme, gateway, tmp_path, sandbox.endpoint)
    dialog = await driver.open()
    found: list[list[str]] = []
    dialog.customer.set_remote_customers = lambda keys: found.append(list(keys))
    await until(lambda: not driver.scope.is_running("look up lists"))
    assert await driver.lookups.customization_profiles(driver.workspaces.current)
    QTest.keyClicks(dialog.customer.key, "HARBOR")
    await until(lambda: bool(found))
    assert found[-1]
    assert all("harbor" in key for key in found[-1])
    await driver.close()
    await gateway.aclose()


async def test_the_profiles_logos_are_shown(theme, tmp_path, sandbox, anyio_backend):
    credential = Credential(CredentialKind.API_KEY, Secret(sandbox.api_key))
    gateway = create_gateway(sandbox.endpoint, credential)
    driver = CreateDialogDriver(theme, gateway, tmp_path, sandbox.endpoint, HttpImageFetch())
    dialog = await driver.open()
    box = dialog.findChild(ProfileControl, "customization_profile_id").box
    await until(lambda: not driver.scope.is_running("look up lists"))
    for name in ("Harbor Hotel", "Casa Verde", "Pulse Gyms"):
        place = box.findText(name, Qt.MatchFlag.MatchContains)
        logo = box.itemIcon(place).pixmap(box.iconSize()).toImage().copy(0, 0, 16, 16)
        assert len({logo.pixelColor(x, 8).name() for x in range(logo.width())}) > 2, name
    await driver.close()
    await gateway.aclose()


async def test_a_superseded_search_shows_nothing(theme, tmp_path, anyio_backend):
    gateway = FakeGateway()
    driver = CreateDialogDriver(theme, gateway, tmp_path)
    dialog = await driver.open()
    found: list[list[str]] = []
    dialog.customer.set_remote_customers = lambda keys: found.append(list(keys))
    with gateway.hold("list_customers"):
        dialog.customer.search_requested.emit("harbor")
        await until(lambda: "list_customers" in gateway.calls)
        dialog.customer.search_requested.emit("mill")
    await until(lambda: bool(found))
    assert found == [["old-mill"]]
    await driver.close()


async def test_a_closed_dialog_starts_no_search(driver):
    dialog = await driver.open()
    dialog.reject()
    dialog.customer.search_requested.emit("harbor")
    assert not driver.scope.is_running("search customers")


async def test_pages_of_customers_follow_each_other(theme, tmp_path, anyio_backend):
    gateway = FakeGateway()
    gateway.customer_keys = [f"hotel-{number}" for number in range(7)]
    gateway.page_size = 3
    driver = CreateDialogDriver(theme, gateway, tmp_path)
    dialog = await driver.open()
    found: list[int] = []
    dialog.customer.set_remote_customers = lambda keys: found.append(len(keys))
    dialog.customer.search_requested.emit("hotel")
    await until(lambda: len(found) == 3)
    assert found == [3, 6, 7]
    await driver.close()


@pytest.mark.parametrize("status", [401, 403, 404, 500])
async def test_refused_lookups_show_no_error(status, theme, tmp_path, anyio_backend):
    with ScriptedServer(default=answer(status=status)) as server:
        gateway = create_gateway(server.url, api_key_credential)
        driver = CreateDialogDriver(theme, gateway, tmp_path, server.url)
        dialog = await driver.open()
        QTest.keyClicks(dialog.customer.key, "harbor")
        asked = "/seam/customer/v1/customers/list"
        await until(lambda: any(each.path.startswith(asked) for each in server.requests))
        await until(lambda: not driver.scope.is_running("look up lists"))
        await until(lambda: not driver.scope.is_running("search customers"))
        assert not dialog.error_card.isVisibleTo(dialog)
        assert note(dialog) == ""
        assert dialog.submit_button.isEnabled()
        await driver.close()
        await gateway.aclose()


async def test_a_file_that_cannot_be_read_shows_an_error_in_the_import(driver, tmp_path):
    dialog = await driver.open()
    dialog.data.toolbar.file_chosen.emit(str(tmp_path / "absent.csv"))
    importing = dialog.findChild(ImportDialog)
    await until(lambda: importing.error_card.isVisibleTo(importing))
    importing.reject()
