"""Failures of calls to Seam, and what they have in common."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

import pytest

from seam_portal_desktop.adapters.seam.gateway import HttpSeamGateway
from seam_portal_desktop.adapters.seam.transport import Limits
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
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from tests.support.http_server import Reply, answer, endless, json_answer, raw_then_close, reset
from tests.support.seam_answers import (
    API_KEY,
    PORTAL_URL,
    REQUEST_ID,
    api_key_credential,
    error_answer,
    portal_answer,
)

REQUEST = PortalRequest(customer_data=CustomerData(customer_key="harbor-hotel"))
LIMITS = Limits(connect=5, read=5, overall=15, backoff=0.01)
HTML = b"<!doctype html><title>Sign in to the Wi-Fi</title>"
PACKED_TWICE = gzip.compress(gzip.compress(bytes(80_000_000)))
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
    message_part: str = ""

    def __str__(self) -> str:
        return self.name


CASES = [
    Case(
        "400 without fields",
        json_answer(error_answer(message="No such locale"), status=400),
        InvalidRequestError,
        "Seam refused the request.",
        outcome_unknown=False,
        message_part="Seam says: No such locale.",
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
        message_part="Seam says: Not in this plan.",
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
        message_part="Customization profile not found",
    ),
    Case(
        "404 of another service",
        html(404),
        NotFoundError,
        "Seam's API is not at HOST.",
        outcome_unknown=False,
        message_part="Check the endpoint",
    ),
    Case(
        "409",
        json_answer(error_answer("conflict"), status=409),
        ConflictError,
        "The request clashes with something that Seam has already.",
        outcome_unknown=False,
    ),
    Case(
        "413",
        answer(status=413),
        SeamError,
        "Seam refused the call.",
        outcome_unknown=False,
    ),
    Case(
        "408 of Seam",
        json_answer(error_answer("request_timeout", "Too slow"), status=408),
        ServiceError,
        "The call was given up before Seam answered.",
        outcome_unknown=True,
        message_part="Seam says: Too slow.",
    ),
    Case(
        "499 of a proxy",
        html(499),
        ServiceError,
        "The call was given up before Seam answered.",
        outcome_unknown=True,
    ),
    Case(
        "418",
        answer(status=418),
        UnexpectedAnswerError,
        "Seam's answer has a status that this program doesn't know.",
        outcome_unknown=True,
        message_part="HTTP 418",
    ),
    Case(
        "429 with seconds",
        json_answer(error_answer(), status=429, headers={"retry-after": "30"}),
        RateLimitedError,
        "Seam gets too many calls from this workspace.",
        outcome_unknown=False,
        can_retry=True,
        message_part="Wait 30 seconds, then try again.",
    ),
    Case(
        "429 without a time",
        answer(status=429),
        RateLimitedError,
        "Seam gets too many calls from this workspace.",
        outcome_unknown=False,
        can_retry=True,
        message_part="Wait a minute, then try again.",
    ),
    Case(
        "500",
        json_answer(error_answer("internal_error", "Boom"), status=500),
        ServiceError,
        "Seam itself failed.",
        outcome_unknown=True,
        message_part="Seam says: Boom.",
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
        message_part="customer_portal.url",
    ),
    Case(
        "url that is no web address",
        json_answer(portal_answer(url="javascript:alert(1)")),
        UnexpectedAnswerError,
        "Seam's answer lacks something.",
        outcome_unknown=True,
        message_part="customer_portal.url",
    ),
    Case(
        "time without a zone",
        json_answer(portal_answer(expires_at="2025-11-19T09:14:00")),
        UnexpectedAnswerError,
        "Seam's answer lacks something.",
        outcome_unknown=True,
        message_part="customer_portal.expires_at",
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
        "unpacks to 80 MB",
        answer(gzip.compress(bytes(80_000_000)), headers={"content-encoding": "gzip"}),
        UnexpectedAnswerError,
        "Seam's answer is far too large.",
        outcome_unknown=True,
    ),
    *(
        Case(
            f"packed as {encoding}",
            answer(PACKED_TWICE, headers={"content-encoding": encoding}),
            UnexpectedAnswerError,
            "Seam's answer can't be read.",
            outcome_unknown=True,
        )
        for encoding in ("gzip, gzip", "gzip,gzip,gzip", "br", "zstd", "deflate", "x")
    ),
    Case(
        "damaged gzip",
        answer(b"{}", headers={"content-encoding": "gzip"}),
        UnexpectedAnswerError,
        "Seam's answer can't be read.",
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


async def failure_of(call) -> SeamError:
    with pytest.raises(SeamError) as caught:
        await call
    return caught.value


async def failure_from(endpoint: str, limits: Limits = LIMITS) -> SeamError:
    """The error of a creation that had no effect."""
    gateway = HttpSeamGateway(endpoint, api_key_credential, limits)
    error = await failure_of(gateway.create_portal(REQUEST))
    await gateway.aclose()
    assert isinstance(error, NetworkError)
    assert not error.outcome_unknown
    assert error.can_retry
    assert_no_secret(error)
    return error


def everything_in(error: BaseException | None) -> list[str]:
    """All that a log could print of an exception and its causes."""
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
