"""From what the engine and the page told to the facts that the rules judge."""

from __future__ import annotations

from urllib.parse import urlsplit

from seam_portal_desktop.domain.endpoint import is_loopback
from seam_portal_desktop.domain.preview.checks import PreviewSubject
from seam_portal_desktop.domain.preview.page_facts import (
    FailedRequest,
    LoadEnd,
    PageContent,
    PageFacts,
    PageSigns,
    RequestKind,
    TlsFacts,
)
from seam_portal_desktop.domain.preview.page_language import language_of
from seam_portal_desktop.ui.preview.checks.page_question import Missed, PageAnswer
from seam_portal_desktop.ui.preview.page.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.ui.preview.page.page_record import PageRecord
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.security.addresses import (
    mask_address,
)
from seam_portal_desktop.ui.toolkit.form_parts import one_line

_KINDS = {
    "script": RequestKind.ESSENTIAL,
    "stylesheet": RequestKind.ESSENTIAL,
    "fetch": RequestKind.CALL,
    "xmlhttprequest": RequestKind.CALL,
}
_NEVER_CONNECTED = frozenset(
    {FailureKind.OFFLINE, FailureKind.NAME, FailureKind.REFUSED, FailureKind.TIMED_OUT}
)


def subject_of(target: PreviewTarget) -> PreviewSubject:
    """What a report on `target` is about."""
    link = urlsplit(target.url.reveal())
    short = link.scheme == "https" and not link.query and not link.path.startswith("/portals/")
    return PreviewSubject(
        target.mode,
        _ascii(link.hostname) or "",
        is_short_link=short,
        expires_at=target.link_expires_at or target.expires_at,
        request=target.request,
        is_safe_preview=target.link_expires_at is not None,
    )


def facts_of(
    record: PageRecord,
    answer: PageAnswer | None = None,
    failure: LoadFailure | None = None,
    tls: TlsFacts | None = None,
) -> PageFacts:
    """The facts of one load; `answer` is the page's, `failure` says why there is none."""
    # An address that nobody answered at says nothing about where the portal is.
    answered = failure is None or record.status is not None
    address = urlsplit(record.address) if record.address and answered else None
    host = _ascii(address.hostname) if address is not None else None
    refused = failure is not None and failure.kind is FailureKind.TLS
    missed = _really_missed(record, answer)
    return PageFacts(
        end=LoadEnd(failure.kind.value) if failure is not None else LoadEnd.SHOWN,
        host=host,
        is_encrypted=address is not None and address.scheme == "https",
        is_this_machine=host is not None and is_loopback(host),
        status=record.status,
        redirects=record.redirects,
        certificate_fault=_sentence(failure.detail) if failure is not None and refused else None,
        tls=tls,
        first_paint=answer.paint if answer else None,
        loaded=answer.loaded if answer else None,
        console_errors=record.console_errors,
        error_names=tuple(record.error_names),
        failed=tuple(map(_failed, missed)),
        failed_count=_count(answer, missed),
        held_back=record.held_back_count,
        mixed_upgraded=record.mixed_upgraded,
        mixed_blocked=record.mixed_blocked,
        content=PageContent(answer.characters, answer.pictures, answer.controls, answer.headings)
        if answer
        else None,
        page_language=answer.language.lower()[:2] or None if answer else None,
        text_language=language_of(answer.text) if answer else None,
        signs=PageSigns(answer.names, answer.labels, has_navigation=answer.has_navigation)
        if answer
        else None,
    )


def tells_of_portal(target: PreviewTarget, failure: LoadFailure | None) -> bool:
    """Whether an end says anything of the portal: not that this computer is offline, that the
    user had enough, or that a copy of the link, made only to be looked at, has ended."""
    if failure is None:
        return True
    dead_twin = failure.kind is FailureKind.LINK_DEAD and subject_of(target).is_safe_preview
    return failure.kind not in (FailureKind.OFFLINE, FailureKind.STOPPED) and not dead_twin


def tls_origin(
    record: PageRecord, target: PreviewTarget, failure: LoadFailure | None
) -> str | None:
    """Where to look at a certificate (https://host[:port]); None where there is none to see."""
    if failure is not None and failure.kind in _NEVER_CONNECTED:
        return None
    parts = urlsplit(record.address or target.url.reveal())
    return f"https://{parts.netloc}" if parts.scheme == "https" and parts.hostname else None


def _really_missed(record: PageRecord, answer: PageAnswer | None) -> list[Missed]:
    """Without what the preview itself held back: a customer's browser may well get it."""
    missed = answer.missed if answer else ()
    return [each for each in missed if each.address not in record.held_back]


def _count(answer: PageAnswer | None, missed: list[Missed]) -> int | None:
    if answer is None or answer.missed_count is None:
        return None
    return answer.missed_count - len(answer.missed) + len(missed)


def _failed(missed: Missed) -> FailedRequest:
    masked = mask_address(missed.address)
    kind = _KINDS.get(missed.kind, RequestKind.OTHER)
    # A picture that came and can't be read was answered with 200, and still isn't there.
    status = missed.status if missed.status is not None and missed.status >= 400 else None
    return FailedRequest(masked.text if masked else "a part of the page itself", kind, status)


def _sentence(text: str) -> str | None:
    words = one_line(text).rstrip(".")
    return f"{words}." if words else None


def _ascii(host: str | None) -> str | None:
    """The host in punycode, as browsers send it."""
    if host is None or host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host
