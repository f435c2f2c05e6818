"""Another program may fill in the New portal dialog, and no more than that."""

from __future__ import annotations

import pytest

from seam_portal_desktop.services.sending.recipients import RecipientSource
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.shell.banner import Banner
from tests.support.create_dialog import CreateDialogDriver, presets_of
from tests.support.fake_gateway import FakeGateway
from tests.support.until import until

pytestmark = pytest.mark.anyio


@pytest.fixture
async def driver(theme, tmp_path, anyio_backend):
    driver = CreateDialogDriver(theme, FakeGateway(), tmp_path)
    driver.window.show()
    yield driver
    await driver.close()


async def opened(driver, *values: str) -> NewPortalDialog:
    await driver._ledger.open()
    driver.controller.open_from_outside(*values)
    dialog = driver.window.findChildren(NewPortalDialog)[-1]
    await until(lambda: presets_of(dialog).bar.box.count() > 1)
    await until(lambda: not driver.scope.is_running("prepare form"))
    return dialog


async def test_the_form_is_filled_and_says_where_it_comes_from(driver):
    dialog = await opened(driver, "harbor-hotel", "No such preset", "ann@example.com")
    assert dialog.customer_key() == "harbor-hotel"
    (banner,) = dialog.findChildren(Banner)
    assert "ann@example.com" in banner.accessibleName()
    assert "Another program filled this in" in banner.accessibleName()
    assert "No such preset" in presets_of(dialog).bar._note.full_text()


async def test_a_preset_is_applied_by_its_name(driver):
    presets = await driver.presets.list()
    dialog = await opened(driver, "harbor-hotel", presets[0].name.upper(), "")
    assert presets_of(dialog).bar.current_id == presets[0].preset_id
    assert dialog.customer_key() == "harbor-hotel"


async def test_its_recipient_is_suggested_after_creating_and_not_filled_in(driver):
    dialog = await opened(driver, "harbor-hotel", "", "ann@example.com")
    created = []
    driver.controller.created.connect(created.append)
    dialog.submit()
    await until(lambda: created)
    (suggested,) = await driver.services.recipients.suggestions(created[0])
    assert suggested.source is RecipientSource.OUTSIDE
    assert suggested.mail.address == "ann@example.com"


async def test_a_closed_form_forgets_its_recipient(driver):
    dialog = await opened(driver, "harbor-hotel", "", "ann@example.com")
    dialog.reject()
    driver.controller.open(customer_key="harbor-hotel")
    dialog = driver.window.findChildren(NewPortalDialog)[-1]
    created = []
    driver.controller.created.connect(created.append)
    await until(lambda: not driver.scope.is_running("prepare form"))
    dialog.submit()
    await until(lambda: created)
    assert await driver.services.recipients.suggestions(created[0]) == ()


async def test_an_open_dialog_is_left_alone(driver):
    dialog = await driver.open()
    dialog.customer.key.setText("typed")
    driver.controller.open_from_outside("harbor-hotel", "", "")
    assert len(driver.window.findChildren(NewPortalDialog)) == 1
    assert dialog.customer_key() == "typed"
