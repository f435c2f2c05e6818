"""What was observed of a page that a preview opened. What couldn't be observed is None."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from seam_portal_desktop.domain.preview.load_failure import FailureKind


class TlsFault(StrEnum):
    """Why a certificate is not valid for the server."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_HOST = "wrong_host"
    UNTRUSTED = "untrusted"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """A server's certificate. ``issuer`` is the issuing organisation's own name.

    ``not_after`` is aware, in UTC. All of it is None when no certificate could be read.
    """

    issuer: str | None = None
    not_after: datetime | None = None
    fault: TlsFault | None = None


AskTls = Callable[[str, Callable[[TlsFacts], None]], None]
"""Starts to check the certificate of an origin (https://host[:port]). The callback gets the facts
later, in the same thread."""


AskCustomer = Callable[[str, Callable[[bool | None], None]], None]
"""Starts to ask Seam whether a customer (its key) has neither a space nor a device. The callback
gets the answer later, in the same thread: None if Seam didn't say."""


@dataclass(frozen=True, slots=True)
class ProcessorFacts:
    """How a short task of known length went on this computer, several times while a page loaded.

    ``share`` is the part of its time in which it had a processor: 1.0 if it never waited for one.
    ``task_time`` is the processor time that it needed, on average.
    """

    share: float
    task_time: timedelta


class RequestKind(StrEnum):
    """How much the page needs a part. Scripts and style sheets are essential."""

    ESSENTIAL = "essential"
    CALL = "call"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """A part of the page that didn't load. ``address`` is masked; ``status`` is None when nothing
    answered, or nothing usable."""

    address: str
    kind: RequestKind
    status: int | None = None


@dataclass(frozen=True, slots=True)
class PageSigns:
    """By what the features of a portal can be recognised, all in lower case.

    ``names`` come from the targets of links and from ids; they don't depend on the page's
    language. ``labels`` are the texts of its navigation. ``has_navigation``: there is a navigation
    with more than one target, so a feature that it doesn't list is absent.
    """

    names: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    has_navigation: bool = False


@dataclass(frozen=True, slots=True)
class PageContent:
    """How much there is to see: characters of visible text; pictures (images, canvases, videos,
    frames); controls (links, buttons, fields). ``headings`` are the title and the first
    headings."""

    characters: int
    pictures: int
    controls: int
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One opening of one link. ``failure`` is None for a page that was shown.

    ``host`` is the last host, in ASCII, without port; ``is_encrypted`` and ``is_this_machine``
    are about the connection to it. ``status`` and ``redirects`` are the main document's.
    ``first_paint`` and ``loaded`` count from the request. ``certificate_fault`` is
    why the browser engine refused the connection, as a sentence. ``console_errors`` counts what
    the page or the engine reported as an error, mixed content apart; ``error_names`` are the
    classes of those that nothing caught. ``failed`` is a sample of ``failed_count`` requests;
    ``held_back`` counts those that the preview itself refused. ``page_language`` is the page's
    ``lang``, ``text_language`` the detected language of its text, both as ISO 639-1.
    ``processor`` is about this computer during the load. ``customer_is_empty``: Seam knows neither
    a space nor a device of the portal's customer.
    """

    failure: FailureKind | None
    host: str | None = None
    is_encrypted: bool = False
    is_this_machine: bool = False
    status: int | None = None
    redirects: int | None = None
    certificate_fault: str | None = None
    tls: TlsFacts | None = None
    first_paint: timedelta | None = None
    loaded: timedelta | None = None
    processor: ProcessorFacts | None = None
    console_errors: int | None = None
    error_names: tuple[str, ...] = ()
    failed: tuple[FailedRequest, ...] = ()
    failed_count: int | None = None
    held_back: int = 0
    mixed_upgraded: int | None = None
    mixed_blocked: int | None = None
    content: PageContent | None = None
    customer_is_empty: bool | None = None
    page_language: str | None = None
    text_language: str | None = None
    signs: PageSigns | None = None
