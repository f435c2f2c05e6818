"""Signing in at a mail provider with a device code."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from seam_portal_desktop.adapters.mail.oauth import DeviceCodeClient
from seam_portal_desktop.domain.message.oauth import MICROSOFT, OAuthTokens, checked_provider
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.secret import Secret
from tests.support.http_server import ScriptedServer, answer, json_answer, reset

pytestmark = pytest.mark.anyio

NOW = datetime(2027, 5, 4, 12, tzinfo=UTC)
CODE = {
    "user_code": "ABCD-EFGH",
    "device_code": "secret-device-code",
    "verification_uri": "https://login.example.com/device",
    "expires_in": 900,
    "interval": 5,
}
TOKENS = {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 3600}


class World:
    """A provider, a client, and a clock that only sleeping moves."""

    def __init__(self, server: ScriptedServer) -> None:
        self.server = server
        self.now = NOW
        self.sleeps: list[float] = []
        self.client = DeviceCodeClient(clock=lambda: self.now, sleep=self.sleep)
        self.provider = replace(
            MICROSOFT,
            device_url=f"{server.url}/devicecode",
            token_url=f"{server.url}/token",
            client_id="made-up-client",
        )

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += timedelta(seconds=seconds)

    async def signed_in(self) -> OAuthTokens:
        return await self.client.wait(self.provider, await self.client.start(self.provider))

    def form(self, number: int) -> dict[str, list[str]]:
        return parse_qs(self.server.requests[number].body.decode())


@pytest.fixture
async def world():
    with ScriptedServer() as server:
        world = World(server)
        yield world
        await world.client.aclose()


def error(code: str, description: str = ""):
    return json_answer({"error": code, "error_description": description}, status=400)


async def test_it_asks_until_the_user_has_signed_in(world: World) -> None:
    pending = error("authorization_pending")
    world.server.reply(json_answer(CODE), pending, error("slow_down"), pending, json_answer(TOKENS))
    tokens = await world.signed_in()

    assert (tokens.access, tokens.refresh) == (Secret("access-1"), Secret("refresh-1"))
    assert tokens.expires_at == world.now + timedelta(hours=1)
    assert world.sleeps == [5, 5, 10, 10]
    assert world.form(0) == {"client_id": ["made-up-client"], "scope": [MICROSOFT.scope]}
    assert world.form(1) == {
        "client_id": ["made-up-client"],
        "device_code": ["secret-device-code"],
        "grant_type": ["urn:ietf:params:oauth:grant-type:device_code"],
    }


async def test_it_goes_on_after_a_failure_of_the_network_more_slowly(world: World) -> None:
    world.server.reply(json_answer(CODE), reset, answer(b"busy", status=503), json_answer(TOKENS))
    await world.signed_in()
    assert world.sleeps == [5, 10, 20]


@pytest.mark.parametrize("code", ["expired_token", "access_denied", "authorization_declined"])
async def test_a_declined_or_late_sign_in_ends_it(world: World, code: str) -> None:
    world.server.reply(json_answer(CODE), error(code))
    with pytest.raises(MailError) as caught:
        await world.signed_in()
    assert caught.value.trouble is MailTrouble.ACCOUNT


async def test_it_doesnt_ask_longer_than_the_code_lives(world: World) -> None:
    world.server.default = error("authorization_pending")
    world.server.reply(json_answer({**CODE, "expires_in": 20}))
    with pytest.raises(MailError) as caught:
        await world.signed_in()
    assert caught.value.technical == "OAuth: expired_token"
    assert sum(world.sleeps) == 20


async def test_a_refresh_keeps_the_token_unless_there_is_a_new_one(world: World) -> None:
    old = Secret("refresh-0")
    world.server.reply(json_answer({"access_token": "a", "expires_in": "60"}), json_answer(TOKENS))
    first = await world.client.refresh(world.provider, old)
    second = await world.client.refresh(world.provider, old)

    assert (first.refresh, second.refresh) == (old, Secret("refresh-1"))
    assert first.expires_at == NOW + timedelta(minutes=1)
    assert world.form(0)["refresh_token"] == ["refresh-0"]


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (error("invalid_grant"), MailTrouble.ACCOUNT),
        (error("invalid_client", "AADSTS7000218: secret"), MailTrouble.ACCOUNT),
        (error("invalid_grant", "AADSTS65001: no consent"), MailTrouble.ACCOUNT),
        (json_answer({}, status=500), MailTrouble.LATER),
        (json_answer({}, status=429), MailTrouble.LATER),
        (answer(b"<html>sign in</html>", content_type="text/html"), MailTrouble.LATER),
        (answer(b"[" * 100_000), MailTrouble.LATER),
        (reset, MailTrouble.NETWORK),
        (json_answer({"token_type": "Bearer"}), MailTrouble.ACCOUNT),
        (json_answer({"access_token": "with\nbreak", "error": 3}), MailTrouble.ACCOUNT),
    ],
)
async def test_what_goes_wrong_is_an_error_in_words(
    world: World, reply, trouble: MailTrouble, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.server.reply(reply)
    with pytest.raises(MailError) as caught:
        await world.client.refresh(world.provider, Secret("very-secret"))
    assert caught.value.trouble is trouble
    assert caught.value.__context__ is None
    assert "very-secret" not in caplog.text + repr(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"verification_uri": "javascript:alert(1)"},
        {"verification_uri": "http://evil.example/"},
        {"user_code": "A\nB"},
        {"user_code": "A" * 100},
        {"device_code": 3},
    ],
)
async def test_a_hostile_answer_is_not_shown(world: World, change: dict[str, object]) -> None:
    world.server.reply(json_answer({**CODE, **change}))
    with pytest.raises(MailError):
        await world.client.start(world.provider)


async def test_a_provider_without_encryption_is_not_asked(world: World) -> None:
    plain = replace(world.provider, device_url="http://login.example.com/devicecode")
    with pytest.raises(MailError):
        await world.client.start(plain)
    with pytest.raises(ValueError, match="https"):
        checked_provider(plain)
    assert not world.server.requests
