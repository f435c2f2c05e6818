"""Errors that are shown to users, as opposed to bugs.

Each has a title (what happened), a message (why, and what to do next) and, after an answer of
Seam, its request id. None holds a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from seam_portal_desktop.texts import _

_NO_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(eq=False)
class UserFacingError(Exception):
    """Something failed outside this program's code. `title` and `message` are for the user.

    ``outcome_unknown`` is True if a call that changes something may have taken effect although
    no usable answer came. ``can_retry`` is True only if trying again does no harm.
    """

    title: str
    message: str
    seam_request_id: str | None = None
    technical: str = ""
    outcome_unknown: bool = False
    can_retry: bool = False

    def __str__(self) -> str:
        return f"{self.title_sentence} {self.message}"

    @property
    def title_sentence(self) -> str:
        """The title with a full stop, if more text follows on the same line."""
        return self.title if self.title.endswith((".", "?")) else f"{self.title}."

    def details(self) -> str:
        """The text for 'Copy details': several lines, no secrets."""
        lines = [self.title, self.message]
        if self.technical:
            lines.append(_("Technical: {technical}").format(technical=self.technical))
        if self.seam_request_id:
            lines.append(
                _("Seam request id: {seam_request_id}").format(seam_request_id=self.seam_request_id)
            )
        return "\n".join(lines)


@dataclass(eq=False)
class SeamError(UserFacingError):
    """A call to Seam failed.

    ``status`` is the HTTP status, or None without an answer. ``error_type`` is Seam's
    ``error.type``.
    """

    status: int | None = None
    error_type: str | None = None


class NetworkError(SeamError):
    """Seam could not be reached, or did not answer in time."""


class UnauthorizedError(SeamError):
    """401: the credential is wrong, revoked, or has no workspace."""


class ForbiddenError(SeamError):
    """403: the credential may not do this."""


class NotFoundError(SeamError):
    """404: the route or the object does not exist."""


class ConflictError(SeamError):
    """409: the request conflicts with an existing object."""


@dataclass(eq=False)
class RateLimitedError(SeamError):
    """429: too many calls. ``retry_after`` is Seam's Retry-After in seconds, or None."""

    retry_after: int | None = None


class ServiceError(SeamError):
    """5xx: Seam itself failed."""


class UnexpectedAnswerError(SeamError):
    """The answer isn't as the contract has it: HTML, cut off, a field missing, too large."""


@dataclass(eq=False)
class InvalidRequestError(SeamError):
    """400: Seam refused the request's fields.

    ``fields`` maps a dotted path of the request (``customer_data.customer_key``) to its reasons.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_FIELDS)


class SecretStoreError(UserFacingError):
    """The keyring failed. Each kind of failure is a class below."""


class SecretStoreAbsentError(SecretStoreError):
    """There is no keyring service."""


class SecretStoreLockedError(SecretStoreError):
    """The keyring is locked and was not unlocked in time."""


class SecretStoreDeniedError(SecretStoreError):
    """The keyring refused, or the user at its prompt did."""


class SecretTooLongError(SecretStoreError):
    """The secret is above the keyring's size limit."""


class LedgerError(UserFacingError):
    """The ledger's file could not be read or written."""


class LinkKeptError(LedgerError):
    """The link could not be written, but it is kept on this computer, and `open` writes it."""


class LinkUnreadableError(LedgerError):
    """The row exists but its URL can't be decrypted here. The message explains why."""


class RequestUnreadableError(LedgerError):
    """The row exists but its request can't be read."""
