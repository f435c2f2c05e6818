"""Check results in the list, the panel, the timeline and the question before copying."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.domain.preview.kinds import CheckKind, CheckLevel
from seam_portal_desktop.ui.portals.model import COLUMNS
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import open_program, press, shows, until_shows
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


def preview_cell(program, row=0):
    model = program.window.pane.model
    return model.index(row, COLUMNS.index(PortalColumn.PREVIEW)).data()


@pytest.fixture
def known_customer(sandbox):
    spaces = [{"space_key": "pool", "name": "Pool"}]
    sandbox.state.push_data({"customer_key": "harbor-hotel", "spaces": spaces})


async def checked(program, verdict):
    await until(
        lambda: program.rows()[0].preview_verdict is verdict, f"the row has the verdict {verdict}"
    )
    return program.rows()[0]


@pytest.mark.usefixtures("known_customer")
async def test_check_results_are_shown_in_list_panel_and_preview(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        await program.connect(sandbox.api_key)
        await program.create("harbor-hotel")
        row = await checked(program, CheckLevel.OK)
        detail = program.window.portal
        assert preview_cell(program) == "Good"
        await until_shows(detail, "all good")
        await until_shows(detail, "Preview checked: all good")
        program.window.actions_.show_details.trigger()
        picture = detail.details.result._picture
        await until(picture.isVisible, "the panel shows the thumbnail")

        stored = await program.session.services.ledger.report_of(row.portal_id)
        levels = {found.check: found.level for found in stored.report.findings}
        assert levels[CheckKind.FEATURES] is CheckLevel.OK
        assert levels[CheckKind.LANGUAGE] is CheckLevel.OK

        QApplication.clipboard().clear()
        press(detail, "Copy link")
        await until(lambda: "token" in QApplication.clipboard().text(), "the link is copied")

    async with open_program(tmp_path, sandbox, secret_store=None) as program:
        assert preview_cell(program) == "Good"


async def test_a_mistyped_customers_page_is_empty_and_not_good(tmp_path, sandbox, known_customer):
    words = "empty: no spaces, no devices for this customer"
    async with open_program(tmp_path, sandbox, pages=True) as program:
        await program.connect(sandbox.api_key)
        await program.create("harbour-hotel")
        row = await checked(program, CheckLevel.WARNING)
        assert row.preview_concerns == ("Empty: no spaces, no devices for this customer.",)
        assert preview_cell(program) == "Empty"
        button = program.window.preview.checks.button
        await until(lambda: button.text() == "Empty", "the button shows it")
        assert button.accessibleName() == f"Checks: {words}"
        button.click()
        assert shows(program.window.preview.checks.panel, "no spaces, no devices")
        # Beside the buttons that hand the link out.
        await until_shows(program.window.portal, words)

    async with open_program(tmp_path, sandbox, secret_store=None) as program:
        assert preview_cell(program) == "Empty"


@pytest.mark.parametrize("path", ["/spaces/list", "/devices/list"])
async def test_no_customer_is_called_empty_if_seam_does_not_say_so(tmp_path, sandbox, path):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        await program.connect(sandbox.api_key)
        sandbox.faults.next_answer(status=403, path=path)
        await program.create("harbour-hotel")
        await checked(program, CheckLevel.OK)
        assert preview_cell(program) == "Good"


@pytest.mark.usefixtures("known_customer")
async def test_a_page_with_a_problem_asks_before_its_link_is_copied(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        await program.connect(sandbox.api_key)
        for _ in range(2):
            sandbox.page_faults.next_answer(status=500)
        await program.create("harbor-hotel")
        await checked(program, CheckLevel.PROBLEM)
        assert preview_cell(program) == "Problem"

        QApplication.clipboard().clear()
        detail = program.window.portal
        press(detail, "Copy link")
        assert shows(detail, "The last preview found a problem.")
        sandbox.page_faults.clear()
        detail.send_step.question.preview.click()
        await checked(program, CheckLevel.OK)
        await until(lambda: not shows(detail, "The last preview found"), "the question is gone")
        assert QApplication.clipboard().text() == ""
