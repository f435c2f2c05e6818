"""Why a page could not be shown, by HTTP status or the web engine's error number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from seam_portal_desktop.texts import _


class FailureKind(StrEnum):
    """The ways in which a preview ends without a page."""

    LINK_DEAD = "link_dead"
    HTTP = "http"
    OFFLINE = "offline"
    NAME = "name"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    CONNECTION = "connection"
    TLS = "tls"
    SIGN_IN = "sign_in"
    PROXY_SIGN_IN = "proxy_sign_in"
    LOCAL = "local"
    BLOCKED = "blocked"
    NOT_A_PAGE = "not_a_page"
    STOPPED = "stopped"
    CRASHED = "crashed"
    FLOODED = "flooded"
    NOISY = "noisy"
    LOOP = "loop"
    TOO_MUCH = "too_much"
    MEMORY = "memory"
    PROGRAM_MEMORY = "program_memory"
    UNRESPONSIVE = "unresponsive"
    FRAMING = "framing"
    NOT_IN_FRAME = "not_in_frame"


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """`detail` is a short technical line fit for showing: a status, a code, a reason, a host."""

    kind: FailureKind
    detail: str = ""


_DEAD_LINK_STATUS = frozenset({401, 403, 410})

# Chromium's own numbers (net/base/net_error_list.h); Qt and the previews' proxy use them.
_NET_ERRORS: dict[int, FailureKind] = {
    -106: FailureKind.OFFLINE,
    -21: FailureKind.OFFLINE,
    -109: FailureKind.OFFLINE,
    -105: FailureKind.NAME,
    -137: FailureKind.NAME,
    -102: FailureKind.REFUSED,
    -312: FailureKind.REFUSED,
    -7: FailureKind.TIMED_OUT,
    -118: FailureKind.TIMED_OUT,
    -127: FailureKind.PROXY_SIGN_IN,
    -375: FailureKind.SIGN_IN,
    -384: FailureKind.LOCAL,
    -20: FailureKind.BLOCKED,
    -27: FailureKind.BLOCKED,
    -310: FailureKind.LOOP,
}

_TLS_HANDSHAKE_ERRORS = frozenset({-107, -110, -113, -117, -123, -129, -134, -135, -141, -153})
_CERTIFICATE_ERRORS = range(-299, -199)


def classify_http(status: int, *, at_home: bool) -> LoadFailure:
    """The failure that an HTTP status of 400 or more means.

    `at_home`: the portal's own host answered. Only then does "no longer allowed" mean that the
    link itself is dead.
    """
    if at_home and status in _DEAD_LINK_STATUS:
        return LoadFailure(FailureKind.LINK_DEAD, describe_status(status))
    return LoadFailure(FailureKind.HTTP, describe_status(status))


def classify_net_error(code: int) -> LoadFailure:
    """The failure behind one of Chromium's net error numbers (negative)."""
    kind = _NET_ERRORS.get(code)
    if kind is None:
        is_tls = code in _TLS_HANDSHAKE_ERRORS or code in _CERTIFICATE_ERRORS
        kind = FailureKind.TLS if is_tls else FailureKind.CONNECTION
    return LoadFailure(kind, _("Network error {code}").format(code=-code))


def describe_status(status: int) -> str:
    try:
        return _("HTTP {status}, {phrase}").format(status=status, phrase=HTTPStatus(status).phrase)
    except ValueError:
        return f"HTTP {status}"
