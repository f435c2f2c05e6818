from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from tests.support.create_dialog import CreateDialogDriver
from tests.support.fake_gateway import FakeGateway
from tests.support.until import until

pytestmark = pytest.mark.anyio


async def test_a_bug_while_creating_leaves_a_dialog_that_can_be_closed(
    theme, tmp_path, monkeypatch
):
    driver = CreateDialogDriver(theme, FakeGateway(), tmp_path)
    driver.window.show()

    async def broken(*_arguments, **_options):
        raise KeyError("customer_portal")

    monkeypatch.setattr(driver.services.creation, "create", broken)
    dialog = await driver.open()
    QTest.keyClicks(dialog.customer.key, "harbor-hotel")
    dialog.submit_button.click()
    await until(lambda: driver.failures, "the bug is reported")

    assert isinstance(driver.failures.pop(), KeyError)
    assert dialog.error_card.error is not None
    assert dialog.customer.customer_key() == "harbor-hotel"
    dialog.reject()
    assert not dialog.isVisible()
    await driver.close()
