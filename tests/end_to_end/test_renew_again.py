"""A portal whose newer link is active isn't renewed again without a question."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.ui.lifecycle.renew_again_dialog import RenewAgainDialog
from tests.support.program import (
    CREATE,
    Program,
    button,
    connected_program,
    is_gone,
    press,
    shows,
    visible_texts,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio


def ids(program: Program) -> set[str]:
    return {row.portal_id for row in program.selected()}


def made_in_seam(sandbox) -> int:
    return len(sandbox.state.requests(CREATE))


async def select(program: Program, *portal_ids: str) -> None:
    assert program.window.pane.table.select(*portal_ids)
    await until(lambda: ids(program) == set(portal_ids), "they are selected")
    await until(program.window.actions_.renew.isEnabled, "they can be renewed")


async def renew(program: Program, *portal_ids: str) -> set[str]:
    """Renew these, and return the ids of the new rows once they are selected."""
    await select(program, *portal_ids)
    program.window.actions_.renew.trigger()
    await until(
        lambda: sorted(row.renewed_from or "" for row in program.selected()) == sorted(portal_ids),
        "the new rows are selected",
    )
    return ids(program)


async def question(program: Program) -> RenewAgainDialog:
    program.window.actions_.renew.trigger()
    return await program.dialog(RenewAgainDialog)


async def test_one_that_was_renewed_asks_first(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        old = await program.create("casa-verde")
        new_ids = await renew(program, old.portal_id)
        await select(program, old.portal_id)
        asked = await question(program)
        assert shows(asked, "casa-verde")
        assert shows(asked, "was renewed just now.")
        assert shows(asked, "The newer link is active and expires in 7 days.")
        press(asked, "Cancel")
        await until(lambda: is_gone(asked), "it is closed")
        assert ids(program) == {old.portal_id}

        asked = await question(program)
        QTest.keyClick(asked, Qt.Key.Key_Return)  # the primary button does no harm
        await until(lambda: ids(program) == new_ids, "the newer link is selected")
        assert made_in_seam(sandbox) == 2

        await select(program, old.portal_id)
        press(await question(program), "Renew again")
        await until(lambda: len(program.rows()) == 3, "there is another link")
        await until(lambda: ids(program) not in ({old.portal_id}, new_ids), "it is selected")
        assert made_in_seam(sandbox) == 3


async def test_renew_pressed_twice_does_not_renew_the_new_link(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        old = await program.create("casa-verde")
        await renew(program, old.portal_id)
        asked = await question(program)
        assert shows(asked, "This is the newer link, and it is active")
        assert not shows(asked, "Show the newer link")
        QTest.keyClick(asked, Qt.Key.Key_Return)
        await until(lambda: is_gone(asked), "Enter closes it")
        assert made_in_seam(sandbox) == 2
        press(await question(program), "Renew again")
        await until(lambda: made_in_seam(sandbox) == 3, "it is renewed on purpose")
        await until(lambda: len(program.rows()) == 3, "it is in the list")


async def test_many_leave_out_those_with_a_newer_link(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        olds = [await program.create(key) for key in ("casa-verde", "old-mill", "harbor-hotel")]
        all_ids = [old.portal_id for old in olds]
        newer = await renew(program, all_ids[0])
        await select(program, *all_ids)
        asked = await question(program)
        assert shows(asked, "1 of 3 portals was renewed already.")
        assert any("casa-verde" in text for text in visible_texts(asked))
        assert not any("old-mill" in text for text in visible_texts(asked))
        assert button(asked, "Renew the other 2").isDefault()
        press(asked, "Renew the other 2")
        await until(
            lambda: {row.renewed_from for row in program.selected()} == set(all_ids[1:]),
            "the new rows are selected",
        )
        newer |= ids(program)
        assert made_in_seam(sandbox) == 6

        await select(program, *all_ids)
        asked = await question(program)
        assert shows(asked, "All 3 portals were renewed already.")
        press(asked, "Show the newer links")
        await until(lambda: ids(program) == newer, "the newer rows are selected")
        assert made_in_seam(sandbox) == 6

        await select(program, *all_ids)
        press(await question(program), "Renew all 3")
        await until(lambda: made_in_seam(sandbox) == 9, "all are renewed")
        await until(lambda: "3 links renewed" in program.message(), "that is said")


async def test_a_newer_link_that_is_dead_or_deleted_asks_nothing(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        old = await program.create("casa-verde")
        ledger = program.session.services.ledger
        (first,) = await renew(program, old.portal_id)
        await ledger.mark_revoked(first, system_clock(), elsewhere=True)
        (second,) = await renew(program, old.portal_id)
        await ledger.delete([second])
        await until(lambda: second not in {row.portal_id for row in program.rows()}, "it is gone")
        await renew(program, old.portal_id)
        assert made_in_seam(sandbox) == 4


async def test_what_the_user_selected_during_a_long_run_stays_selected(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        olds = [await program.create(key) for key in ("casa-verde", "old-mill", "harbor-hotel")]
        await select(program, *(old.portal_id for old in olds[:2]))
        sandbox.faults.next_answer(status=429, headers={"Retry-After": "1"}, path=CREATE)
        program.window.actions_.renew.trigger()
        await until(lambda: "Seam asks to wait" in program.message(), "it waits")
        await select(program, olds[2].portal_id)
        await until(lambda: "2 links renewed" in program.message(), "it is done")
        assert ids(program) == {olds[2].portal_id}
