"""The New portal dialog with a ledger of 20,000 customers: typing never stops the window."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import insert

from seam_portal_desktop.adapters.ledger.rows import portal_values
from seam_portal_desktop.adapters.ledger.schema import portals
from seam_portal_desktop.domain.portal.record import Outcome
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE
from tests.support.ledger_data import requested
from tests.support.responsive import window_answers
from tests.support.sqlite_ledger import held
from tests.support.until import until
from tests.ui.create.test_right_customer import answered, driver, gateway, said, type_key

__all__ = ["driver", "gateway"]
pytestmark = pytest.mark.anyio


async def test_twenty_thousand_customers_keep_no_key_waiting(driver, gateway):
    """Typing, listing and finding a near key: the window answers all the time."""
    start = replace(
        requested("p", workspace_id=FAKE_WORKSPACE.workspace_id, requested_at=FAKE_NOW),
        outcome=Outcome.CREATED,
        created_at=FAKE_NOW,
        expires_at=FAKE_NOW + timedelta(days=3),
    )
    letters = "abcdefghijklmnopqrst"
    words = [f"{a}{b}{c}" for a in letters for b in letters for c in letters][:5000]
    rows = [
        portal_values(replace(start, portal_id=f"{place}-{word}", customer_key=f"{place}-{word}"))
        | {"request": b"{}"}
        for place in ("harbor", "mountain", "lakeside", "old-town")
        for word in words
    ]

    def write(connection, changed):
        del changed
        connection.execute(insert(portals), rows)

    await driver._ledger._thread.write(write)
    gateway.customer_keys = []
    with ExitStack() as reading:
        reading.enter_context(held(driver._ledger, "customers"))
        driver.controller.open()
        dialog = driver.window.findChildren(NewPortalDialog)[-1]
        await until(lambda: not driver.scope.is_running("prepare form"))
        dialog.activateWindow()
        for _ in range(20):  # painted and laid out
            await asyncio.sleep(0)
    with window_answers():
        for character in "harbour-abc":
            QTest.keyClick(dialog.customer.key, character)
            await until(lambda: not driver.scope.is_running("search customers"))
        await answered(driver, dialog)
        assert said(dialog) == "New customer. Did you mean harbor-abc?"
        type_key(dialog, "lakeside-abc")
        await until(lambda: said(dialog).startswith("lakeside-abc has an active link"))
        QTest.keyClick(dialog.customer.key, Qt.Key.Key_Down)
