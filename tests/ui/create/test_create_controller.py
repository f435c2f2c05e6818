from __future__ import annotations

import asyncio

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.ui.create.controller import CreateController
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.services import CONNECTION
from tests.support.until import until

pytestmark = pytest.mark.anyio


class BrokenService:
    """A PortalService with a bug."""

    async def create(self, *_arguments):
        raise KeyError("customer_portal")

    async def customer_keys(self, _workspace_id):
        return ()


class Workspaces:
    current = CONNECTION

    async def gateway(self, _connection):
        return None


async def test_a_bug_while_creating_leaves_a_dialog_that_can_be_closed(qapp, qtbot):
    theme = Theme(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    portals = asyncio.get_running_loop().create_future()
    portals.set_result(BrokenService())
    failures: list[BaseException] = []
    scope = TaskScope(failures.append)
    presenter = CreateController(
        portals, Workspaces(), theme, Icons(theme), scope, window, is_demo=False
    )
    settled: list[bool] = []
    presenter.settled.connect(lambda: settled.append(True))

    presenter.open()
    dialog = window.findChild(NewPortalDialog)
    QTest.keyClicks(dialog.customer.key, "harbor-hotel")
    dialog.create_button.click()
    await until(lambda: failures, "the bug is reported")

    assert isinstance(failures[0], KeyError)
    assert settled == [True]
    assert dialog.error_card.error is not None
    assert dialog.customer.customer_key() == "harbor-hotel"
    dialog.reject()
    assert not dialog.isVisible()
    await scope.close()
