"""Recipients are remembered per customer, and offered with the people of the request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.portal.customer_details import MOST_REMEMBERED, CustomerDetails
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from seam_portal_desktop.domain.request.customer_data import Guest, StaffMember, UserIdentity
from seam_portal_desktop.services.sending.recipients import RecipientService, RecipientSource
from tests.support.ledger_data import NOW, WORKSPACE, requested
from tests.support.sqlite_ledger import ledger_file, sqlite_ledger

pytestmark = pytest.mark.anyio

ANN = MailAddress("ann@harbor.example", "Ann Miller")
BOB = MailAddress("bob@harbor.example")
DATA = CustomerData(
    customer_key="harbor-hotel",
    user_identities=(
        UserIdentity(
            user_identity_key="u1",
            name="Ann  Miller",
            email_address="ANN@harbor.example",
            phone_number="+12025550101",
        ),
        UserIdentity(user_identity_key="u2", name="Nobody", email_address="not an address"),
    ),
    guests=(
        Guest(
            guest_key="g1",
            name="Gus Guest",
            email_address="gus@guest.example",
            phone_number="+12025550101",
        ),
    ),
    staff_members=(
        StaffMember(staff_member_key="s1", name="Sue Staff", phone_number="+12025550102"),
    ),
)


@pytest.fixture
async def ledger(tmp_path):
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    for portal_id, key in (("p1", "harbor-hotel"), ("p2", "old-mill")):
        request = PortalRequest(customer_data=DATA) if portal_id == "p1" else PortalRequest()
        await ledger.record_intent(requested(portal_id, key), request)
    yield ledger
    await ledger.close()


@pytest.fixture
def service(ledger):
    return RecipientService(ledger)


HARBOR = requested("p1", "harbor-hotel")
MILL = requested("p2", "old-mill")


async def test_those_that_were_used_come_before_those_of_the_request(service):
    await service.remember(HARBOR, Recipients(to=(BOB,)))
    offered = [
        (each.mail.address, each.mail.name, each.source)
        for each in await service.suggestions(HARBOR)
    ]
    assert offered == [
        (BOB.address, "", RecipientSource.USED),
        ("ANN@harbor.example", "Ann Miller", RecipientSource.REQUEST),
        ("gus@guest.example", "Gus Guest", RecipientSource.REQUEST),
    ]
    await service.remember(HARBOR, Recipients(to=(ANN,)))
    assert [each.mail.address for each in await service.suggestions(HARBOR)] == [
        ANN.address,
        BOB.address,
        "gus@guest.example",
    ]
    assert await service.suggestions(MILL) == ()


async def test_a_phone_number_is_offered_once(service):
    offered = [(each.number, each.name) for each in await service.phone_suggestions(HARBOR)]
    assert offered == [("+12025550101", "Ann Miller"), ("+12025550102", "Sue Staff")]
    assert await service.phone_suggestions(MILL) == ()


async def test_one_is_known_for_its_own_customer_however_it_is_written(service):
    await service.remember(HARBOR, Recipients(to=(MailAddress("Ann@BÜCHER.example"),)))
    assert await service.is_known(HARBOR, "ann@xn--bcher-kva.example")
    assert not await service.is_known(HARBOR, "bob@bücher.example")
    assert not await service.is_known(MILL, "ann@bücher.example")
    assert (await service.known(HARBOR)).domains == {"xn--bcher-kva.example"}


async def test_only_those_in_to_are_remembered_the_last_first_up_to_a_number(service, ledger):
    await service.remember(HARBOR, Recipients(to=(ANN,), cc=(BOB,), bcc=(BOB,)))
    for number in range(MOST_REMEMBERED):
        mail = MailAddress(f"guest{number}@harbor.example")
        await service.remember(HARBOR, Recipients(to=(mail,)))
    kept = (await ledger.customer_details(WORKSPACE, "harbor-hotel")).recipients
    assert len(kept) == MOST_REMEMBERED
    assert kept[0].address == f"guest{MOST_REMEMBERED - 1}@harbor.example"
    assert ANN not in kept
    assert BOB not in kept


async def test_a_name_that_was_known_stays(service, ledger):
    await service.remember(HARBOR, Recipients(to=(ANN,)))
    await service.remember(HARBOR, Recipients(to=(MailAddress("ann@harbor.example"),)))
    assert (await ledger.customer_details(WORKSPACE, "harbor-hotel")).recipients == (ANN,)


async def test_name_and_tags_stay_when_a_recipient_is_remembered(service, ledger):
    details = CustomerDetails("Harbor Hotel", ("vip",))
    await ledger.set_customer_details(WORKSPACE, "harbor-hotel", details)
    await service.remember(HARBOR, Recipients(to=(ANN,)))
    found = await ledger.customer_details(WORKSPACE, "harbor-hotel")
    assert found == replace(details, recipients=(ANN,))


async def test_what_cannot_be_decrypted_is_not_known_and_never_overwritten(
    service, ledger, tmp_path
):
    await service.remember(HARBOR, Recipients(to=(ANN,)))
    await ledger.close()
    other = SqlLedger(
        ledger_file(tmp_path), UrlCipher(SessionSecretStore()), lambda: NOW, os_user="ada"
    )
    await other.open()
    service = RecipientService(other)
    assert not await service.is_known(HARBOR, ANN.address)
    assert [each.source for each in await service.suggestions(HARBOR)] == [
        RecipientSource.REQUEST,
        RecipientSource.REQUEST,
    ]
    await service.remember(HARBOR, Recipients(to=(BOB,)))
    assert not await service.is_known(HARBOR, BOB.address)
    await other.close()


async def test_no_recipient_is_in_the_files(service, ledger, tmp_path):
    await service.remember(MILL, Recipients(to=(MailAddress("carl@mill.example", "Carl Cooper"),)))
    found = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    await ledger.close()
    found += b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"old-mill" in found
    assert b"carl" not in found
    assert b"Cooper" not in found
