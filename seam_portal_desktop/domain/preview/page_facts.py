"""What was observed of a page that a preview opened. Whatever couldn't be observed is None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from seam_portal_desktop.domain.preview.load_failure import FailureKind


class TlsFault(StrEnum):
    """Why a certificate doesn't prove that the server is who it says."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_HOST = "wrong_host"
    UNTRUSTED = "untrusted"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What a server's certificate says. ``issuer`` is the issuing organisation's own name.

    ``not_after`` is aware, in UTC. All of it is None when no certificate could be looked at.
    """

    issuer: str | None = None
    not_after: datetime | None = None
    fault: TlsFault | None = None


class RequestKind(StrEnum):
    """What a part of the page is to it: without a script or a style it isn't itself."""

    ESSENTIAL = "essential"
    CALL = "call"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """A part that the page asked for in vain. ``address`` is masked; ``status`` is None when
    nothing answered, or nothing usable."""

    address: str
    kind: RequestKind
    status: int | None = None


@dataclass(frozen=True, slots=True)
class PageSigns:
    """By what the parts of a portal can be recognised, all in lower case.

    ``names`` come from where links lead and from ids: they are the portal's own, whatever its
    language. ``labels`` are what its navigation reads. ``has_navigation`` says that there is one
    that leads to more than one place, so that what is missing from it is really absent.
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

    ``host`` is where it ended, in ASCII, without port; ``is_encrypted`` and ``is_this_machine``
    are about the connection to it. ``status`` and ``redirects`` are the main document's.
    ``first_paint`` and ``loaded`` count from the moment it was asked for. ``certificate_fault`` is
    why the browser engine refused the connection, as a sentence. ``console_errors`` counts what
    the page or the engine reported as an error, mixed content apart; ``error_names`` are the
    classes of those that nothing caught. ``failed`` is a sample of ``failed_count`` requests;
    ``held_back`` counts those that the preview itself refused. ``page_language`` is what the page
    says of itself, ``text_language`` what its text reads like, both as ISO 639-1.
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
    console_errors: int | None = None
    error_names: tuple[str, ...] = ()
    failed: tuple[FailedRequest, ...] = ()
    failed_count: int | None = None
    held_back: int = 0
    mixed_upgraded: int | None = None
    mixed_blocked: int | None = None
    content: PageContent | None = None
    page_language: str | None = None
    text_language: str | None = None
    signs: PageSigns | None = None
