"""Who sends a message, and through which mail server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from seam_portal_desktop.domain.message.address import MailAddress

_NO_FIELDS: Mapping[str, str] = MappingProxyType({})


class Security(StrEnum):
    """How a connection to a mail server is encrypted. NONE is allowed on loopback only."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class SignIn(StrEnum):
    """How the program signs in at a mail server. The secret of the last two is in the keyring.

    OAUTH is OAuth 2 (XOAUTH2) with the device code flow of `MailAccount.provider`.
    """

    NONE = "none"
    PASSWORD = "password"  # noqa: S105 - the name of a way, no password
    OAUTH = "oauth"


@dataclass(frozen=True, slots=True)
class Pace:
    """What a mail account takes: messages in a minute, recipients in a day. None is no limit."""

    connections: int = 2
    mails_per_connection: int | None = 100
    per_minute: int | None = 30
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class MailAccount:
    """A mail server and how to sign in there. It holds no secret. `username` isn't in the repr.

    `provider` is the id of an OAuth provider (``microsoft``, ``google`` or one of the policy's),
    or empty.
    """

    host: str
    port: int
    security: Security = Security.STARTTLS
    sign_in: SignIn = SignIn.PASSWORD
    username: str = field(default="", repr=False)
    provider: str = ""
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True, repr=False)
class SenderIdentity:
    """A sender of a workspace: what recipients see, and the account that is used.

    `company` and `operator` are for templates. `signature` is plain text of several lines.
    `keep_copy`: a copy of each message goes to `mail`'s own address. `own_fields` are texts for
    templates by name, such as the number of a help line.
    """

    sender_id: str
    workspace_id: str
    mail: MailAddress
    account: MailAccount
    reply_to: MailAddress | None = None
    company: str = ""
    operator: str = ""
    signature: str = ""
    keep_copy: bool = False
    own_fields: Mapping[str, str] = field(default_factory=lambda: _NO_FIELDS)
