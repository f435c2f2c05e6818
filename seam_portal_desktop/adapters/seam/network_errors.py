"""Turns failures of the network into errors for the user.

httpx's errors hold the request and its headers. So only the names of their classes are kept, and
they never become the cause or context of an error for the user.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Sequence

import httpx

from seam_portal_desktop.adapters.network.http_client import causes, find_cause
from seam_portal_desktop.adapters.seam.call import TRY_AGAIN, Call
from seam_portal_desktop.domain.errors import NetworkError
from seam_portal_desktop.texts import _

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}

# OpenSSL's X509_V_ERR_…: not yet valid, expired, and the name not matching.
_NOT_IN_DATE = {9, 10}
_WRONG_NAME = {62, 64}


def unreachable(
    call: Call, error: Exception, *, sent: bool, proxy: str | None = None
) -> NetworkError:
    """The error for `error` of httpx.

    ``sent`` means that the whole request may have left. ``proxy`` is the host of the proxy that
    was connected to instead of Seam.
    """
    if isinstance(error, httpx.ProxyError):
        return _proxy(call, error)
    if isinstance(error, httpx.PoolTimeout):
        return _busy(call)
    if not sent and proxy and find_cause(error, ssl.SSLError) is None:
        return _network(
            call,
            _("The proxy {proxy} can't be reached.").format(proxy=proxy),
            _(
                "This computer's settings send calls through it. Ask whoever runs the network, or "
                "change the proxy settings."
            ),
            error,
            sent=False,
        )
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return _slow(call, sent=sent)
    if not sent:
        return _not_connected(call, error)
    return _network(
        call,
        _("The connection to {host} broke.").format(host=call.host),
        _("It ended before Seam answered. Check the network."),
        error,
        sent=True,
    )


def add_ignored_settings(error: NetworkError, ignored: Sequence[str]) -> None:
    """Name the proxy settings that are not used: the call may have needed them."""
    note = _("These proxy settings can't be used and were left out: {ignored}.").format(
        ignored=", ".join(ignored)
    )
    error.message = f"{error.message} {note}"


def closed(call: Call) -> NetworkError:
    """The error for a closed gateway, e.g. after a switch to another workspace."""
    return call.fail(
        NetworkError,
        _("The workspace was closed."),
        _("The call was not made, because this workspace is no longer the current one."),
        reached=False,
    )


def _network(
    call: Call, title: str, message: str, error: BaseException, *, sent: bool
) -> NetworkError:
    return call.fail(
        NetworkError, title, message, reached=sent, retry=TRY_AGAIN, technical=_kinds(error)
    )


def _not_connected(call: Call, error: Exception) -> NetworkError:
    if (certificate := find_cause(error, ssl.SSLCertVerificationError)) is not None:
        return _untrusted(call, certificate)
    if (handshake := find_cause(error, ssl.SSLError)) is not None:
        return _network(
            call,
            _("No secure connection to {host} could be made.").format(host=call.host),
            _(
                "What answered there doesn't speak TLS as Seam does. A proxy or firewall may be in "
                "between: ask whoever runs the network, or try another one."
            ),
            handshake,
            sent=False,
        )
    if (lookup := find_cause(error, socket.gaierror)) is not None:
        return _network(
            call,
            _("The name {host} was not found.").format(host=call.host),
            _(
                "This computer may be offline, or the endpoint of the workspace mistyped. Check "
                "both."
            ),
            lookup,
            sent=False,
        )
    if (refusal := find_cause(error, ConnectionRefusedError)) is not None:
        return _network(
            call,
            _("{host} refused the connection.").format(host=call.host),
            _(
                "Nothing listens there, or a firewall forbids it. Check the endpoint of the "
                "workspace and the network."
            ),
            refusal,
            sent=False,
        )
    if any(isinstance(e, OSError) and e.errno in _UNREACHABLE for e in causes(error)):
        return _network(
            call,
            _("This computer has no network connection."),
            _("There is no way to {host} from here. Connect to a network.").format(host=call.host),
            error,
            sent=False,
        )
    return _network(
        call,
        _("No connection to {host} could be made.").format(host=call.host),
        _("It broke off before anything was sent. Check the network."),
        error,
        sent=False,
    )


def _untrusted(call: Call, error: ssl.SSLCertVerificationError) -> NetworkError:
    code = getattr(error, "verify_code", None)
    if code in _NOT_IN_DATE:
        why = _(
            "Its certificate has expired or is not valid yet. Check the date and time of this "
            "computer."
        )
    elif code in _WRONG_NAME:
        why = _(
            "Its certificate belongs to another name, so something else may be answering in its "
            "place. Try another network, or check the endpoint of the workspace."
        )
    else:
        why = _(
            "Its certificate comes from an issuer that this computer doesn't trust. If your "
            "company inspects traffic, ask IT to add the company's certificate to the system's "
            "store. Otherwise try another network."
        )
    return call.fail(
        NetworkError,
        _("The identity of {host} could not be verified.").format(host=call.host),
        _("Nothing was sent. {why}").format(why=why),
        reached=False,
        retry=TRY_AGAIN,
        technical=f"{_kinds(error)} (verify code {code})",
    )


def _proxy(call: Call, error: httpx.ProxyError) -> NetworkError:
    # httpx gives the proxy's status line as the text, such as "407 Proxy Authentication Required".
    # Of a SOCKS proxy it says which way to sign in it was refused.
    status = str(error)[:3]
    if str(error).startswith(("407", "Requested ", "Invalid username")):
        return call.fail(
            NetworkError,
            _("The proxy wants a user name and a password."),
            _(
                "This network lets nobody out without them. Ask whoever runs it how a program "
                "signs in, and set it in the system's proxy settings or the variable HTTPS_PROXY."
            ),
            reached=False,
            retry=TRY_AGAIN,
            technical="ProxyError 407" if status == "407" else "ProxyError, SOCKS",
        )
    return call.fail(
        NetworkError,
        _("The proxy did not connect to {host}.").format(host=call.host),
        _(
            "This computer's settings send calls through a proxy, and it refused or failed. Ask "
            "whoever runs the network, or change the proxy settings."
        ),
        reached=False,
        retry=TRY_AGAIN,
        technical=f"ProxyError {status}" if status.isdigit() else "ProxyError",
    )


def _busy(call: Call) -> NetworkError:
    return call.fail(
        NetworkError,
        _("Too many calls are waiting already."),
        _("This call was not made. Wait until the others are done."),
        reached=False,
        retry=TRY_AGAIN,
        technical="PoolTimeout",
    )


def _slow(call: Call, *, sent: bool) -> NetworkError:
    if sent:
        title, why = _("Seam took too long to answer."), _("The request left, and no answer came. ")
    else:
        title, why = (
            _("{host} can't be reached.").format(host=call.host),
            _("No connection came about in time. "),
        )
    return call.fail(
        NetworkError,
        title,
        _("{why}Check the network.").format(why=why),
        reached=sent,
        retry=TRY_AGAIN,
        technical="timeout while waiting" if sent else "timeout while connecting",
    )


def incomplete(call: Call) -> NetworkError:
    """The error for an answer that began and did not end in time."""
    return call.fail(
        NetworkError,
        _("Seam took too long to answer."),
        _("Its answer began, and did not arrive completely in time. Check the network."),
        reached=True,
        retry=TRY_AGAIN,
        technical="timeout during the answer",
    )


def _kinds(error: BaseException) -> str:
    """The names of the classes that led to `error`. Their texts may quote headers."""
    relevant = (e for e in causes(error) if isinstance(e, httpx.HTTPError | OSError))
    return " < ".join(dict.fromkeys(type(each).__name__ for each in relevant))
