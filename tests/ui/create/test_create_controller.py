from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from tests.support.fake_gateway import FakeGateway
from tests.support.request_aids import Creation
from tests.support.until import until

pytestmark = pytest.mark.anyio


async def test_a_bug_while_creating_leaves_a_dialog_that_can_be_closed(
    theme, tmp_path, monkeypatch
):
    creation = Creation(theme, FakeGateway(), tmp_path)
    creation.window.show()

    async def broken(*_arguments):
        raise KeyError("customer_portal")

    monkeypatch.setattr(creation.services.creation, "create", broken)
    dialog = await creation.open()
    QTest.keyClicks(dialog.customer.key, "harbor-hotel")
    dialog.create_button.click()
    await until(lambda: creation.failures, "the bug is reported")

    assert isinstance(creation.failures.pop(), KeyError)
    assert dialog.error_card.error is not None
    assert dialog.customer.customer_key() == "harbor-hotel"
    dialog.reject()
    assert not dialog.isVisible()
    await creation.close()
