"""Each failure of a call has an error of its own, with whether a link may exist."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.seam.gateway import HttpSeamGateway
from seam_portal_desktop.domain.errors import (
    InvalidRequestError,
    RateLimitedError,
    ServiceError,
    UnauthorizedError,
)
from tests.support.gateway_failures import (
    CASES,
    HTML,
    LIMITS,
    REQUEST,
    WITH_ID,
    assert_no_secret,
    everything_in,
    failure_of,
    without,
)
from tests.support.http_server import (
    answer,
    json_answer,
    raw_then_close,
    reset,
)
from tests.support.seam_answers import (
    API_KEY,
    PORTAL_URL,
    REQUEST_ID,
    error_answer,
    portal_answer,
    token_credential,
    workspace_answer,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_failed_creation(case, server, gateway):
    server.reply(case.reply)
    error = await failure_of(gateway.create_portal(REQUEST))
    assert type(error) is case.kind
    assert error.title == case.title.replace("HOST", f"127.0.0.1:{server.port}")
    assert case.message_part in error.message
    assert error.outcome_unknown is case.outcome_unknown
    assert ("may exist all the same" in error.message) is case.outcome_unknown
    assert error.can_retry is case.can_retry
    assert len(server.requests) == 1, "creating is never repeated by itself"
    assert_no_secret(error)


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_failed_read_has_no_unknown_outcome(case, server, gateway):
    server.reply(*[case.reply] * 3)
    error = await failure_of(gateway.get_workspace())
    assert not error.outcome_unknown
    assert "may exist" not in error.message
    assert_no_secret(error)


def test_different_conditions_have_different_titles():
    shared = [
        {"401 with JSON", "401 with nothing"},
        {"408 of Seam", "499 of a proxy"},
        {"429 with seconds", "429 without a time"},
        {"HTML 200", "HTML that calls itself JSON"},
        {"JSON that ends early", "body shorter than promised", "empty body"},
        {"no url", "url that is no web address", "time without a zone"},
        {"100 MB announced", "endless body", "unpacks to 80 MB"},
        {case.name for case in CASES if case.name.startswith("packed as ")}
        | {"not JSON", "damaged gzip"},
        {"reset after the request", "closed without an answer", "no HTTP"},
    ]
    by_title: dict[str, set[str]] = {}
    for case in CASES:
        by_title.setdefault(case.title, set()).add(case.name)
    found = [names for names in by_title.values() if len(names) > 1]
    assert sorted(map(sorted, found)) == sorted(map(sorted, shared))


async def test_only_a_status_that_means_refused_says_that_there_is_no_link(server, gateway):
    statuses = [*range(400, 427), 428, 429, 430, 431, 440, 444, 449, 451, 460, 494, 499]
    statuses += [*range(500, 512), *range(520, 531), 561, 598, 599]
    unknown = set()
    for status in statuses:
        server.reply(answer(status=status))
        if (await failure_of(gateway.create_portal(REQUEST))).outcome_unknown:
            unknown.add(status)
    refusals = {*range(400, 406), 407, *range(409, 416), 417, 421, 422, 423, 425, 426, 428, 429}
    assert set(statuses) - unknown == refusals | {431, 451}
    assert len(server.requests) == len(statuses)


@pytest.mark.parametrize(("status", "is_unknown"), [(400, False), (503, True)])
async def test_an_endless_error_is_told_by_its_status(server, gateway, status, is_unknown):
    def endless_error(exchange):
        exchange.send(f"HTTP/1.1 {status} No\r\ncontent-type: text/html\r\n\r\n".encode())
        while True:
            exchange.send(b" " * 65536)

    server.reply(endless_error)
    error = await failure_of(gateway.create_portal(REQUEST))
    assert error.status == status
    assert error.outcome_unknown is is_unknown


async def test_thousands_of_refused_fields_are_cut(server, gateway):
    nested = {f"field_{number}": {"_errors": ["No"]} for number in range(5000)}
    server.reply(json_answer(error_answer("invalid_input", "Many", nested), status=400))
    error = await failure_of(gateway.create_portal(REQUEST))
    assert len(error.fields) == 100


@pytest.mark.parametrize("field", ["customer_key", "workspace_id"])
@pytest.mark.parametrize("value", [None, "", "missing"])
async def test_a_link_that_names_nobody_is_still_a_link(server, gateway, field, value):
    payload = portal_answer(**{field: value})
    if value == "missing":
        del payload["customer_portal"][field]
    server.reply(json_answer(payload))
    created = await gateway.create_portal(REQUEST)
    assert created.customer_portal.url.reveal() == PORTAL_URL
    assert getattr(created.customer_portal, field) is None


async def test_the_gateway_works_after_a_failure(server, gateway):
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


async def test_retry_after_with_a_date_of_no_time_zone_that_exists(server, gateway):
    when = "Mon, 01 Jan 2024 00:00:00 +99999999999999"
    server.default = answer(status=429, headers={"retry-after": when})
    error = await failure_of(gateway.get_workspace())
    assert isinstance(error, RateLimitedError)
    assert "Wait a minute, then try again." in error.message


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_repeats_a_read_while_seam_is_busy(status, server, gateway):
    server.reply(
        answer(status=status, headers={"retry-after": "0"}),
        answer(status=status),
        json_answer(workspace_answer()),
    )
    assert (await gateway.get_workspace()).name == "Acme Stays"
    assert len(server.requests) == 3


async def test_a_read_is_repeated_twice_at_most(server, gateway):
    server.default = answer(status=503)
    error = await failure_of(gateway.list_client_sessions())
    assert isinstance(error, ServiceError)
    assert error.can_retry
    assert len(server.requests) == 3


async def test_an_answer_with_a_long_wait_is_read(server, gateway):
    busy = error_answer("busy", "Come back later")
    server.reply(json_answer(busy, status=503, headers={"retry-after": "60"}))
    error = await failure_of(gateway.get_workspace())
    assert "Seam says: Come back later." in error.message
    assert "Try again in 60 seconds." in error.message
    assert error.error_type == "busy"
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_never_repeats_a_creation(status, server, gateway):
    server.reply(answer(status=status, headers={"retry-after": "0"}))
    await failure_of(gateway.create_portal(REQUEST))
    assert len(server.requests) == 1


def test_making_a_gateway_imports_no_http_library():
    script = """
import sys
from seam_portal_desktop.adapters.seam.gateway import create_gateway
from tests.support.seam_answers import api_key_credential
create_gateway("https://seam.invalid", api_key_credential)
print(sorted({"httpx", "httpcore", "anyio", "truststore"} & set(sys.modules)))
"""
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
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
