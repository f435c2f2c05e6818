"""What goes wrong when signing in at a provider, in words. None quotes a token or an address."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping
from typing import Any

from seam_portal_desktop.adapters.network.http_client import causes, find_cause
from seam_portal_desktop.domain.message.oauth import OAuthProvider, SignInEndedError
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.texts import _

_LONGEST_ANSWER = 500
_ERROR_CODE = re.compile(r"[a-z_]{1,40}")
_WANTS_CONSENT = re.compile(r"AADSTS(65001|90094|900941|90095)|consent", re.IGNORECASE)
_SETUP = frozenset(
    {"invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}
)
_ENDED = frozenset({"invalid_grant", "interaction_required", "login_required"})
_BUSY_SECONDS = 60.0


class ProviderUnreachableError(MailError):
    """The provider gave no answer, or one that doesn't count. It can be asked again."""


def refused(provider: OAuthProvider, answer: Mapping[str, Any]) -> MailError:
    """The error for an answer with an ``error``."""
    code = answer.get("error")
    code = code if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else "error"
    description = answer.get("error_description")
    description = description if isinstance(description, str) else ""
    if code == "expired_token":
        return code_expired()
    if code in ("access_denied", "authorization_declined"):
        title = _("The sign-in was declined")
        message = _("Start again, and allow this program to send mail when {provider} asks.")
    elif _WANTS_CONSENT.search(description):
        title = _("Your organisation has to allow this program first")
        message = _(
            "{provider} lets an administrator decide which programs may send mail. Ask yours to "
            "grant consent to the program with this client ID."
        )
    elif code in _SETUP:
        title = _("{provider} doesn’t know this program under its client ID")
        message = _(
            "Check the client ID in the sender’s settings. Your administrator registers the "
            "program as a public client, allows public client flows, and adds the right to send "
            "mail by SMTP."
        )
    elif code in _ENDED:
        title = _("The sign-in at {provider} has ended")
        message = _(
            "It expired or was withdrawn, for instance because the password was changed. Sign in "
            "again in the sender’s settings."
        )
    else:
        title = _("{provider} refused the sign-in")
        message = _("Start again. If it goes on, ask your administrator about this program.")
    kind = SignInEndedError if code in _ENDED else MailError
    return kind(
        title.format(provider=provider.name),
        message.format(provider=provider.name),
        technical=f"OAuth: {code}",
        can_retry=True,
        trouble=MailTrouble.ACCOUNT,
        answer=_one_line(description),
    )


def code_expired() -> MailError:
    return MailError(
        _("The code has expired"),
        _("Nobody signed in with it in time. Start again to get a new one."),
        technical="OAuth: expired_token",
        can_retry=True,
        trouble=MailTrouble.ACCOUNT,
    )


def unusable_provider(provider: OAuthProvider) -> MailError:
    return MailError(
        _("The sign-in with {provider} isn’t set up right").format(provider=provider.name),
        _("Ask whoever manages this computer to correct the provider in the policy."),
        technical="OAuth: provider",
        trouble=MailTrouble.ACCOUNT,
    )


def not_understood(provider: OAuthProvider) -> MailError:
    return MailError(
        _("The answer of {provider} can’t be understood").format(provider=provider.name),
        _("Something in the network may answer in its place. Try another network, or later."),
        technical="OAuth: unexpected answer",
        can_retry=True,
        trouble=MailTrouble.ACCOUNT,
    )


def bad_status(provider: OAuthProvider, status: int) -> MailError:
    """The error for an answer without JSON, or from a server that is busy or failed."""
    return ProviderUnreachableError(
        _("{provider} can’t sign in anybody now").format(provider=provider.name),
        _("Wait a minute, then try again."),
        technical=f"OAuth: HTTP {status}",
        can_retry=True,
        trouble=MailTrouble.LATER,
        retry_after=_BUSY_SECONDS,
    )


def unreachable(provider: OAuthProvider, error: BaseException) -> MailError:
    kinds = " < ".join(dict.fromkeys(type(each).__name__ for each in causes(error)))
    technical = f"OAuth: {kinds}"
    if find_cause(error, ssl.SSLCertVerificationError) is not None:
        return MailError(
            _("The identity of {provider} could not be verified").format(provider=provider.name),
            _(
                "Its certificate isn’t trusted, has expired, or belongs to another name. Nothing "
                "was sent. If your company inspects traffic, ask IT to add the company’s "
                "certificate to the system’s store. Otherwise try another network."
            ),
            technical=technical,
            can_retry=True,
            trouble=MailTrouble.ACCOUNT,
        )
    if find_cause(error, socket.gaierror) is not None:
        message = _("Its name was not found. This computer may be offline.")
    else:
        message = _("Check the network, then try again.")
    return ProviderUnreachableError(
        _("{provider} can’t be reached").format(provider=provider.name),
        message,
        technical=technical,
        can_retry=True,
        trouble=MailTrouble.NETWORK,
    )


def _one_line(text: str) -> str:
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= _LONGEST_ANSWER else f"{line[: _LONGEST_ANSWER - 1]}…"
