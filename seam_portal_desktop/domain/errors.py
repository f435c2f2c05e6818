"""Errors that are shown to people, as opposed to bugs.

Every one carries a title (what happened), a message (why, and what to do next), and where there
was an answer from Seam its request id. None of them ever carries a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NO_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(eq=False)
class UserFacingError(Exception):
    """Something went wrong outside this program's code; `title` and `message` are for the user.

    ``outcome_unknown`` is True when a call that changes something may have taken effect although
    no usable answer came. ``can_retry`` is True only where trying again can't do harm.
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
        """The title with a full stop, for where more text follows on the same line."""
        return self.title if self.title.endswith((".", "?")) else f"{self.title}."

    def details(self) -> str:
        """What 'Copy details' copies: several lines of plain text, no secrets."""
        lines = [self.title, self.message]
        if self.technical:
            lines.append(f"Technical: {self.technical}")
        if self.seam_request_id:
            lines.append(f"Seam request id: {self.seam_request_id}")
        return "\n".join(lines)


@dataclass(eq=False)
class SeamError(UserFacingError):
    """A call to Seam didn't give what was asked for.

    ``status`` is the HTTP status, or None when there was no answer. ``error_type`` is Seam's own
    ``error.type``.
    """

    status: int | None = None
    error_type: str | None = None


class NetworkError(SeamError):
    """Seam could not be reached, or did not answer in time."""


class UnauthorizedError(SeamError):
    """401: the credential is wrong, revoked, or lacks its workspace."""


class ForbiddenError(SeamError):
    """403: the credential may not do this."""


class NotFoundError(SeamError):
    """404: the route or the thing does not exist."""


class ConflictError(SeamError):
    """409: it clashes with something that is there already."""


@dataclass(eq=False)
class RateLimitedError(SeamError):
    """429: too many calls; the message says how long to wait.

    ``retry_after`` is what Seam asked for, in seconds, or None when it named no time.
    """

    retry_after: int | None = None


class ServiceError(SeamError):
    """5xx: Seam itself failed."""


class UnexpectedAnswerError(SeamError):
    """The answer was not what the contract says: HTML, cut off, a field missing, too large."""


@dataclass(eq=False)
class InvalidRequestError(SeamError):
    """400: Seam refused the request's fields.

    ``fields`` maps a dotted path of the request (``customer_data.customer_key``) to its reasons.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_FIELDS)


class SecretStoreError(UserFacingError):
    """The keyring could not do it; each way of failing is a class of its own below."""


class SecretStoreAbsentError(SecretStoreError):
    """There is no keyring service."""


class SecretStoreLockedError(SecretStoreError):
    """The keyring is locked and was not unlocked in time."""


class SecretStoreDeniedError(SecretStoreError):
    """The keyring, or the user at its prompt, refused."""


class SecretTooLongError(SecretStoreError):
    """The keyring has a size limit and the secret is above it."""


class LedgerError(UserFacingError):
    """The ledger's file could not be read or written."""


class LinkUnreadableError(LedgerError):
    """The row is there but its URL can't be decrypted here; the message says why."""
