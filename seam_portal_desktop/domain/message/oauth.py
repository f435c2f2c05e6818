"""Signing in at a mail provider instead of a password: OAuth 2.0 with a device code (RFC 8628)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from seam_portal_desktop.domain.address import InvalidLinkError, parse_link
from seam_portal_desktop.domain.message.ports import MailError
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _


@dataclass(frozen=True, slots=True)
class OAuthProvider:
    """Where a provider's accounts sign in. Use `checked_provider` for one from outside.

    `client_id` names the registered application: an organisation registers its own, and it is no
    secret. It is empty until the user or the policy has given one. `client_secret` is for providers
    that want one, though such a program can't keep it secret. `scope` is words with spaces between.
    """

    provider_id: str
    device_url: str
    token_url: str
    name: str
    scope: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.name

    def with_client(self, client_id: str) -> OAuthProvider:
        return replace(self, client_id=client_id)


MICROSOFT = OAuthProvider(
    "microsoft",
    "https://login.microsoftonline.com/common/oauth2/v2.0/devicecode",
    "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    name="Microsoft",
    scope="https://outlook.office.com/SMTP.Send offline_access",
)
"""Microsoft 365 and Outlook.com. Google is missing: its device codes are for other scopes than that
of mail (developers.google.com/identity/protocols/oauth2/limited-input-device), so that Gmail wants
an app password."""


@dataclass(frozen=True, slots=True)
class DeviceSignIn:
    """A sign-in that the user ends in a browser: `user_code` is typed at `verification_url`.

    `complete_url` has the code in it, or is empty. `expires_at` is aware, `interval` in seconds.
    """

    user_code: str
    verification_url: str
    expires_at: datetime
    interval: float
    device_code: Secret
    complete_url: str = ""


@dataclass(frozen=True, slots=True)
class OAuthTokens:
    """`access` signs in until `expires_at` (aware); `refresh` gets the next one."""

    access: Secret
    expires_at: datetime
    refresh: Secret | None = None


_PARTS = {
    "id": "provider_id",
    "name": "name",
    "client_id": "client_id",
    "client_secret": "client_secret",
    "device_url": "device_url",
    "token_url": "token_url",
    "scope": "scope",
}
_NEEDED = frozenset({"provider_id", "name", "device_url", "token_url", "scope"})


class OAuthClient(Protocol):
    """Gets tokens from a provider. Methods raise MailError and nothing else."""

    async def start(self, provider: OAuthProvider) -> DeviceSignIn: ...

    async def wait(self, provider: OAuthProvider, sign_in: DeviceSignIn) -> OAuthTokens:
        """Wait until the user has signed in in a browser, or the code has expired."""

    async def refresh(self, provider: OAuthProvider, refresh: Secret) -> OAuthTokens:
        """New tokens. `refresh` in them is the new one, or the same. Raises SignInEndedError."""


class SignInEndedError(MailError):
    """The provider no longer takes the refresh token: the user has to sign in again."""


def read_provider(text: str) -> OAuthProvider:
    """A provider in one line, as a policy has it: ``id=…; client_id=…`` and so on.

    Microsoft needs no more than these two; what it has besides replaces its own. Another one needs
    ``name``, ``device_url``, ``token_url`` and ``scope``. Raises ValueError with a reason that
    quotes nothing of it.
    """
    parts: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, is_one, value = part.partition("=")
        key = _PARTS.get(name.strip().lower())
        if key is None or not is_one or key in parts:
            raise ValueError(_("its parts are {parts}").format(parts=", ".join(_PARTS)))
        parts[key] = value.strip()
    if parts.get("provider_id") == MICROSOFT.provider_id:
        return checked_provider(replace(MICROSOFT, **parts))
    if not parts.keys() >= _NEEDED:
        needed = ", ".join(key for key in _PARTS if _PARTS[key] in _NEEDED)
        raise ValueError(_("it needs {parts}").format(parts=needed))
    return checked_provider(OAuthProvider(**parts))


def checked_provider(provider: OAuthProvider) -> OAuthProvider:
    """`provider` if it can be used. Raises ValueError with a reason that quotes nothing of it."""
    for url in (provider.device_url, provider.token_url):
        try:
            parse_link(url)
        except InvalidLinkError:
            raise ValueError(_("its addresses must begin with https://")) from None
    texts = (provider.provider_id, provider.name, provider.scope)
    if not all(text.strip() and text.isprintable() for text in texts):
        raise ValueError(_("it needs an id, a name and a scope"))
    if not (provider.client_id.isascii() and provider.client_id.isprintable()):
        raise ValueError(_("its client ID must be text in ASCII"))
    return provider
