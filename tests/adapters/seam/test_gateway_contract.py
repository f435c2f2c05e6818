"""What services rely on, for the real gateway and for the tests' fake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.seam.gateway import create_gateway
from seam_portal_desktop.domain.errors import RateLimitedError, SeamError, ServiceError
from seam_portal_desktop.domain.ports import SeamGateway
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from tests.support.fake_gateway import FakeGateway
from tests.support.http_server import ScriptedServer, answer, held, json_answer
from tests.support.seam_answers import (
    REQUEST_ID,
    api_key_credential,
    client_sessions_answer,
    customers_answer,
    customization_profiles_answer,
    device_providers_answer,
    open_portal_answer,
    portal_answer,
    workspace_answer,
)

pytestmark = pytest.mark.anyio

REQUEST = PortalRequest(customer_data=CustomerData(customer_key="harbor-hotel"))


@dataclass
class Subject:
    """A gateway, and switches that make its calls fail or wait."""

    gateway: SeamGateway
    fail_creation: Callable[[int], None]
    hold_creation: Callable[[], AbstractContextManager[object]]


def fake_subject() -> Subject:
    fake = FakeGateway()

    def fail_creation(status: int) -> None:
        error = (
            RateLimitedError("Busy.", "Wait.", can_retry=True, status=status)
            if status == 429
            else ServiceError("Broken.", "Wait.", outcome_unknown=True, status=status)
        )
        fake.fail("create_portal", error)

    return Subject(fake, fail_creation, lambda: fake.hold("create_portal"))


class RealSubject(Subject):
    def __init__(self, server: ScriptedServer) -> None:
        self.server = server
        self.failures: list[int] = []
        self.held = False
        super().__init__(
            create_gateway(server.url, api_key_credential), self.failures.append, self.hold
        )
        server.default = self.reply

    def reply(self, exchange) -> None:
        match exchange.request.path:
            case "/workspaces/get":
                reply = json_answer(workspace_answer())
            case "/client_sessions/list":
                reply = json_answer(client_sessions_answer())
            case "/workspaces/customization_profiles/list":
                reply = json_answer(customization_profiles_answer())
            case "/devices/list_device_providers":
                reply = json_answer(device_providers_answer())
            case path if path.startswith("/seam/customer/v1/customers/list?search=harbor&"):
                reply = json_answer(customers_answer())
            case "/seam/customer/v1/customers/open_portal":
                reply = json_answer(open_portal_answer(), headers={"seam-request-id": REQUEST_ID})
            case _ if self.failures:
                reply = answer(status=self.failures.pop(0))
            case _:
                reply = json_answer(portal_answer(), headers={"seam-request-id": REQUEST_ID})
                if self.held:
                    reply = held(reply)
        reply(exchange)

    def hold(self):
        self.held = True
        return _ReleasedAtTheEnd(self.server)


class _ReleasedAtTheEnd:
    def __init__(self, server: ScriptedServer) -> None:
        self.server = server

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.release()


@pytest.fixture(params=["fake", "real"])
async def subject(request):
    if request.param == "fake":
        yield fake_subject()
        return
    with ScriptedServer() as server:
        subject = RealSubject(server)
        yield subject
        await subject.gateway.aclose()


async def test_get_workspace(subject):
    workspace = await subject.gateway.get_workspace()
    assert workspace.workspace_id == "11111111-2222-4333-8444-555555555555"
    assert workspace.name == "Acme Stays"
    assert workspace.company_name == "Acme"
    assert workspace.is_sandbox
    assert not workspace.is_suspended


async def test_create_portal(subject):
    created = await subject.gateway.create_portal(REQUEST)
    portal = created.customer_portal
    assert created.seam_request_id
    assert portal.customer_key == "harbor-hotel"
    assert portal.workspace_id == "11111111-2222-4333-8444-555555555555"
    assert portal.url.reveal().startswith("https://portal.example/")
    assert portal.url.reveal() not in repr(created)
    assert portal.created_at.utcoffset() == timedelta(0)
    assert portal.expires_at - portal.created_at == timedelta(days=7)


async def test_open_portal(subject):
    opened = await subject.gateway.open_portal("harbor-hotel")
    portal = opened.customer_portal
    assert opened.seam_request_id
    assert portal.customer_key == "harbor-hotel"
    assert portal.url.reveal().startswith("https://portal.example/")
    assert portal.url.reveal() not in repr(opened)
    assert portal.expires_at - portal.created_at == timedelta(days=7)


async def test_list_client_sessions(subject):
    await subject.gateway.create_portal(REQUEST)
    session = (await subject.gateway.list_client_sessions())[0]
    assert session.client_session_id
    assert session.customer_key == "harbor-hotel"
    assert session.token.reveal().startswith("seam_cst_not_a_real")
    assert session.token.reveal() not in repr(session)
    assert session.expires_at.utcoffset() == timedelta(0)


async def test_lookups(subject):
    page = await subject.gateway.list_customers("harbor")
    assert (page.customer_keys, page.next_page_cursor) == (("harbor-hotel",), None)
    profile = (await subject.gateway.list_customization_profiles())[0]
    assert (profile.name, profile.primary_color) == ("Harbor Hotel", "#1a58ad")
    (provider,) = await subject.gateway.list_device_providers()
    assert (provider.name, provider.display_name) == ("salto_ks", "Salto KS")


async def test_failure_with_unknown_outcome(subject):
    subject.fail_creation(500)
    with pytest.raises(ServiceError) as caught:
        await subject.gateway.create_portal(REQUEST)
    assert caught.value.outcome_unknown
    assert not caught.value.can_retry
    assert caught.value.status == 500
    assert await subject.gateway.create_portal(REQUEST)


async def test_failure_without_effect(subject):
    subject.fail_creation(429)
    with pytest.raises(RateLimitedError) as caught:
        await subject.gateway.create_portal(REQUEST)
    assert not caught.value.outcome_unknown
    assert caught.value.can_retry


async def test_cancelled_while_waiting(subject):
    with subject.hold_creation():
        task = asyncio.create_task(subject.gateway.create_portal(REQUEST))
        done, _ = await asyncio.wait([task], timeout=0.1)
        assert not done
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_waits_and_then_answers(subject):
    with subject.hold_creation():
        task = asyncio.create_task(subject.gateway.create_portal(REQUEST))
        done, _ = await asyncio.wait([task], timeout=0.1)
        assert not done
    assert (await task).customer_portal.customer_key == "harbor-hotel"


async def test_many_calls_at_once(subject):
    workspaces = await asyncio.gather(*(subject.gateway.get_workspace() for _ in range(8)))
    assert len({workspace.workspace_id for workspace in workspaces}) == 1


async def test_closed_twice_and_then_refuses(subject):
    await subject.gateway.get_workspace()
    await subject.gateway.aclose()
    await subject.gateway.aclose()
    for call in (
        subject.gateway.get_workspace,
        subject.gateway.list_client_sessions,
        lambda: subject.gateway.create_portal(REQUEST),
    ):
        with pytest.raises(SeamError) as caught:
            await call()
        assert not caught.value.outcome_unknown
