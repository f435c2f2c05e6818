"""Every way in which a call can fail gives its own error, and says whether a link may exist."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.seam_gateway import HttpSeamGateway
from seam_portal_desktop.adapters.seam_transport import Limits
from seam_portal_desktop.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    NetworkError,
    NotFoundError,
    RateLimitedError,
    SeamError,
    ServiceError,
    UnauthorizedError,
    UnexpectedAnswerError,
)
from seam_portal_desktop.domain.portal_request import CustomerData, PortalRequest
from tests.support.http_server import (
    Reply,
    ScriptedServer,
    answer,
    endless,
    json_answer,
    raw_then_close,
    reset,
    stall,
    stall_until_disconnect,
)
from tests.support.seam_answers import (
    API_KEY,
    PORTAL_URL,
    REQUEST_ID,
    api_key_credential,
    error_answer,
    portal_answer,
    token_credential,
    workspace_answer,
)

pytestmark = pytest.mark.anyio

REQUEST = PortalRequest(customer_data=CustomerData(customer_key="harbor-hotel"))
LIMITS = Limits(connect=5, read=5, overall=15, backoff=0.01)
HTML = b"<!doctype html><title>Sign in to the Wi-Fi</title>"
WITH_ID = {"seam-request-id": REQUEST_ID}


def html(status: int = 200) -> Reply:
    return answer(HTML, status=status, content_type="text/html")


def without(field: str) -> Reply:
    payload = portal_answer()
    del payload["customer_portal"][field]
    return json_answer(payload, headers=WITH_ID)


@dataclass(frozen=True)
class Case:
    name: str
    reply: Reply
    kind: type[SeamError]
    title: str
    outcome_unknown: bool
    can_retry: bool = False
    says: str = ""

    def __str__(self) -> str:
        return self.name


CASES = [
    Case(
        "400 without fields",
        json_answer(error_answer(message="No such locale"), status=400),
        InvalidRequestError,
        "Seam refused the request.",
        outcome_unknown=False,
        says="Seam says: No such locale.",
    ),
    Case(
        "401 with JSON",
        json_answer(error_answer("unauthorized"), status=401),
        UnauthorizedError,
        "Seam did not accept the API key.",
        outcome_unknown=False,
    ),
    Case(
        "401 with nothing",
        answer(status=401, content_type=""),
        UnauthorizedError,
        "Seam did not accept the API key.",
        outcome_unknown=False,
    ),
    Case(
        "403",
        json_answer(error_answer("forbidden", "Not in this plan"), status=403),
        ForbiddenError,
        "This API key may not do this.",
        outcome_unknown=False,
        says="Seam says: Not in this plan.",
    ),
    Case(
        "403 of a firewall",
        html(403),
        ForbiddenError,
        "Something refused the call to HOST.",
        outcome_unknown=False,
    ),
    Case(
        "404",
        json_answer(error_answer("not_found", "Customization profile not found"), status=404),
        NotFoundError,
        "Seam did not find what the request names.",
        outcome_unknown=False,
        says="Customization profile not found",
    ),
    Case(
        "404 of another service",
        html(404),
        NotFoundError,
        "Seam's API is not at HOST.",
        outcome_unknown=False,
        says="Check the endpoint",
    ),
    Case(
        "409",
        json_answer(error_answer("conflict"), status=409),
        ConflictError,
        "The request clashes with something that Seam has already.",
        outcome_unknown=False,
    ),
    Case(
        "418",
        answer(status=418),
        SeamError,
        "Seam refused the call.",
        outcome_unknown=False,
    ),
    Case(
        "429 with seconds",
        json_answer(error_answer(), status=429, headers={"retry-after": "30"}),
        RateLimitedError,
        "Seam gets too many calls from this workspace.",
        outcome_unknown=False,
        can_retry=True,
        says="Wait 30 seconds, then try again.",
    ),
    Case(
        "429 without a time",
        answer(status=429),
        RateLimitedError,
        "Seam gets too many calls from this workspace.",
        outcome_unknown=False,
        can_retry=True,
        says="Wait a minute, then try again.",
    ),
    Case(
        "500",
        json_answer(error_answer("internal_error", "Boom"), status=500),
        ServiceError,
        "Seam itself failed.",
        outcome_unknown=True,
        says="Seam says: Boom.",
    ),
    Case(
        "502 of a gateway",
        html(502),
        ServiceError,
        "Seam can't be used at the moment.",
        outcome_unknown=True,
    ),
    Case(
        "redirect of a captive portal",
        answer(status=302, headers={"location": "http://wifi.example/login?x=1"}),
        UnexpectedAnswerError,
        "The call was sent elsewhere to wifi.example.",
        outcome_unknown=True,
    ),
    Case(
        "HTML 200",
        html(),
        UnexpectedAnswerError,
        "A web page came back instead of Seam's answer.",
        outcome_unknown=True,
    ),
    Case(
        "HTML that calls itself JSON",
        answer(HTML),
        UnexpectedAnswerError,
        "A web page came back instead of Seam's answer.",
        outcome_unknown=True,
    ),
    Case(
        "JSON that ends early",
        answer(b'{"customer_portal": {"url": "https://por'),
        UnexpectedAnswerError,
        "Seam's answer was cut off.",
        outcome_unknown=True,
    ),
    Case(
        "body shorter than promised",
        raw_then_close(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"
        ),
        UnexpectedAnswerError,
        "Seam's answer was cut off.",
        outcome_unknown=True,
    ),
    Case(
        "not JSON",
        answer(b"OK then"),
        UnexpectedAnswerError,
        "Seam's answer can't be read.",
        outcome_unknown=True,
    ),
    Case(
        "empty body",
        answer(b""),
        UnexpectedAnswerError,
        "Seam's answer was cut off.",
        outcome_unknown=True,
    ),
    Case(
        "no url",
        without("url"),
        UnexpectedAnswerError,
        "Seam's answer lacks something.",
        outcome_unknown=True,
        says="customer_portal.url",
    ),
    Case(
        "url that is no web address",
        json_answer(portal_answer(url="javascript:alert(1)")),
        UnexpectedAnswerError,
        "Seam's answer lacks something.",
        outcome_unknown=True,
        says="customer_portal.url",
    ),
    Case(
        "time without a zone",
        json_answer(portal_answer(expires_at="2025-11-19T09:14:00")),
        UnexpectedAnswerError,
        "Seam's answer lacks something.",
        outcome_unknown=True,
        says="customer_portal.expires_at",
    ),
    Case(
        "100 MB announced",
        endless(content_length=100_000_000),
        UnexpectedAnswerError,
        "Seam's answer is far too large.",
        outcome_unknown=True,
    ),
    Case(
        "endless body",
        endless(),
        UnexpectedAnswerError,
        "Seam's answer is far too large.",
        outcome_unknown=True,
    ),
    Case(
        "reset after the request",
        reset,
        NetworkError,
        "The connection to HOST broke.",
        outcome_unknown=True,
    ),
    Case(
        "closed without an answer",
        raw_then_close(b""),
        NetworkError,
        "The connection to HOST broke.",
        outcome_unknown=True,
    ),
    Case(
        "no HTTP",
        raw_then_close(b"SSH-2.0-OpenSSH\r\n\r\n"),
        NetworkError,
        "The connection to HOST broke.",
        outcome_unknown=True,
    ),
]


@pytest.fixture
def server():
    with ScriptedServer() as server:
        yield server


@pytest.fixture
async def gateway(server):
    gateway = HttpSeamGateway(server.url, api_key_credential, LIMITS)
    yield gateway
    await gateway.aclose()


async def failure_of(call) -> SeamError:
    with pytest.raises(SeamError) as caught:
        await call
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_failed_creation(case, server, gateway):
    server.reply(case.reply)
    error = await failure_of(gateway.create_portal(REQUEST))
    assert type(error) is case.kind
    assert error.title == case.title.replace("HOST", f"127.0.0.1:{server.port}")
    assert case.says in error.message
    assert error.outcome_unknown is case.outcome_unknown
    assert ("may exist all the same" in error.message) is case.outcome_unknown
    assert error.can_retry is case.can_retry
    assert len(server.requests) == 1, "creating is never repeated by itself"
    assert_no_secret(error)


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_failed_read_never_leaves_a_doubt(case, server):
    server.reply(*[case.reply] * 3)
    gateway = HttpSeamGateway(server.url, api_key_credential, LIMITS)
    error = await failure_of(gateway.get_workspace())
    assert not error.outcome_unknown
    assert "may exist" not in error.message
    assert_no_secret(error)
    await gateway.aclose()


def test_different_conditions_have_different_words():
    shared = [
        {"401 with JSON", "401 with nothing"},
        {"429 with seconds", "429 without a time"},
        {"HTML 200", "HTML that calls itself JSON"},
        {"JSON that ends early", "body shorter than promised", "empty body"},
        {"no url", "url that is no web address", "time without a zone"},
        {"100 MB announced", "endless body"},
        {"reset after the request", "closed without an answer", "no HTTP"},
    ]
    by_title: dict[str, set[str]] = {}
    for case in CASES:
        by_title.setdefault(case.title, set()).add(case.name)
    assert [names for names in by_title.values() if len(names) > 1] == shared


async def test_works_on_after_a_failure(server, gateway):
    server.reply(reset, json_answer(portal_answer()))
    await failure_of(gateway.create_portal(REQUEST))
    created = await gateway.create_portal(REQUEST)
    assert created.customer_portal.url.reveal() == PORTAL_URL


async def test_validation_errors_become_dotted_paths(server, gateway):
    nested = {
        "_errors": ["Too many things"],
        "customer_data": {
            "_errors": [],
            "customer_key": {"_errors": ["Required", f"not {API_KEY}"]},
            "spaces": {"_errors": [], "0": {"name": {"_errors": ["Expected string"]}}},
        },
        "odd": ["not an object"],
        "odder": {"_errors": "not a list", "x": None},
    }
    server.reply(
        json_answer(
            error_answer("invalid_input", "Invalid request", nested), status=400, headers=WITH_ID
        )
    )
    error = await failure_of(gateway.create_portal(REQUEST))
    assert isinstance(error, InvalidRequestError)
    assert error.title == "Seam refused some of the fields."
    assert "customer_data.customer_key, customer_data.spaces.0.name" in error.message
    assert error.fields == {
        "": ("Too many things",),
        "customer_data.customer_key": ("Required", "not ••••••••"),
        "customer_data.spaces.0.name": ("Expected string",),
    }
    assert error.error_type == "invalid_input"
    assert error.seam_request_id == REQUEST_ID
    assert error.status == 400
    assert not error.outcome_unknown


@pytest.mark.parametrize(
    "reply",
    [
        answer(status=401, headers=WITH_ID),
        json_answer(error_answer(), status=503, headers=WITH_ID),
        answer(HTML, headers=WITH_ID),
        without("expires_at"),
        answer(status=307, headers=WITH_ID),
        raw_then_close(
            b"HTTP/1.1 200 OK\r\nseam-request-id: request-not-real-1\r\ncontent-length: 9\r\n\r\n"
        ),
    ],
)
async def test_keeps_the_request_id(reply, server, gateway):
    server.reply(reply)
    error = await failure_of(gateway.create_portal(REQUEST))
    assert error.seam_request_id == REQUEST_ID
    assert REQUEST_ID in error.details()


async def test_token_is_called_a_token(server):
    server.reply(answer(status=401))
    gateway = HttpSeamGateway(server.url, token_credential, LIMITS)
    error = await failure_of(gateway.get_workspace())
    assert error.title == "Seam did not accept the personal access token."
    assert "id of a workspace" in error.message
    await gateway.aclose()


async def test_retry_after_as_a_date(server, gateway):
    when = datetime.now(UTC) + timedelta(minutes=5)
    server.reply(answer(status=429, headers={"retry-after": format_datetime(when, usegmt=True)}))
    error = await failure_of(gateway.get_workspace())
    assert "Wait 5 minutes, then try again." in error.message
    assert len(server.requests) == 1, "waiting that long is the user's decision"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_repeats_a_read_while_seam_is_busy(status, server, gateway):
    server.reply(
        answer(status=status, headers={"retry-after": "0"}),
        answer(status=status),
        json_answer(workspace_answer()),
    )
    assert (await gateway.get_workspace()).name == "Acme Stays"
    assert len(server.requests) == 3


async def test_repeats_a_read_only_so_often(server, gateway):
    server.default = answer(status=503)
    error = await failure_of(gateway.list_client_sessions())
    assert isinstance(error, ServiceError)
    assert error.can_retry
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_never_repeats_a_creation(status, server, gateway):
    server.reply(answer(status=status, headers={"retry-after": "0"}))
    await failure_of(gateway.create_portal(REQUEST))
    assert len(server.requests) == 1


async def test_no_answer_in_time(server):
    server.reply(stall)
    gateway = HttpSeamGateway(server.url, api_key_credential, Limits(read=0.2))
    error = await failure_of(gateway.create_portal(REQUEST))
    assert isinstance(error, NetworkError)
    assert error.title == "Seam took too long to answer."
    assert error.outcome_unknown
    assert not error.can_retry
    await gateway.aclose()


async def test_answer_that_trickles_beyond_the_overall_limit(server):
    def trickle(exchange):
        exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        while not exchange.wait_for_release(0.02):
            exchange.send(b" ")

    server.reply(trickle)
    gateway = HttpSeamGateway(server.url, api_key_credential, Limits(read=5, overall=0.5))
    error = await failure_of(gateway.create_portal(REQUEST))
    assert error.title == "Seam took too long to answer."
    assert error.outcome_unknown
    await gateway.aclose()


async def test_slow_headers_beyond_the_limit(server):
    def slow_headers(exchange):
        exchange.send(b"HTTP/1.1 200 OK\r\n")
        while not exchange.wait_for_release(0.02):
            exchange.send(b"x-padding: 1\r\n")

    server.reply(slow_headers)
    gateway = HttpSeamGateway(server.url, api_key_credential, Limits(read=5, overall=0.5))
    error = await failure_of(gateway.create_portal(REQUEST))
    assert error.title == "Seam took too long to answer."
    assert error.outcome_unknown
    await gateway.aclose()


async def test_cancelling_closes_the_connection(server, gateway):
    server.reply(stall_until_disconnect)
    task = asyncio.create_task(gateway.create_portal(REQUEST))
    assert await asyncio.to_thread(server.received.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.disconnected.wait, 10)


async def test_closing_ends_a_call_in_flight(server, gateway):
    server.reply(stall_until_disconnect)
    task = asyncio.create_task(failure_of(gateway.create_portal(REQUEST)))
    assert await asyncio.to_thread(server.received.wait, 10)
    await gateway.aclose()
    await gateway.aclose()
    assert (await task).outcome_unknown
    error = await failure_of(gateway.get_workspace())
    assert error.title == "The workspace was closed."


async def test_refused_connection():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = await failure_from(f"http://127.0.0.1:{port}")
    assert error.title == f"127.0.0.1:{port} refused the connection."


async def test_name_not_found(monkeypatch):
    def getaddrinfo(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    error = await failure_from("https://seam.invalid")
    assert error.title == "The name seam.invalid was not found."


async def test_no_network(monkeypatch):
    async def create_connection(*_args, **_kwargs):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", create_connection)
    error = await failure_from("https://192.0.2.1")
    assert error.title == "This computer has no network connection."


async def test_connecting_takes_too_long(monkeypatch):
    async def create_connection(*_args, **_kwargs):
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", create_connection)
    error = await failure_from("https://192.0.2.1", Limits(connect=0.1))
    assert error.title == "192.0.2.1 can't be reached."


def test_making_a_gateway_imports_no_http_library():
    script = """
import sys
from seam_portal_desktop.adapters.seam_gateway import create_gateway
from tests.support.seam_answers import api_key_credential
create_gateway("https://seam.invalid", api_key_credential)
print(sorted({"httpx", "httpcore", "anyio", "truststore"} & set(sys.modules)))
"""
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert run.stdout.strip() == "[]"


async def test_credential_that_no_header_can_carry():
    from seam_portal_desktop.domain.credential import Credential, CredentialKind
    from seam_portal_desktop.domain.secret import Secret

    for text in ("seam_not\nreal", "seam_nöt_real"):
        gateway = HttpSeamGateway(
            "https://seam.invalid", Credential(CredentialKind.API_KEY, Secret(text))
        )
        error = await failure_of(gateway.get_workspace())
        assert isinstance(error, UnauthorizedError)
        assert text not in "".join(everything_in(error))


async def test_a_refused_body_leaves_no_unfinished_generator(server, gateway):
    # Qt's event loop, unlike asyncio's own, never finishes them: they would end as warnings.
    begun = []
    before = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(firstiter=begun.append)
    try:
        server.reply(endless())
        await failure_of(gateway.create_portal(REQUEST))
    finally:
        sys.set_asyncgen_hooks(*before)
    assert begun
    assert [generator for generator in begun if generator.ag_frame is not None] == []


async def failure_from(endpoint: str, limits: Limits = LIMITS) -> SeamError:
    """A creation that can't have had an effect."""
    gateway = HttpSeamGateway(endpoint, api_key_credential, limits)
    error = await failure_of(gateway.create_portal(REQUEST))
    await gateway.aclose()
    assert isinstance(error, NetworkError)
    assert not error.outcome_unknown
    assert error.can_retry
    assert_no_secret(error)
    return error


def everything_in(error: BaseException | None) -> list[str]:
    """Whatever a log or a crash report could print of an exception and what led to it."""
    if error is None:
        return []
    texts = [repr(error), str(error), repr(error.args), repr(vars(error))]
    return texts + everything_in(error.__cause__) + everything_in(error.__context__)


def assert_no_secret(error: SeamError) -> None:
    assert error.__cause__ is None
    assert error.__context__ is None
    texts = "".join([*everything_in(error), error.details()])
    for secret in (API_KEY, PORTAL_URL, "seam_cst", "authorization", "Bearer", "javascript:"):
        assert secret not in texts
