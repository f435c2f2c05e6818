"""A customer gets a name and tags in the window, which then shows, finds and exports them."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.portal.customer_details import CustomerDetails
from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.services.portal.export import ExportFormat
from seam_portal_desktop.ui.portal.customer.customer_dialog import CustomerDialog
from seam_portal_desktop.ui.portals.model import COLUMNS
from tests.support.exported_tables import csv_lines, unpacked, workbook_lines
from tests.support.program import (
    connected_program,
    is_gone,
    open_program,
    press,
    press_enter,
    shows,
    type_into,
    until_shows,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio


@pytest.fixture
def key_ring():
    return SessionSecretStore()


HOSTILE = "=1+1 \u202eמלון\u200b 🏨 " + "h" * 285
KEY_COLUMN = COLUMNS.index(PortalColumn.CUSTOMER_KEY)


async def open_dialog(program) -> CustomerDialog:
    assert program.window.actions_.name_customer.isEnabled()
    program.window.actions_.name_customer.trigger()
    return await program.dialog(CustomerDialog)


async def name(program, text: str, *tags: str) -> None:
    """Type name and tags into the dialog, and save them with Enter."""
    dialog = await open_dialog(program)
    dialog.name.selectAll()
    dialog.name.insert(text)  # QTest types ASCII only
    for tag in tags:
        type_into(dialog.tags.edit, tag)
        press_enter(dialog.tags.edit)
    press_enter(dialog.name)
    await until(lambda: is_gone(dialog), "name and tags are saved")


def shown(program, customer_key: str) -> tuple[str, tuple[str, ...]]:
    row = program.row(customer_key)
    return row.customer_name, row.tags


async def search(program, text: str) -> None:
    program.window.search_box.setText(text)
    press_enter(program.window.search_box)
    await program.settled()


async def test_recipients_of_the_customer_outlive_name_tags_and_undo(tmp_path, sandbox, key_ring):
    async with connected_program(tmp_path, sandbox, secret_store=key_ring) as program:
        row = await program.create("harbor-hotel")
        customer = (row.workspace_id, row.customer_key)
        ledger = program.session.services.ledger
        used = (MailAddress("ann@harbor.example", "Ann"),)
        await ledger.set_customer_details(*customer, CustomerDetails(recipients=used))
        await name(program, "Harbor", "vip")
        assert await ledger.customer_details(*customer) == CustomerDetails("Harbor", ("vip",), used)
        press(program.window.status_area, "Undo")
        await until(lambda: not shown(program, "harbor-hotel")[0], "it is undone")
        assert await ledger.customer_details(*customer) == CustomerDetails(recipients=used)


async def test_a_name_is_shown_found_undone_and_there_in_the_next_run(tmp_path, sandbox, key_ring):
    async with connected_program(tmp_path, sandbox, secret_store=key_ring) as program:
        await program.create("old-mill")
        await program.create("harbor-hotel")
        await name(program, "  Hôtel du Port ", "vip", "long stay")
        await until(lambda: shown(program, "harbor-hotel")[0], "the row has the name")
        assert shown(program, "harbor-hotel") == ("Hôtel du Port", ("vip", "long stay"))
        assert shown(program, "old-mill") == ("", ())
        await until_shows(program.window.portal, "Hôtel du Port")
        chips = program.window.portal.details.customer.chips
        assert [chip.text() for chip in chips] == ["vip", "long stay"]
        assert "harbor-hotel" in program.message()

        for text in ("hôtel du", "tag:VI", 'tag:"long stay"', "du port tag:vip status:active"):
            await search(program, text)
            assert program.keys() == ["harbor-hotel"], text
        await search(program, "mill tag:vip")
        assert program.keys() == []
        await search(program, "")

        await program.select("harbor-hotel")
        await name(program, "Harbor")
        await until(lambda: shown(program, "harbor-hotel")[0] == "Harbor", "the row has the name")
        press(program.window.status_area, "Undo")
        await until(lambda: shown(program, "harbor-hotel")[0] == "Hôtel du Port", "it is undone")
        await until(lambda: "restored" in program.message(), "it is said")
    async with open_program(tmp_path, sandbox, secret_store=key_ring) as program:
        await until(lambda: shown(program, "harbor-hotel")[0] == "Hôtel du Port", "it was kept")


async def test_the_dialog_by_keyboard_alone(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        program.window.actions_.show_details.trigger()
        await until(program.window.portal.details.customer.edit.isVisible, "the details are shown")
        program.window.portal.details.customer.edit.setFocus()
        QTest.keyClick(program.window.portal.details.customer.edit, Qt.Key.Key_Space)
        dialog = await program.dialog(CustomerDialog)
        dialog.activateWindow()
        await until(dialog.name.hasFocus, "the name has the focus")
        QTest.keyClicks(dialog.name, "Harbor Hotel")
        QTest.keyClick(dialog.name, Qt.Key.Key_Tab)
        await until(dialog.tags.edit.hasFocus, "the tags have the focus")
        QTest.keyClicks(dialog.tags.edit, "vip,north")
        press_enter(dialog.tags.edit)
        press_enter(dialog.tags.edit)
        await until(lambda: is_gone(dialog), "name and tags are saved")
        await until(lambda: shown(program, "harbor-hotel") == ("Harbor Hotel", ("vip", "north")))
        dialog = await open_dialog(program)
        await until(lambda: len(dialog.tags.tokens) == 2, "it shows what is saved")
        type_into(dialog.name, "another name")
        QTest.keyClick(dialog.name, Qt.Key.Key_Escape)
        await until(lambda: is_gone(dialog), "it is closed")
        assert shown(program, "harbor-hotel")[0] == "Harbor Hotel"


async def test_a_tag_lists_the_customers_that_have_it(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("old-mill")
        await program.create("harbor-hotel")
        await name(program, "", "long stay")
        customer = program.window.portal.details.customer
        await until(lambda: customer.chips, "the tag is shown")
        customer.chips[0].click()
        await until(lambda: program.keys() == ["harbor-hotel"], "the others are left out")
        assert program.window.search_box.text() == 'tag:"long stay"'


async def test_what_is_too_long_is_refused_at_its_field(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        dialog = await open_dialog(program)
        dialog.name.setText("x" * 301)
        dialog.tags.set_value(["y" * 51])
        dialog.submit_button.click()
        assert shows(dialog, "up to 300 characters")
        assert shows(dialog, "up to 50 characters")
        dialog.name.setText(HOSTILE)
        dialog.tags.set_value([])
        dialog.submit_button.click()
        await until(lambda: is_gone(dialog), "it is saved")
        wanted = CustomerDetails.of(HOSTILE, ())
        await until(lambda: shown(program, "harbor-hotel") == (wanted.name, ()))
        index = program.window.pane.model.index(0, KEY_COLUMN)
        tooltip = index.data(Qt.ItemDataRole.ToolTipRole)
        assert "harbor-hotel" in tooltip
        assert "\u202e" not in tooltip
        program.window.pane.table.grab()


async def test_several_portals_of_one_customer_can_be_named_and_others_not(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        program.window.actions_.renew.trigger()
        await until(lambda: len(program.rows()) == 2, "there are two portals")
        program.window.pane.table.selectAll()
        await until(lambda: len(program.selected()) == 2, "both are selected")
        await name(program, "Harbor Hotel")
        await until(lambda: {row.customer_name for row in program.rows()} == {"Harbor Hotel"})
        await program.create("old-mill")
        assert program.row("old-mill").customer_name == ""
        program.window.pane.table.selectAll()
        await until(
            lambda: not program.window.actions_.name_customer.isEnabled(),
            "which customer is meant isn't clear",
        )


@pytest.mark.parametrize("file_format", ExportFormat)
async def test_the_export_has_both(tmp_path, sandbox, file_format):
    async with connected_program(tmp_path / "data", sandbox) as program:
        record = await program.create("harbor-hotel")
        await name(program, '=HYPERLINK("x")', "@vip", "north")
        target = tmp_path / f"file.{file_format.value}"
        await program.session.services.export.export(
            [record.portal_id], target, file_format, with_links=False
        )
        content = target.read_bytes()
        if file_format is ExportFormat.JSON:
            (portal,) = json.loads(content)["portals"]
            assert portal["customer_name"] == '=HYPERLINK("x")'
            assert portal["tags"] == ["@vip", "north"]
        elif file_format is ExportFormat.XLSX:
            first, *_ = workbook_lines(content)
            assert first["customer_name"] == '=HYPERLINK("x")'
            assert first["tags"] == "@vip, north"
            assert b"<f>" not in unpacked(content)
        else:
            first, *_ = csv_lines(content)
            assert first["customer_name"] == '\'=HYPERLINK("x")'
            assert first["tags"] == "'@vip, north"
