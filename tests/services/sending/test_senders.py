"""Sender identities, their secrets, and what is kept of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from seam_portal_desktop.domain.errors import LedgerError, SecretStoreAbsentError, UserFacingError
from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.oauth import (
    MICROSOFT,
    DeviceSignIn,
    OAuthTokens,
    SignInEndedError,
)
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.sender import (
    MailAccount,
    SenderIdentity,
    SignIn,
)
from seam_portal_desktop.domain.preferences import PreferencesData, check_options
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.sending.senders import SenderService
from tests.support.portal_rows import NOW, SettableClock
from tests.support.services import CountingStore

pytestmark = pytest.mark.anyio

PASSWORD = Secret("made up password")
OPS = SenderIdentity(
    "s1",
    "w1",
    MailAddress("ops@example.com", "Harbor Hotel 🏨"),
    MailAccount("smtp.example.com", 587, username="ops@example.com"),
    reply_to=MailAddress("help@example.com"),
    signature="Harbor Hotel\n+1 202 555 0101",
    own_fields={"help_line": "+1 202 555 0101"},
)
WITH_OAUTH = replace(
    OPS, account=replace(OPS.account, sign_in=SignIn.OAUTH, provider=MICROSOFT.provider_id)
)


class FakeProvider:
    """An OAuthClient whose tokens last an hour."""

    def __init__(self, clock: SettableClock) -> None:
        self._clock = clock
        self.refreshed: list[str] = []
        self.error: MailError | None = None

    async def start(self, provider):
        assert provider.client_id
        return DeviceSignIn("ABCD", "https://example.com/", self._clock(), 5, Secret("device"))

    async def wait(self, provider, sign_in):
        return self.tokens("0")

    async def refresh(self, provider, refresh):
        self.refreshed.append(refresh.reveal())
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return self.tokens(str(len(self.refreshed)))

    def tokens(self, name: str) -> OAuthTokens:
        end = self._clock() + timedelta(hours=1)
        return OAuthTokens(Secret(f"access-{name}"), end, Secret(f"refresh-{name}" * 200))


class FakeTransport:
    def __init__(self) -> None:
        self.tested: list[tuple[MailAccount, Secret | None]] = []
        self.error: MailError | None = None

    async def test(self, account, secret):
        self.tested.append((account, secret))
        if self.error is not None:
            raise self.error


class FakeDeliveries:
    def __init__(self) -> None:
        self.asked: list[tuple[list[str], datetime]] = []
        self.error: LedgerError | None = None

    async def sent_times(self, sender_ids, since):
        self.asked.append((sender_ids, since))
        if self.error is not None:
            raise self.error
        return [NOW]


class World:
    def __init__(self) -> None:
        self.deliveries = FakeDeliveries()
        self.data = PreferencesData()
        self.store = CountingStore()
        self.clock = SettableClock(NOW)
        self.provider = FakeProvider(self.clock)
        self.transport = FakeTransport()
        self.senders = self.restarted()

    def restarted(self) -> SenderService:
        return SenderService(
            self.data,
            self.save,
            self.store,
            self.transport,
            self.provider,
            deliveries=self.deliveries,
            clock=self.clock,
        )

    async def save(self) -> None:
        options, dropped = check_options(self.data.options)
        assert (options, dropped) == (self.data.options, []), "the next run can use it"


@pytest.fixture
def world() -> World:
    return World()


async def test_a_sender_is_kept_with_its_password_in_the_keyring(world: World) -> None:
    await world.senders.save(OPS, PASSWORD)
    again = world.restarted()

    assert again.list("w1") == [OPS]
    assert again.list("w2") == []
    assert again.with_secret == {"s1"}
    assert await again.sender_of("s1") == (OPS, PASSWORD)
    assert world.store.names() == {"mail:s1"}
    assert PASSWORD.reveal() not in repr(world.data.options)


async def test_the_keyring_is_read_once(world: World) -> None:
    await world.senders.save(OPS, PASSWORD)
    again = world.restarted()
    world.store.asked.clear()
    for _unused in range(3):
        await again.sender_of("s1")
    assert world.store.asked == [("get", "mail:s1")]


async def test_each_workspace_has_a_default_even_after_it_was_deleted(world: World) -> None:
    other = replace(OPS, sender_id="s2", mail=MailAddress("zoe@example.com"))
    await world.senders.save(OPS, PASSWORD)
    await world.senders.save(other, PASSWORD, is_default=True)
    assert world.senders.default("w1") == other
    assert world.senders.default("w2") is None

    assert await world.senders.delete("s2") is None
    assert world.senders.default("w1") == OPS
    assert world.store.names() == {"mail:s1"}


async def test_a_removed_workspace_takes_its_senders_and_their_passwords_along(
    world: World,
) -> None:
    other = replace(OPS, sender_id="s2", workspace_id="w2")
    await world.senders.save(OPS, PASSWORD)
    await world.senders.save(other, PASSWORD)
    await world.senders.keep_only({"w2"})
    assert world.senders.list("w1") == []
    assert world.senders.list("w2") == [other]
    assert world.store.names() == {"mail:s2"}


async def test_without_a_keyring_nothing_is_saved_unless_for_this_run(world: World) -> None:
    world.store.error = SecretStoreAbsentError("No keyring", "There is none.")
    with pytest.raises(SecretStoreAbsentError):
        await world.senders.save(OPS, PASSWORD)
    assert world.senders.list("w1") == []

    await world.senders.save(OPS, PASSWORD, for_this_run_only=True)
    assert await world.senders.sender_of("s1") == (OPS, PASSWORD)
    assert world.senders.session_only == {"s1"}
    world.store.error = None
    again = world.restarted()
    assert again.with_secret == frozenset()
    with pytest.raises(MailError) as caught:
        await again.sender_of("s1")
    assert caught.value.trouble is MailTrouble.ACCOUNT


@pytest.mark.parametrize(
    "account",
    [
        replace(OPS.account, host="smtp.other.example"),
        replace(OPS.account, username="eve"),
    ],
)
async def test_a_password_never_goes_to_another_server_than_it_was_typed_for(
    world: World, account: MailAccount
) -> None:
    await world.senders.save(OPS, PASSWORD)
    with pytest.raises(UserFacingError):
        await world.senders.save(replace(OPS, account=account))
    assert world.senders.list("w1") == [OPS]
    await world.senders.save(replace(OPS, company="Harbor Hotel"))
    assert (await world.senders.sender_of("s1"))[1] == PASSWORD


async def test_a_kept_password_isnt_tried_at_another_server(world: World) -> None:
    await world.senders.save(OPS, PASSWORD)
    elsewhere = replace(OPS, account=replace(OPS.account, host="smtp.other.example"))
    with pytest.raises(MailError):
        await world.senders.test(elsewhere)
    assert world.transport.tested == []


@pytest.mark.parametrize("where", ["provider", "server"])
async def test_a_sign_in_that_has_ended_is_asked_for_again(world: World, where: str) -> None:
    await world.senders.set_client_id("microsoft", "made-up-client")
    await world.senders.save(WITH_OAUTH, world.provider.tokens("0"))
    assert world.senders.with_secret == {"s1"}
    ended = SignInEndedError("Ended", "Sign in again.", trouble=MailTrouble.ACCOUNT)
    if where == "provider":
        world.clock.now += timedelta(hours=1)
        world.provider.error = ended
    else:
        world.transport.error = MailError("Refused", "No.", trouble=MailTrouble.ACCOUNT)
    with pytest.raises(MailError):
        await world.senders.test(WITH_OAUTH)
    assert world.senders.with_secret == frozenset()

    await world.senders.save(WITH_OAUTH, world.provider.tokens("1"))
    assert world.senders.with_secret == {"s1"}


@pytest.mark.parametrize(
    "wrong",
    [
        replace(OPS, mail=MailAddress("a@example.com", "Name\r\nBcc: eve@example.com")),
        replace(OPS, signature="x" * 10_000),
        replace(OPS, company="\ud800"),
        replace(OPS, account=replace(OPS.account, port=0)),
    ],
)
async def test_what_couldnt_be_read_again_isnt_saved(world: World, wrong: SenderIdentity) -> None:
    with pytest.raises(UserFacingError):
        await world.senders.save(wrong, PASSWORD)
    assert world.data.options == {}
    assert world.store.names() == set()


async def test_a_test_signs_in_once_with_what_was_typed_or_is_kept(world: World) -> None:
    await world.senders.test(OPS, Secret("typed"))
    await world.senders.save(OPS, PASSWORD)
    await world.senders.test(OPS)
    assert world.transport.tested == [(OPS.account, Secret("typed")), (OPS.account, PASSWORD)]


async def test_a_sign_in_needs_the_organisations_client_id(world: World) -> None:
    with pytest.raises(MailError):
        await world.senders.start_sign_in("microsoft")
    await world.senders.set_client_id("microsoft", " made-up-client ")
    started = await world.senders.start_sign_in("microsoft")
    assert started.user_code == "ABCD"
    assert world.senders.provider("microsoft") == MICROSOFT.with_client("made-up-client")


async def test_a_token_is_refreshed_once_before_it_ends(world: World) -> None:
    await world.senders.set_client_id("microsoft", "made-up-client")
    await world.senders.save(WITH_OAUTH, world.provider.tokens("0"))
    assert (await world.senders.sender_of("s1"))[1] == Secret("access-0")

    world.clock.now += timedelta(minutes=56)
    found = await asyncio.gather(*(world.senders.sender_of("s1") for _unused in range(5)))
    assert {secret for _sender, secret in found} == {Secret("access-1")}
    assert world.provider.refreshed == ["refresh-0" * 200]


async def test_a_new_refresh_token_is_kept_however_long_it_is(world: World) -> None:
    await world.senders.set_client_id("microsoft", "made-up-client")
    await world.senders.save(WITH_OAUTH, world.provider.tokens("0"))
    for _unused in range(2):
        await world.restarted().sender_of("s1")
    assert world.provider.refreshed == ["refresh-0" * 200, "refresh-1" * 200]
    assert all(len(each.reveal()) <= 1_280 for each in world.store._secrets.values())

    await world.senders.delete("s1")
    assert world.store.names() == set()


async def test_a_keyring_that_fails_stops_no_message(world: World) -> None:
    await world.senders.set_client_id("microsoft", "made-up-client")
    await world.senders.save(WITH_OAUTH, world.provider.tokens("0"))
    world.clock.now += timedelta(hours=1)
    world.store.error = SecretStoreAbsentError("No keyring", "There is none.")
    assert (await world.senders.sender_of("s1"))[1] == Secret("access-1")


async def test_what_an_account_sent_is_of_all_its_senders(world: World) -> None:
    same = replace(OPS, sender_id="s2", workspace_id="w2", mail=MailAddress("zoe@example.com"))
    other = replace(OPS, sender_id="s3", account=replace(OPS.account, username="eve"))
    for sender in (OPS, same, other):
        await world.senders.save(sender, PASSWORD)
    assert await world.senders.sent_since(OPS.account, NOW) == [NOW]
    assert world.deliveries.asked == [(["s1", "s2"], NOW)]
    world.deliveries.error = LedgerError("No", "No.")
    assert await world.senders.sent_since(OPS.account, NOW) == ()


@pytest.mark.parametrize(
    "damage",
    [
        "text",
        [],
        {"senders": []},
        {"senders": [{}], "defaults": {}, "kept": [], "clients": {}},
        {"senders": [], "defaults": {"w": 3}, "kept": [], "clients": {}},
        {"senders": [], "defaults": {}, "kept": [[]], "clients": {}},
    ],
)
def test_damaged_senders_are_dropped_with_their_name(damage: object) -> None:
    options, dropped = check_options({"senders": damage})
    assert options == {}
    assert dropped == ["the senders of messages"]


async def test_each_damaged_part_of_a_sender_is_noticed(world: World) -> None:
    await world.senders.save(OPS, PASSWORD)

    def damaged(value: object):
        """Each copy of `value` with one part in it replaced."""
        if isinstance(value, dict):
            for key, inner in value.items():
                if key not in ("defaults", "clients", "kept", "own_fields"):
                    yield from ({**value, key: each} for each in damaged(inner))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                for each in damaged(inner):
                    yield [*value[:index], each, *value[index + 1 :]]
        yield from ({"a": 1}, 0.5, "\ud800")

    copies = list(damaged(world.data.options["senders"]))
    assert len(copies) > 50
    for copy in copies:
        assert check_options({"senders": copy})[1], copy
