"""Makes the facts for the checks from the engine's record and the page's answer."""

from __future__ import annotations

from seam_portal_desktop.domain.address import is_loopback, read_address
from seam_portal_desktop.domain.preview.checks import PreviewSubject
from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.domain.preview.page_facts import (
    FailedRequest,
    PageContent,
    PageFacts,
    PageSigns,
    ProcessorFacts,
    RequestKind,
    TlsFacts,
)
from seam_portal_desktop.domain.preview.page_language import language_of
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.checks.page_question import FailedPart, PageAnswer
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.security.addresses import is_short_link, mask_address, origin_of
from seam_portal_desktop.ui.preview.security.page_record import PageRecord
from seam_portal_desktop.ui.toolkit.form_parts import one_line

_KINDS = {
    "script": RequestKind.ESSENTIAL,
    "stylesheet": RequestKind.ESSENTIAL,
    "fetch": RequestKind.CALL,
    "xmlhttprequest": RequestKind.CALL,
}
_NOT_THE_PORTAL = frozenset(
    {
        FailureKind.OFFLINE,
        FailureKind.STOPPED,
        FailureKind.PROGRAM_MEMORY,
        FailureKind.PROXY_SIGN_IN,
        FailureKind.LOCAL,
    }
)
_NEVER_CONNECTED = frozenset(
    {
        FailureKind.OFFLINE,
        FailureKind.NAME,
        FailureKind.REFUSED,
        FailureKind.TIMED_OUT,
        FailureKind.PROXY_SIGN_IN,
        FailureKind.LOCAL,
    }
)


def subject_of(target: PreviewTarget) -> PreviewSubject:
    """What a report on `target` is about."""
    url = target.url.reveal()
    link = origin_of(url)
    return PreviewSubject(
        target.mode,
        link.host if link is not None else "",
        is_short_link=is_short_link(url),
        expires_at=target.link_expires_at or target.expires_at,
        request=target.request,
        is_safe_preview=target.link_expires_at is not None,
    )


def facts_of(
    record: PageRecord,
    answer: PageAnswer | None = None,
    failure: LoadFailure | None = None,
    tls: TlsFacts | None = None,
    *,
    processor: ProcessorFacts | None = None,
    customer_is_empty: bool | None = None,
) -> PageFacts:
    """The facts of one load. `failure` is None if the load succeeded.

    `answer` is None if the page gave none, `tls` if the certificate wasn't asked for.
    """
    # If the server gave no answer, the address may not be the portal's.
    answered = failure is None or record.status is not None
    origin = origin_of(record.address) if record.address and answered else None
    is_tls_failure = failure is not None and failure.kind is FailureKind.TLS
    failed = _failed_parts(record, answer)
    return PageFacts(
        failure=failure.kind if failure is not None else None,
        host=origin.host if origin is not None else None,
        is_encrypted=origin is not None and origin.scheme == "https",
        is_this_machine=origin is not None and is_loopback(origin.host),
        status=record.status,
        redirects=record.redirects,
        certificate_fault=_sentence(failure.detail) if failure and is_tls_failure else None,
        tls=tls,
        first_paint=answer.paint if answer else None,
        loaded=answer.loaded if answer else None,
        processor=processor,
        console_errors=record.console_errors,
        error_names=tuple(record.error_names),
        failed=tuple(map(_masked, failed)),
        failed_count=_count(answer, failed),
        held_back=record.held_back_count,
        mixed_upgraded=record.mixed_upgraded,
        mixed_blocked=record.mixed_blocked,
        content=PageContent(answer.characters, answer.pictures, answer.controls, answer.headings)
        if answer
        else None,
        customer_is_empty=customer_is_empty,
        page_language=answer.language.lower()[:2] or None if answer else None,
        text_language=language_of(answer.text) if answer else None,
        signs=PageSigns(answer.names, answer.labels, has_navigation=answer.has_navigation)
        if answer
        else None,
    )


def is_about_portal(target: PreviewTarget, failure: LoadFailure | None) -> bool:
    """Whether the end of a load is about the portal itself.

    It isn't when this computer is offline, its network's proxy refused it, the portal's name has a
    private address here, this program needed too much memory, the user stopped it, or the safe
    preview's own link has ended.
    """
    if failure is None:
        return True
    if failure.kind is FailureKind.LINK_DEAD:
        return not subject_of(target).is_safe_preview
    return failure.kind not in _NOT_THE_PORTAL


def tls_origin(
    record: PageRecord, target: PreviewTarget, failure: LoadFailure | None
) -> str | None:
    """The origin whose certificate to check (https://host[:port]); None if there is none."""
    if failure is not None and failure.kind in _NEVER_CONNECTED:
        return None
    address = read_address(record.address or target.url.reveal())
    return address.origin if address is not None and address.scheme == "https" else None


def _failed_parts(record: PageRecord, answer: PageAnswer | None) -> list[FailedPart]:
    """The parts that failed, without those that the preview refused to fetch.

    A customer's browser may load the refused ones.
    """
    failed = answer.failed if answer else ()
    return [part for part in failed if part.address not in record.held_back]


def _count(answer: PageAnswer | None, failed: list[FailedPart]) -> int | None:
    if answer is None or answer.failed_count is None:
        return None
    return answer.failed_count - len(answer.failed) + len(failed)


def _masked(part: FailedPart) -> FailedRequest:
    masked = mask_address(part.address)
    kind = _KINDS.get(part.kind, RequestKind.OTHER)
    # A picture that can't be decoded came with 200, and still isn't shown.
    status = part.status if part.status is not None and part.status >= 400 else None
    return FailedRequest(masked.text if masked else _("a part of the page itself"), kind, status)


def _sentence(text: str) -> str | None:
    words = one_line(text).rstrip(".")
    return f"{words}." if words else None
