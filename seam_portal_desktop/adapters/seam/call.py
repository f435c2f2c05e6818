"""One call to Seam and its answer, with the facts that errors need."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeVar

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.errors import SeamError
from seam_portal_desktop.domain.secret import MASK
from seam_portal_desktop.texts import _

_TOKEN = re.compile(r"seam_[A-Za-z0-9_]{4,}|(?<=token=)[^\s&\"']+|https?://\S+")
_LONGEST_TEXT = 400
TRY_AGAIN = _("Then try again.")
_UNKNOWN_OUTCOME = _(
    "The portal link may exist all the same: creating it again may leave two links that work."
)
_MAY_HAVE_HAPPENED = _("It may have taken effect all the same. Trying again does no harm.")

_E = TypeVar("_E", bound=SeamError)


@dataclass(frozen=True, slots=True)
class Call:
    """A call: the text of its errors depends on these facts.

    ``creates`` means that the call makes something new when it takes effect. ``removes`` means
    that it removes something, and that making it again does no harm.
    """

    route: str
    host: str
    credential: Credential
    creates: bool = False
    removes: bool = False
    clock: Clock = system_clock

    @property
    def credential_name(self) -> str:
        if self.credential.kind is CredentialKind.API_KEY:
            return _("API key")
        return _("personal access token")

    def clean(self, text: str) -> str:
        """The service's `text` in one line of limited length, without secrets."""
        text = text.replace(self.credential.secret.reveal(), MASK)
        text = " ".join(_TOKEN.sub(MASK, text).split())
        return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"

    def fail(
        self,
        kind: type[_E],
        title: str,
        message: str,
        *,
        reached: bool,
        retry: str = "",
        answer: Answer | None = None,
        technical: str = "",
    ) -> _E:
        """An error of class `kind`.

        ``reached`` means that the call may have taken effect. ``retry`` is the last sentence of
        the message, for a call that may succeed later and that can be repeated without harm.
        """
        unknown = (self.creates or self.removes) and reached
        ending = retry
        if unknown:
            ending = f"{retry} {_MAY_HAVE_HAPPENED}" if self.removes else _UNKNOWN_OUTCOME
        return kind(
            title=title,
            message=f"{message} {ending.strip()}".strip(),
            seam_request_id=self.clean(answer.request_id) if answer and answer.request_id else None,
            technical=f"{self.route}: {technical}" if technical else self.route,
            outcome_unknown=unknown,
            can_retry=bool(retry) and not (unknown and self.creates),
            status=answer.status if answer else None,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer. ``body`` may hold a portal URL and is kept out of the repr."""

    status: int
    content_type: str = ""
    request_id: str | None = None
    retry_after: str | None = None
    redirect_host: str | None = None
    body: bytes = field(default=b"", repr=False)

    @property
    def is_success(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_web_page(self) -> bool:
        return "html" in self.content_type.lower() or self.body.lstrip()[:1] == b"<"
