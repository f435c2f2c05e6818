"""The managed policy: settings that an organisation fixes for a computer, and their rules.

It is read before the list is painted, so it imports little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from seam_portal_desktop.domain.address import InvalidLinkError, parse_link
from seam_portal_desktop.domain.errors import LinkUnreadableError, UserFacingError
from seam_portal_desktop.domain.message.delivery import SendChannel
from seam_portal_desktop.domain.message.recipients.rules import RecipientRules, matches_host
from seam_portal_desktop.domain.policy_values import (
    InvalidPolicyError,
    UpdateChannel,
    host_name,
    read_value,
)
from seam_portal_desktop.domain.preferences import Settings
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from seam_portal_desktop.domain.message.oauth import OAuthProvider

_NO_SOURCES: Mapping[str, str] = MappingProxyType({})
_NO_SETTINGS: Mapping[str, Any] = MappingProxyType({})


class PolicyRefusedError(UserFacingError):
    """The policy forbids it, or can't be read."""


class LinkRefusedError(LinkUnreadableError):
    """This link must not be used, or the policy doesn't allow its host. It stays in the ledger."""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One setting for people: its name, its value, and where it was set."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Settings that the user can't change. The user decides about the others.

    `sources` are the places where settings were made, by key. With `problems` the policy could
    not be read as a whole. Then the program connects to nothing.
    """

    endpoint: str | None = None
    """The only endpoint for workspaces, as `parse_endpoint` gives it."""
    allowed_hosts: tuple[str, ...] | None = None
    """The hosts of allowed portal links: names, or ``*.host`` for all names below one."""
    ledger_url: Secret | None = None
    """SQLAlchemy's URL of the database that is used instead of the local file."""
    update_channel: UpdateChannel | None = None
    live_preview: bool = True
    """Whether the preview may show a customer's own link, which can be used."""
    smtp: bool = True
    """Whether the program may send links by mail."""
    recipient_domains: tuple[str, ...] | None = None
    """The domains of allowed recipients of mail: names, or ``*.domain`` for all names below one."""
    internal_domains: tuple[str, ...] = ()
    """Domains such as ``company.local``, which only the organisation's own mail server reaches."""
    forbidden_channels: frozenset[SendChannel] = frozenset()
    """The ways in which no link is sent. See `smtp` as well."""
    sign_in_providers: tuple[OAuthProvider, ...] = ()
    """Where mail accounts sign in instead of with a password. One may be Microsoft, changed."""
    settings: Mapping[str, Any] = field(default_factory=lambda: _NO_SETTINGS)
    """The fixed ones of `USER_SETTINGS`, by key."""
    sources: Mapping[str, str] = field(default_factory=lambda: _NO_SOURCES)
    problems: tuple[str, ...] = ()

    @property
    def is_managed(self) -> bool:
        return bool(self.sources or self.problems)

    @property
    def endpoint_note(self) -> str:
        """Why the endpoint can't be changed; empty when it can."""
        return _fixed_by(self.sources["endpoint"]) if self.endpoint is not None else ""

    @property
    def updates_note(self) -> str:
        """Why updates are off; empty when they may be on."""
        if self.problems:
            return self._unreadable().message
        if self.update_channel is UpdateChannel.OFF:
            return _fixed_by(self.sources["update_channel"])
        return ""

    @property
    def live_note(self) -> str:
        """Why a customer's own link can't be previewed; empty when it can."""
        if self.problems:
            return self._unreadable().message
        return "" if self.live_preview else _fixed_by(self.sources["live_preview"])

    @property
    def recipient_rules(self) -> RecipientRules:
        """Whom mail may go to, with the reason."""
        if self.problems:
            return RecipientRules((), note=self._unreadable().message)
        if self.recipient_domains is None:
            return RecipientRules(internal=self.internal_domains)
        note = _fixed_by(self.sources["recipient_domains"])
        return RecipientRules(self.recipient_domains, self.internal_domains, note)

    def channel_note(self, channel: SendChannel) -> str:
        """Why links can't be sent in this way; empty when they can."""
        if self.problems:
            return self._unreadable().message
        if channel is SendChannel.SMTP and not self.smtp:
            return _forbidden_by(self.sources["smtp"])
        if channel in self.forbidden_channels:
            return _forbidden_by(self.sources["forbidden_channels"])
        return ""

    def setting_note(self, key: str) -> str:
        """Why the user can't change the setting with this key; empty when they can."""
        return (
            _("Set by your organisation ({sources}).").format(sources=self.sources[key])
            if key in self.sources
            else ""
        )

    def check_readable(self) -> None:
        """Raise PolicyRefusedError if the policy could not be read."""
        if self.problems:
            raise self._unreadable()

    def check_endpoint(self, endpoint: str) -> None:
        """Raise PolicyRefusedError unless a credential may be sent to this endpoint."""
        self.check_readable()
        if self.endpoint is not None and endpoint != self.endpoint:
            raise PolicyRefusedError(
                _("Your organisation doesn’t allow this endpoint"),
                _("Workspaces may be connected at {endpoint} only. {fixed_by}").format(
                    endpoint=self.endpoint, fixed_by=_fixed_by(self.sources["endpoint"])
                ),
            )

    def allows_host(self, host: str) -> bool:
        """Whether a portal link may lead to `host` (a name or an address, without a port)."""
        if self.problems:
            return False
        if self.allowed_hosts is None:
            return True
        try:
            return matches_host(host_name(host), self.allowed_hosts)
        except ValueError:
            return False

    def check_link(self, url: Secret) -> Secret:
        """The link as browsers write it, which may be shown, copied, opened or written out.

        Raises LinkRefusedError for a link that programs read differently, for one that isn't
        encrypted, and for a host that the policy doesn't allow.
        """
        if self.problems:
            error = self._unreadable()
            raise LinkRefusedError(error.title, error.message, technical=error.technical)
        try:
            address = parse_link(url.reveal())
        except InvalidLinkError as error:
            raise LinkRefusedError(
                _("This link can’t be used"),
                _(
                    "{error} The link stays in the ledger. Create a new one, and tell Seam if that "
                    "one can’t be used either."
                ).format(error=error),
            ) from None
        if not self.allows_host(address.host):
            raise LinkRefusedError(
                _("Your organisation doesn’t allow this link"),
                _("It leads to {host}. {fixed_by} The link stays in the ledger.").format(
                    host=address.host, fixed_by=_fixed_by(self.sources["allowed_hosts"])
                ),
            )
        return Secret(address.text)

    def for_demo(self) -> Policy:
        """The policy for the demo: without endpoint, hosts and ledger, which don't apply to it."""
        if self.problems:
            fixed = ("update_channel", "live_preview", "smtp")
            sending = ("recipient_domains", "forbidden_channels")
            sources = dict.fromkeys((*fixed, *sending), "unreadable policy")
            return replace(self, sources=sources, problems=())
        own = ("endpoint", "allowed_hosts", "ledger_url")
        sources = {key: source for key, source in self.sources.items() if key not in own}
        return replace(self, endpoint=None, allowed_hosts=None, ledger_url=None, sources=sources)

    def rows(self) -> tuple[PolicyRow, ...]:
        """Every setting that was made, for people, without a password."""
        return tuple(
            PolicyRow(_NAMES[key], self._value_text(key), self.sources[key])
            for key in _NAMES
            if key in self.sources
        )

    @property
    def ledger_text(self) -> str:
        """The ledger's database without user, password and options; empty for the local file."""
        return "" if self.ledger_url is None else _database_text(self.ledger_url)

    def _value_text(self, key: str) -> str:
        match key:
            case "allowed_hosts" | "recipient_domains" | "internal_domains":
                return ", ".join(getattr(self, key)) or "none"
            case "forbidden_channels" | "sign_in_providers":
                return ", ".join(sorted(map(str, getattr(self, key)))) or "none"
            case "ledger_url":
                return self.ledger_text
            case "live_preview" | "smtp":
                return "allowed" if getattr(self, key) else _("not allowed")
            case "endpoint" | "update_channel":
                return str(getattr(self, key))
            case _:
                value = self.settings[key]
                return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)

    def _unreadable(self) -> PolicyRefusedError:
        return PolicyRefusedError(
            _("Your organisation’s policy can’t be used"),
            _(
                "The program doesn’t know what it may do, so it connects to nothing. Ask whoever "
                "manages this computer to put it right: {problems}"
            ).format(problems=" ".join(self.problems)),
        )


UNMANAGED = Policy()
"""A policy without settings."""

_NAMES = {
    "endpoint": _("Endpoint"),
    "allowed_hosts": _("Allowed portal hosts"),
    "ledger_url": _("Ledger"),
    "update_channel": _("Updates"),
    "live_preview": _("Live preview"),
    "smtp": _("Sending by mail"),
    "recipient_domains": _("Allowed recipients"),
    "internal_domains": _("Internal mail domains"),
    "forbidden_channels": _("Forbidden ways of sending"),
    "sign_in_providers": _("Sign-in of mail accounts"),
    "appearance": _("Appearance"),
    "language": _("Language"),
    "first_view": _("First view"),
    "notifications": _("Notifications"),
    "reminder_notifications": _("Reminders on the desktop"),
    "undo_sending": _("Undo of sending"),
    "time_zone": _("Time zone"),
    "date_style": _("Date style"),
    "time_style": _("Times"),
    "clipboard_seconds": _("Seconds on the clipboard"),
    "preview_device": _("Device of previews"),
    "preview_mode": _("Mode of previews"),
    "software_rendering": _("Software rendering"),
    "daily_update_check": _("Daily check for updates"),
}
"""Every key of the schema, and its name for people."""

USER_SETTINGS = (
    *(each.name for each in fields(Settings)),
    "software_rendering",
    "daily_update_check",
)
"""The keys of what a user chooses under Settings unless the policy does."""


def parse_policy(settings: Mapping[str, object], source: str) -> Policy:
    """The policy of one source. `settings` have the types of JSON.

    Raises InvalidPolicyError at the first unknown key, wrong type or unusable value.
    """
    values: dict[str, object] = {}
    for key, value in settings.items():
        if key not in _NAMES:
            known = ", ".join(_NAMES)
            raise InvalidPolicyError(
                _("“{key}” is no setting; there are {known}.").format(key=key[:40], known=known)
            )
        values[key] = read_value(key, value)
    return _policy(values, dict.fromkeys(values, source))


def unreadable_policy(*problems: str) -> Policy:
    """A policy that exists and can't be used: everything that it could forbid is forbidden."""
    return Policy(
        update_channel=UpdateChannel.OFF,
        live_preview=False,
        smtp=False,
        recipient_domains=(),
        forbidden_channels=frozenset(SendChannel),
        problems=problems,
    )


def merge(policies: Sequence[Policy]) -> Policy:
    """One policy of several. The settings of an earlier one win."""
    problems = [problem for policy in policies for problem in policy.problems]
    if problems:
        return unreadable_policy(*problems)
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    for policy in reversed(policies):
        values |= {
            key: policy.settings[key] if key in USER_SETTINGS else getattr(policy, key)
            for key in policy.sources
        }
        sources |= policy.sources
    return _policy(values, sources)


def _policy(values: Mapping[str, Any], sources: Mapping[str, str]) -> Policy:
    settings = {key: value for key, value in values.items() if key in USER_SETTINGS}
    rest = {key: value for key, value in values.items() if key not in settings}
    return Policy(**rest, settings=settings, sources=sources)


def _database_text(url: Secret) -> str:
    """The database's host and path, without user, password and options."""
    parts = urlsplit(url.reveal())
    host = parts.hostname or _("this computer")
    port = f":{parts.port}" if parts.port else ""
    return _("{partition} at {host}{port}{path}").format(
        partition=parts.scheme.partition("+")[0], host=host, port=port, path=parts.path
    )


def _forbidden_by(source: str) -> str:
    return _("Your organisation doesn’t allow this way of sending ({source}).").format(
        source=source
    )


def _fixed_by(source: str) -> str:
    return _("Fixed by your organisation ({source}).").format(source=source)
