"""The do-not-send list: what may be on it, and whom it forbids."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.message.recipients.rules import ANY_RECIPIENT, RecipientRules
from seam_portal_desktop.services.sending.do_not_send import (
    DoNotSendRefusedError,
    DoNotSendService,
)
from tests.support.ledger_data import NOW, WORKSPACE
from tests.support.sqlite_ledger import sqlite_ledger

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ledger(tmp_path):
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    yield ledger
    await ledger.close()


@pytest.fixture
def service(ledger):
    return DoNotSendService(ledger, lambda: NOW, "ada", rules=ANY_RECIPIENT)


@pytest.mark.parametrize(
    ("typed", "target", "address"),
    [
        ("ann@harbor.example", "ann@harbor.example", "ANN@Harbor.example"),
        (" ann@BÜCHER.example ", "ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("harbor.example", "harbor.example", "ann@harbor.example"),
        ("@Harbor.example", "harbor.example", "bob@mail.harbor.example"),
        ("*.harbor.example", "harbor.example", "bob@mail.harbor.example"),
    ],
)
async def test_an_entry_forbids_its_addresses_in_its_workspace(service, typed, target, address):
    entry = await service.add(WORKSPACE, typed, "  Asked us\nnot to write ")
    assert (entry.target, entry.reason, entry.by) == (target, "Asked us not to write", "ada")
    assert await service.reason(WORKSPACE, address) == "Asked us not to write"
    assert await service.reason(WORKSPACE, "ann@mill.example") is None
    assert await service.reason("other", address) is None
    await service.remove(WORKSPACE, target)
    assert await service.reason(WORKSPACE, address) is None


@pytest.mark.parametrize(
    ("target", "reason", "message"),
    [
        ("ann@", "Left", "“ann@” has nothing after the @."),
        ("", "Left", "Type an address such as ann@example.com, or a domain such as example.com."),
        ("two words", "Left", "Type an address such as ann@example.com, or a domain"),
        ("com", "Left", "Type an address such as ann@example.com, or a domain"),
        ("ann@harbor.example", " \n", "Say why nothing is sent to it."),
        ("ann@harbor.example", "x" * 301, "A reason has up to 300 characters."),
    ],
)
async def test_what_cannot_be_an_entry_says_why(service, target, reason, message):
    with pytest.raises(DoNotSendRefusedError) as caught:
        await service.add(WORKSPACE, target, reason)
    assert caught.value.message.startswith(message)
    assert (await service.read(WORKSPACE)).entries == ()


async def test_internal_domains_of_the_policy_can_be_on_it(ledger):
    rules = RecipientRules(internal=("*.corp",))
    service = DoNotSendService(ledger, lambda: NOW, "ada", rules=rules)
    await service.add(WORKSPACE, "mail.corp", "Machines only")
    assert await service.reason(WORKSPACE, "ann@mail.corp") == "Machines only"
