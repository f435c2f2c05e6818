"""What the New portal dialog says about the typed key: a typo, a new customer, an active link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.domain.errors import ForbiddenError, LedgerError, NetworkError
from seam_portal_desktop.domain.portal.customer_details import CustomerDetails
from seam_portal_desktop.domain.portal.record import Channel, PortalKind, Sent
from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from tests.support.create_dialog import CreateDialogDriver
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE, FakeGateway
from tests.support.ledger_data import answer, requested
from tests.support.program import is_gone
from tests.support.until import until

pytestmark = pytest.mark.anyio

Key = Qt.Key
HOSTILE = "🏨\u202eמלון\u200b" + "h" * 300


@pytest.fixture
def gateway():
    return FakeGateway()


@pytest.fixture
async def driver(theme, gateway, tmp_path, anyio_backend):
    driver = CreateDialogDriver(theme, gateway, tmp_path)
    await driver._ledger.open()
    driver.window.show()
    yield driver
    await driver.close()


async def add(driver: CreateDialogDriver, portal_id: str, key: str, days: float = 3, **fields):
    """A portal whose link was created now and lives so many days."""
    ledger, workspace_id = driver._ledger, FAKE_WORKSPACE.workspace_id
    fields = {"workspace_id": workspace_id, "requested_at": FAKE_NOW} | fields
    await ledger.record_intent(requested(portal_id, key, **fields), decode_request("{}"))
    lifetime = timedelta(days=days)
    await ledger.record_created(portal_id, answer(created_at=FAKE_NOW, lifetime=lifetime))


async def typed(driver: CreateDialogDriver, text: str) -> NewPortalDialog:
    """Open the dialog, type `text`, and wait until all lists have answered."""
    dialog = await driver.open()
    dialog.activateWindow()
    await until(dialog.isActiveWindow)
    type_key(dialog, text)
    await answered(driver, dialog)
    return dialog


def type_key(dialog: NewPortalDialog, text: str) -> None:
    dialog.customer.key.setFocus()
    dialog.customer.key.selectAll()
    dialog.customer.key.insert(text[:-1])
    QTest.keyClick(dialog.customer.key, text[-1])


async def answered(driver: CreateDialogDriver, dialog: NewPortalDialog) -> None:
    await until(lambda: not dialog.customer.is_typing)
    await until(lambda: not driver.scope.is_running("search customers"))


def said(dialog: NewPortalDialog) -> str:
    hint = dialog.customer.hint
    text = hint.text if hint.isVisible() else ""
    return text.replace("\u2068", "").replace("\u2069", "")


def choices(dialog: NewPortalDialog) -> list[str]:
    buttons = [button for button in dialog.customer.hint.buttons if button.isVisible()]
    return [button.text().replace("\u2068", "").replace("\u2069", "") for button in buttons]


async def choose(dialog: NewPortalDialog, text: str) -> None:
    """Press Tab until that button has the focus, then Enter."""
    dialog.activateWindow()  # the offscreen platform leaves it to a list that was shown
    await until(dialog.isActiveWindow)
    for _ in range(5):
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused in dialog.customer.hint.buttons and focused.text() == text:
            QTest.keyClick(focused, Key.Key_Return)
            return
    raise AssertionError(f"Tab never comes to {text}")


@pytest.mark.parametrize("text", ["harbour-hotel", "harbor_hotel", "HARBOR-HOTEL", "harb0r-hotel"])
async def test_a_mistyped_key_is_recognised_and_corrected_by_keyboard(driver, gateway, text):
    gateway.customer_keys = []
    await add(driver, "p1", "harbor-hotel", days=-1)
    dialog = await typed(driver, text)
    created: list[str] = []
    dialog.create_requested.connect(lambda: created.append(dialog.customer.customer_key()))
    dialog.customer.key.completer().popup().hide()  # it lists the key in other capitals
    await until(lambda: said(dialog))

    assert said(dialog).startswith("New customer. Did you mean harbor-hotel?")
    assert choices(dialog) == ["Use harbor-hotel"]
    assert dialog.customer.key.accessibleDescription() == dialog.customer.hint.text
    await choose(dialog, dialog.customer.hint.buttons[0].text())

    assert dialog.customer.customer_key() == "harbor-hotel"
    assert QApplication.focusWidget() is dialog.customer.key
    assert created == []
    await answered(driver, dialog)
    assert said(dialog) == ""


async def test_a_mistyped_key_of_seams_list_is_recognised(driver, gateway):
    gateway.customer_keys = ["Riverside-Lofts", "inn"]
    dialog = await typed(driver, "riverside-loftz")
    assert said(dialog) == "New customer. Did you mean Riverside-Lofts?"


async def test_a_typed_name_means_the_key_of_its_customer(driver, gateway):
    gateway.customer_keys = []
    await add(driver, "p1", "cust-8841", days=-1)
    details = CustomerDetails("Harbor Hotel", ("vip",))
    await driver._ledger.set_customer_details(FAKE_WORKSPACE.workspace_id, "cust-8841", details)
    dialog = await typed(driver, "Harbour hotel")
    assert said(dialog) == "New customer. Did you mean cust-8841 (Harbor Hotel)?"
    assert choices(dialog) == ["Use cust-8841"]


async def test_a_new_key_is_called_new_and_a_known_one_is_not(driver, gateway):
    await add(driver, "p1", "Casa-Nova", days=-1)
    dialog = await typed(driver, "brand-new")
    assert (said(dialog), choices(dialog)) == ("New customer.", [])
    for known in ("Casa-Nova", "casa-verde"):  # the ledger's, and one of Seam's list
        type_key(dialog, known)
        assert said(dialog) == ""
        await answered(driver, dialog)
        assert "New customer" not in said(dialog)


async def test_nothing_is_said_before_a_slow_list_of_seams_has_answered(driver, gateway):
    dialog = await driver.open()
    with gateway.hold("list_customers"):
        type_key(dialog, "brand-new")
        await until(lambda: "list_customers" in gateway.calls)
        assert said(dialog) == ""
        QTest.keyClick(dialog.customer.key, "x")
        await until(lambda: gateway.calls.count("list_customers") == 2)
        assert said(dialog) == ""
        assert dialog.submit_button.isEnabled()
    await until(lambda: said(dialog) == "New customer.")


@pytest.mark.parametrize(
    "error", [ForbiddenError("No.", "No.", status=403), NetworkError("No.", "No.")]
)
async def test_without_seams_list_only_the_ledger_is_spoken_of(driver, gateway, error):
    await add(driver, "p1", "sea-view-inn")
    gateway.fail("list_customers", *[error] * 9)
    dialog = await typed(driver, "brand-new")
    assert said(dialog) == "Not in this ledger."
    type_key(dialog, "sea-view-in")
    QTest.keyClick(dialog.customer.key.completer().popup(), Key.Key_Escape)
    await answered(driver, dialog)
    assert said(dialog) == "Not in this ledger. Did you mean sea-view-inn?"


async def test_a_key_is_not_called_new_while_customers_are_listed_for_it(driver):
    await add(driver, "p1", "sea-view-inn")
    dialog = await typed(driver, "sea")
    popup = dialog.customer.key.completer().popup()
    assert popup.isVisible()
    assert said(dialog) == ""
    QTest.keyClick(popup, Key.Key_Escape)
    await until(lambda: said(dialog) == "New customer.")


async def test_without_the_ledger_nothing_is_said(driver, gateway, monkeypatch):
    async def broken(*_arguments, **_options):
        raise LedgerError("The ledger can't be read.", "Try again.")

    monkeypatch.setattr(driver._ledger, "customers", broken)
    dialog = await typed(driver, "brand-new")
    assert said(dialog) == ""
    assert not dialog.error_card.isVisible()
    assert dialog.submit_button.isEnabled()


async def test_the_list_shows_each_customers_link(driver, gateway):
    gateway.customer_keys = ["inn-of-seam"]
    await add(driver, "p1", "inn-a")
    await driver._ledger.mark_sent(
        "p1", Sent(FAKE_NOW - timedelta(days=2), "ada", Channel.EMAIL, "")
    )
    await add(driver, "p2", "inn-b", days=-1)
    await add(driver, "p3", f"inn-{HOSTILE}")
    dialog = await typed(driver, "inn")
    popup = dialog.customer.key.completer().popup()
    assert popup.isVisible()
    model = popup.model()
    rows = [
        model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(model.rowCount())
    ]
    assert sorted(rows) == sorted(
        [
            "inn-a, Active link, expires in 3 days · sent 2 days ago by email",
            "inn-b, No active link",
            f"inn-{HOSTILE}, Active link, expires in 3 days",
            "inn-of-seam, No link made here",
        ]
    )
    assert not popup.grab().isNull()
    QTest.keyClick(popup, Key.Key_Escape)


async def test_down_in_the_empty_field_opens_the_list_and_enter_takes_a_customer(driver):
    await add(driver, "p1", "inn-a")
    await add(driver, "p2", "inn-b", requested_at=FAKE_NOW + timedelta(seconds=1))
    dialog = await driver.open()
    created: list[str] = []
    dialog.create_requested.connect(lambda: created.append(dialog.customer.customer_key()))
    QTest.keyClick(dialog.customer.key, Key.Key_Down)
    popup = dialog.customer.key.completer().popup()
    assert popup.isVisible()
    QTest.keyClick(popup, Key.Key_Down)
    QTest.keyClick(popup, Key.Key_Return)
    assert not popup.isVisible()
    assert (dialog.customer.customer_key(), created) == ("inn-b", [])


async def test_an_active_link_offers_three_choices_and_the_newest_counts(driver):
    await add(driver, "p1", "harbor-hotel", days=1.5)
    await add(driver, "p2", "harbor-hotel", requested_at=FAKE_NOW + timedelta(seconds=1))
    await add(driver, "p3", "harbor-hotel", requested_at=FAKE_NOW - timedelta(days=1), days=6)
    safe = {"kind": PortalKind.SAFE_PREVIEW, "preview_of": "p1"}
    await add(driver, "p4", "harbor-hotel", requested_at=FAKE_NOW + timedelta(seconds=9), **safe)
    dialog = await typed(driver, "harbor-hotel")
    chosen: list[tuple[str, str]] = []
    driver.controller.portal_chosen.connect(lambda each: chosen.append(("open", each.portal_id)))
    driver.controller.renewal_chosen.connect(lambda each: chosen.append(("renew", each.portal_id)))

    assert said(dialog) == "harbor-hotel has an active link, expires in 3 days, and 2 more."
    assert choices(dialog) == ["Open that one", "Renew it", "Make another"]
    await choose(dialog, "Renew it")
    await until(lambda: chosen)
    assert chosen == [("renew", "p2")]
    assert is_gone(dialog)


@pytest.mark.parametrize("state", ["expired", "revoked", "failed", "damaged", "deleted"])
async def test_a_link_that_opens_nothing_is_no_active_link(driver, state):
    await add(driver, "p1", "harbor-hotel", days=-1 if state == "expired" else 3)
    if state == "revoked":
        await driver._ledger.mark_revoked("p1", FAKE_NOW)
    if state == "deleted":
        await driver._ledger.delete(["p1"])
    if state in {"failed", "damaged"}:
        column, value = (
            ("outcome", "failed") if state == "failed" else ("expires_at", "no time at all")
        )

        def spoil(connection, changed):
            del changed
            connection.exec_driver_sql(f"UPDATE portals SET {column} = ?", (value,))

        await driver._ledger._thread.write(spoil)
    dialog = await typed(driver, "harbor-hotel")
    assert said(dialog).startswith("Seam knows harbor-hotel")


async def test_make_another_goes_on_and_enter_creates_without_any_answer(driver, gateway):
    await add(driver, "p1", "harbor-hotel")
    dialog = await typed(driver, "harbor-hotel")
    await choose(dialog, "Make another")
    assert said(dialog) == ""
    assert QApplication.focusWidget() is dialog.customer.key
    await answered(driver, dialog)
    assert said(dialog) == ""
    QTest.keyClick(dialog.customer.key, Key.Key_Return)
    await until(lambda: gateway.created)
    await until(lambda: not driver.scope.is_running("create portal"))


async def test_enter_creates_before_any_list_has_answered(driver, gateway):
    await add(driver, "p1", "harbor-hotel")
    dialog = await driver.open()
    with gateway.hold("list_customers"):
        type_key(dialog, "harbor-hotel")
        QTest.keyClick(dialog.customer.key, Key.Key_Return)
        await until(lambda: gateway.created)
        await until(lambda: not driver.scope.is_running("create portal"))


@pytest.mark.parametrize("is_edited", [True, False])
async def test_a_dialog_that_closes_for_another_portal_keeps_its_edits(driver, is_edited):
    await add(driver, "p1", "harbor-hotel")
    dialog = await typed(driver, "harbor-hotel")
    chosen: list[str] = []
    driver.controller.portal_chosen.connect(lambda each: chosen.append(each.portal_id))
    if is_edited:
        dialog.appearance.rows["read_only"].control.set_value(value=True)
    await choose(dialog, "Open that one")
    await until(lambda: chosen == ["p1"])
    assert is_gone(dialog)

    dialog = await driver.open()
    wanted = {"customer_data": {"customer_key": "harbor-hotel"}, "read_only": True}
    assert dialog.wire() == (wanted if is_edited else {})


async def test_a_portal_that_was_deleted_meanwhile_is_not_opened(driver):
    await add(driver, "p1", "harbor-hotel")
    dialog = await typed(driver, "harbor-hotel")
    await driver._ledger.delete(["p1"])
    dialog.customer.hint.buttons[0].click()
    await until(dialog.error_card.isVisible)
    assert dialog.isVisible()


async def test_json_has_the_message_too(driver, gateway):
    gateway.customer_keys = []
    await add(driver, "p1", "harbor-hotel", days=-1)
    dialog = await driver.open()
    dialog.views.show_json()
    dialog.json_view.editor.selectAll()
    dialog.json_view.editor.insertPlainText('{"customer_data": {"customer_key": "harbour-hotel"}}')
    await until(lambda: said(dialog) == "New customer. Did you mean harbor-hotel?")
    assert not dialog.form.is_edited
    dialog.customer.hint.buttons[0].click()
    await until(lambda: '"harbor-hotel"' in dialog.json_view.editor.text())
    assert dialog.wire()["customer_data"] == {"customer_key": "harbor-hotel"}

    dialog.json_view.editor.selectAll()
    dialog.json_view.editor.insertPlainText(
        '{"customer_data": {"customer_key": "harbour-hotel"}, "locale": "de-DE"}'
    )
    await until(lambda: said(dialog) == "New customer. Did you mean harbor-hotel?")
    assert dialog.form.is_edited
    dialog.views.show_form()
    await until(lambda: said(dialog) == "New customer. Did you mean harbor-hotel?")
    assert dialog.customer.isAncestorOf(dialog.customer.hint)


async def test_a_hostile_key_keeps_the_dialog_small(driver, gateway):
    gateway.customer_keys = []
    await add(driver, "p1", HOSTILE)
    dialog = await typed(driver, HOSTILE)
    assert "has an active link" in said(dialog)
    assert len(said(dialog)) < 140
    type_key(dialog, HOSTILE.replace("\u200b", ""))
    await answered(driver, dialog)
    assert said(dialog).startswith("New customer. Did you mean 🏨")
    dialog.layout().activate()
    assert dialog.sizeHint().width() <= 1024
    assert dialog.sizeHint().height() <= 700


KNOWN_TO_SEAM = "Seam knows casa-verde, and may have an open portal for this customer."


async def test_seams_open_portal_is_offered_and_added_only_when_it_is_wanted(driver, gateway):
    dialog = await typed(driver, "casa-verde")
    assert said(dialog).startswith(KNOWN_TO_SEAM)
    assert "If it has none, it makes one." in said(dialog)
    assert gateway.opened == []
    created: list[object] = []
    driver.controller.created.connect(created.append)

    await choose(dialog, "Use that one")
    await until(lambda: created and is_gone(dialog))
    assert gateway.opened == ["casa-verde"]
    assert gateway.created == []
    text = driver.window.status_area.text.full_text()
    assert "Added Seam’s open portal for" in text
    dialog = await typed(driver, "casa-verde")
    assert "has an active link" in said(dialog)


async def test_a_customer_of_the_ledger_without_a_link_is_offered_it_too(driver, gateway):
    await add(driver, "p1", "casa-verde", days=-1)
    dialog = await typed(driver, "casa-verde")
    assert said(dialog).startswith(KNOWN_TO_SEAM)
    gateway.customer_keys = []
    dialog.reject()
    dialog = await typed(driver, "casa-verde")
    assert said(dialog) == ""


async def test_what_was_entered_beside_the_key_is_kept_when_the_open_portal_is_used(driver):
    dialog = await typed(driver, "casa-verde")
    dialog.appearance.rows["read_only"].control.set_value(value=True)
    await choose(dialog, "Use that one")
    await until(lambda: is_gone(dialog))
    await until(lambda: not driver.scope.is_running("create portal"))
    dialog = await driver.open()
    assert dialog.wire()["read_only"] is True


async def test_a_refusal_is_told_once_and_never_offered_again(driver, gateway):
    dialog = await typed(driver, "casa-verde")
    gateway.fail("open_portal", ForbiddenError("No.", "No.", status=403))
    await choose(dialog, "Use that one")
    await until(lambda: dialog.error_card.error)
    assert dialog.error_card.error.title == "Seam doesn’t give this workspace open portals again."
    assert said(dialog) == ""
    assert dialog.customer.customer_key() == "casa-verde"
    dialog.reject()
    for key in ("old-mill", "casa-verde"):
        dialog = await driver.open()
        dialog.activateWindow()
        type_key(dialog, key)
        await answered(driver, dialog)
        assert said(dialog) == ""
        dialog.reject()


@pytest.mark.parametrize("creates", [True, False])
async def test_an_open_portal_without_an_answer_keeps_what_was_entered(driver, gateway, creates):
    dialog = await typed(driver, "casa-verde")
    dialog.appearance.rows["read_only"].control.set_value(value=True)
    gateway.fail("open_portal", NetworkError("No answer.", "Why.", outcome_unknown=True))
    await choose(dialog, "Use that one")
    await until(lambda: dialog.error_card.error)
    if creates:
        dialog.submit_button.click()
        await until(lambda: gateway.created and is_gone(dialog))
        await until(lambda: not driver.scope.is_running("create portal"))
    else:
        dialog.reject()
    dialog = await driver.open()
    assert dialog.wire().get("read_only") is (None if creates else True)
