"""Why a sender can't be used now, in words. All of it is the account's trouble."""

from __future__ import annotations

from seam_portal_desktop.domain.message.oauth import OAuthProvider
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.texts import _


def sender_missing() -> MailError:
    return _error(
        _("This sender was removed"), _("Choose another sender, and send the message again.")
    )


def secret_missing() -> MailError:
    return _error(
        _("The password of this sender is missing"),
        _("It is not in this computer’s keyring. Enter it again in the sender’s settings."),
    )


def login_changed() -> MailError:
    return _error(
        _("Sign in again"),
        _(
            "The server, the user name or the way to sign in has changed. Enter the password "
            "again, or sign in again."
        ),
    )


def provider_missing() -> MailError:
    return _error(
        _("The provider of this sender isn’t known"),
        _("Choose another way to sign in, in the sender’s settings."),
    )


def client_id_missing(provider: OAuthProvider) -> MailError:
    return _error(
        _("The client ID for {provider} is missing").format(provider=provider.name),
        _(
            "Your organisation registers this program with the provider once, and gets a client ID "
            "for it. Ask your administrator, and enter it in the sender’s settings."
        ),
    )


def _error(title: str, message: str) -> MailError:
    return MailError(title, message, trouble=MailTrouble.ACCOUNT)
