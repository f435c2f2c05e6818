"""Why there is no connection to a mail server, in words.

The errors of sockets and TLS may quote names, so only the names of their classes are kept.
"""

from __future__ import annotations

import errno
import socket
import ssl

from seam_portal_desktop.adapters.mail.answers import Phase
from seam_portal_desktop.adapters.network.http_client import causes, find_cause
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.sender import MailAccount, Security
from seam_portal_desktop.texts import _

TLS_PORT = 465
_RELAY_PORT = 25

# OpenSSL's X509_V_ERR_…, which Linux has, Windows' CERT_E_… and macOS' errSec…
_NOT_YET_VALID = {9, -67819}
_EXPIRED = {10, 0x800B0101, -67818}
_WRONG_NAME = {62, 64, 0x800B010F, -67602}
_SELF_SIGNED = {18}

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}


class SignInLostError(MailError):
    """The connection ended while the program signed in. The server may have refused it."""


def not_connected(account: MailAccount, phase: Phase, error: BaseException) -> MailError:
    """The error for a failure before the server took the connection. Nothing was sent then."""
    if (certificate := find_cause(error, ssl.SSLCertVerificationError)) is not None:
        return _untrusted(account, certificate)
    if find_cause(error, ssl.SSLError) is not None:
        return _error(
            error,
            phase,
            MailTrouble.ACCOUNT,
            _("No secure connection to {host} could be made").format(host=account.host),
            _no_tls_advice(account),
        )
    return _unreachable(account, phase, error)


def _unreachable(account: MailAccount, phase: Phase, error: BaseException) -> MailError:
    host = account.host
    if find_cause(error, socket.gaierror) is not None:
        return _error(
            error,
            phase,
            MailTrouble.NETWORK,
            _("The mail server {host} was not found").format(host=host),
            _(
                "This computer may be offline, or the server’s name mistyped in the sender’s "
                "settings. Nothing was sent."
            ),
        )
    if _has_errno(error, {errno.ECONNREFUSED}) or find_cause(error, ConnectionRefusedError):
        return _error(
            error,
            phase,
            MailTrouble.NETWORK,
            _("{host} refused the connection").format(host=host),
            _(
                "No mail server listens on port {port} there, or a firewall forbids it. Check the "
                "port in the sender’s settings. Nothing was sent."
            ).format(port=account.port),
        )
    if _has_errno(error, _UNREACHABLE):
        return _error(
            error,
            phase,
            MailTrouble.NETWORK,
            _("This computer has no network connection to the mail server"),
            _("There is no way to {host} from here. Connect to a network.").format(host=host),
        )
    if find_cause(error, TimeoutError) is not None:
        return _no_answer(account, phase, error)
    return _broken(account, phase, error)


def lost(account: MailAccount, phase: Phase, error: BaseException) -> MailError:
    """The error for a connection that ended, or an answer that didn't come in time, before the
    message's first byte left."""
    if phase in (Phase.CONNECT, Phase.EHLO, Phase.STARTTLS):
        return not_connected(account, phase, error)
    if find_cause(error, TimeoutError) is not None:
        title = _("The mail server took too long to answer")
    else:
        title = _("The connection to the mail server broke")
    return _error(
        error,
        phase,
        MailTrouble.NETWORK,
        title,
        _("The message hadn’t left yet, and is tried again. Check the network."),
        kind=SignInLostError if phase is Phase.SIGN_IN else MailError,
    )


def lost_in_sign_in() -> MailError:
    """The error for a server that hangs up at each sign-in instead of answering."""
    return MailError(
        _("The mail server hangs up when the program signs in"),
        _(
            "It may not accept the user name and the password. Check both in the sender’s "
            "settings. The program doesn’t try again by itself: that could lock the account."
        ),
        technical=f"{Phase.SIGN_IN}: connection lost twice",
        can_retry=True,
        trouble=MailTrouble.ACCOUNT,
    )


def maybe_out(error: BaseException) -> MailError:
    """The error for an answer that was lost after the message's first byte had left."""
    is_late = find_cause(error, TimeoutError) is not None
    return MailError(
        _("The message may have been sent"),
        _(
            "The mail server had the message and didn’t answer in time. Ask the recipient, or look "
            "into the account’s sent mail, before you send it again."
        )
        if is_late
        else _(
            "The connection broke before the mail server had answered. Ask the recipient, or look "
            "into the account’s sent mail, before you send it again."
        ),
        technical=f"{Phase.BODY}: {_kinds(error)}",
        outcome_unknown=True,
        trouble=MailTrouble.NETWORK,
        is_maybe_out=True,
    )


def _untrusted(account: MailAccount, error: ssl.SSLCertVerificationError) -> MailError:
    code = getattr(error, "verify_code", None)
    if code in _EXPIRED:
        why = _(
            "Its certificate has expired. Check the date of this computer; if it is right, whoever "
            "runs the mail server has to renew the certificate. Nothing was sent."
        )
    elif code in _NOT_YET_VALID:
        why = _(
            "Its certificate is not valid yet. Check the date and time of this computer. Nothing "
            "was sent."
        )
    elif code in _WRONG_NAME:
        why = _(
            "Its certificate belongs to another name, so something else may be answering in its "
            "place. Check the server’s name in the sender’s settings, or try another network. "
            "Nothing was sent."
        )
    elif code in _SELF_SIGNED:
        why = _(
            "It signed its certificate itself, so nobody vouches for it. Ask whoever runs the mail "
            "server for the authority’s certificate, and have IT add it to the system’s store. "
            "Nothing was sent."
        )
    else:
        why = _(
            "Its certificate comes from an issuer that this computer doesn’t trust. If your "
            "company inspects traffic, ask IT to add the company’s certificate to the system’s "
            "store. Nothing was sent."
        )
    return MailError(
        _("The identity of {host} could not be verified").format(host=account.host),
        why,
        technical=f"{_kinds(error)} (verify code {code})",
        can_retry=True,
        trouble=MailTrouble.ACCOUNT,
    )


def _no_tls_advice(account: MailAccount) -> str:
    if account.security is Security.TLS and account.port != TLS_PORT:
        return _(
            "Port {port} of the server may be one for STARTTLS. Choose STARTTLS in the sender’s "
            "settings, or TLS with port 465. Nothing was sent."
        ).format(port=account.port)
    return _(
        "What answered there doesn’t encrypt as a mail server does. A firewall or a virus scanner "
        "may be in between: ask whoever runs the network. Nothing was sent."
    )


def _no_answer(account: MailAccount, phase: Phase, error: BaseException) -> MailError:
    if account.port == TLS_PORT and account.security is not Security.TLS:
        return _error(
            error,
            phase,
            MailTrouble.ACCOUNT,
            _("The mail server said nothing"),
            _("Port 465 is one for TLS. Choose TLS in the sender’s settings. Nothing was sent."),
        )
    if account.port == _RELAY_PORT:
        why = _(
            "Many networks block port 25. Use port 587 with STARTTLS or port 465 with TLS in the "
            "sender’s settings. Nothing was sent."
        )
    else:
        why = _(
            "The network may block port {port}, or the server be down. Mail doesn’t go through the "
            "proxies of this computer: ask whoever runs the network whether mail servers may be "
            "reached. Nothing was sent."
        ).format(port=account.port)
    return _error(
        error,
        phase,
        MailTrouble.NETWORK,
        _("The mail server {host} doesn’t answer").format(host=account.host),
        why,
    )


def _broken(account: MailAccount, phase: Phase, error: BaseException) -> MailError:
    if account.port == TLS_PORT and account.security is not Security.TLS:
        return _no_answer(account, phase, error)
    return _error(
        error,
        phase,
        MailTrouble.NETWORK,
        _("The mail server {host} ended the connection").format(host=account.host),
        _("It did so before anything was sent. Check the port in the sender’s settings."),
    )


def _error(
    error: BaseException,
    phase: Phase,
    trouble: MailTrouble,
    title: str,
    message: str,
    *,
    kind: type[MailError] = MailError,
) -> MailError:
    return kind(
        title, message, technical=f"{phase}: {_kinds(error)}", can_retry=True, trouble=trouble
    )


def _has_errno(error: BaseException, numbers: set[int]) -> bool:
    """Whether a cause has one of the numbers. asyncio gives several attempts as one text."""
    return any(
        isinstance(each, OSError)
        and (each.errno in numbers or any(f"[Errno {one}]" in str(each) for one in numbers))
        for each in causes(error)
    )


def _kinds(error: BaseException) -> str:
    return " < ".join(dict.fromkeys(type(each).__name__ for each in causes(error)))
