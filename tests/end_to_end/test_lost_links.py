"""A link that can't be read later isn't shown as a green Active."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.domain.portal.record import LinkState
from seam_portal_desktop.ui.portals.status_style import style_of
from seam_portal_desktop.ui.toolkit.theme import Tone
from tests.end_to_end.test_failures_keyring import ABSENT, FailingStore, connect_for_this_run
from tests.support.program import (
    Program,
    connected_program,
    open_program,
    press,
    shows,
    until_shows,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio


def cell(program: Program, customer_key: str, role=Qt.ItemDataRole.DisplayRole) -> str:
    model = program.window.pane.model
    row = model.row_of(program.row(customer_key).portal_id)
    return model.index(row, list(PortalColumn).index(PortalColumn.STATUS)).data(role)


def tone(program: Program, customer_key: str) -> Tone:
    model = program.window.pane.model
    row = model.row_of(program.row(customer_key).portal_id)
    return style_of(model.portal(row), model.status(row)).tone


async def test_a_link_of_a_run_without_a_keyring_is_not_saved_then_lost(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, secret_store=FailingStore(ABSENT)) as program:
        await connect_for_this_run(program)
        await program.create("harbor-hotel")
        await until(lambda: cell(program, "harbor-hotel") == "Not saved", "the row says so")
        assert tone(program, "harbor-hotel") is Tone.WARNING
        assert "lost here when you quit" in cell(program, "harbor-hotel", Qt.ToolTipRole)
        await until_shows(program.window.portal, "Active, not saved")
        assert shows(program.window.portal, "Copy link"), "it can still be sent"

    for keyring in (FailingStore(ABSENT), SessionSecretStore()):
        async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
            await connect_for_this_run(program) if isinstance(
                keyring, FailingStore
            ) else await program.connect()
            await until(lambda: cell(program, "harbor-hotel") == "Link lost", "the row says so")
            assert tone(program, "harbor-hotel") is Tone.WARNING
            spoken = cell(program, "harbor-hotel", Qt.ItemDataRole.AccessibleTextRole)
            assert "Active, link lost" in spoken
            hover = cell(program, "harbor-hotel", Qt.ItemDataRole.ToolTipRole)
            assert "the keyring was unavailable" in hover
            assert "Renew it" in hover

            await program.select("harbor-hotel")
            detail = program.window.portal
            await until_shows(detail, "The link is lost here")
            assert shows(detail, "Active, link lost")
            assert not shows(detail, "Copy link")
            program.window.pane.table.copy_requested.emit()
            assert "The link is lost here" in program.message()

    async with connected_program(tmp_path, sandbox, secret_store=SessionSecretStore()) as program:
        await until(lambda: cell(program, "harbor-hotel") == "Link lost", "the row says so")
        await program.select("harbor-hotel")
        await until_shows(program.window.portal, "Renew link")
        press(program.window.portal, "Renew link")
        await until(lambda: len(program.rows()) == 2, "there is a new link")
        (new,) = [row for row in program.rows() if row.renewed_from]
        assert new.link_state is LinkState.KEPT


async def test_a_key_that_is_gone_from_the_keyring_is_known_without_a_click(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        await program.create("old-mill")
        assert cell(program, "harbor-hotel") == "Active"
    async with connected_program(tmp_path, sandbox) as program:  # another, empty keyring
        for key in ("harbor-hotel", "old-mill"):
            await until(lambda key=key: cell(program, key) == "Link lost", "the row says so")
        hover = cell(program, "old-mill", Qt.ItemDataRole.ToolTipRole)
        assert "no longer in this computer" in hover
        await program.create("casa-verde")
        assert cell(program, "casa-verde") == "Active"


async def test_a_keyring_that_answers_again_gives_the_links_back(tmp_path, sandbox):
    keyring = FailingStore(ABSENT)
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await connect_for_this_run(program)
        await program.create("harbor-hotel")
        await until(lambda: cell(program, "harbor-hotel") == "Not saved", "the row says so")
        await program.select("harbor-hotel")
        keyring.error = None
        press(program.window, "Try again")
        await until(lambda: cell(program, "harbor-hotel") == "Active", "it is saved now")
        await until(lambda: not shows(program.window.portal, "not saved"), "the panel follows")
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.select("harbor-hotel")
        await until_shows(program.window.portal, "Copy link")
        assert cell(program, "harbor-hotel") == "Active"
        assert shows(program.window.status_area, "All links saved")


async def test_a_link_that_cannot_be_told_yet_is_shown_as_usual(tmp_path, sandbox):
    """A keyring that is locked for now hasn't lost anything."""
    keyring = FailingStore(None)
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("harbor-hotel")
    keyring.error = ABSENT
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await until(program.banners, "the keyring has failed")
        await program.settled()
        assert cell(program, "harbor-hotel") == "Active"
