"""The rules that make a report from the facts about a page. Pure functions.

A rule without the facts that it needs gives CheckLevel.UNKNOWN, never OK. A sentence never quotes
the page, and the only addresses in it are hosts and masked ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.clock import rounded_up
from seam_portal_desktop.domain.portal.record import EXPIRING_WITHIN
from seam_portal_desktop.domain.preview import page_checks as page
from seam_portal_desktop.domain.preview.kinds import CheckKind, CheckLevel, CheckResult, PreviewMode
from seam_portal_desktop.domain.preview.load_failure import FailureKind, describe_status
from seam_portal_desktop.domain.preview.page_facts import PageFacts, TlsFacts, TlsFault
from seam_portal_desktop.domain.preview.report import Finding, PreviewReport
from seam_portal_desktop.texts import _, ngettext

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest

AllowsHost = Callable[[str], bool]
"""Whether the workspace's policy allows portals at a host."""

MANY_REDIRECTS = 4
"""Short links need one or two; each costs the customer a round trip, and browsers give up at 20."""

RENEWAL_OVERDUE = timedelta(days=14)
"""Certificates are renewed weeks before their end (automatic ones with 30 of 90 days left): one
with less left than this has missed its renewal. A link lives less long, so there is a warning for
each link that could outlive its certificate."""

RENEWAL_TOO_LATE = timedelta(days=2)
"""Less than a weekend: the certificate may end before anybody acts."""

SEAM_DOMAINS = ("getseam.com", "seam.co", "se.am")
"""Seam's own domains, where a short link's portal is expected if no policy names hosts."""


@dataclass(frozen=True, slots=True)
class PreviewSubject:
    """The link that the report is about.

    ``link_host`` is the host in the link, in ASCII. ``is_short_link``: it only redirects to
    the portal. ``expires_at`` (aware, UTC) is the end of the portal's own link. ``request`` is
    the request that made it, None if it isn't known. ``is_safe_preview``: the page was opened
    by the read-only copy's link.
    """

    mode: PreviewMode
    link_host: str
    is_short_link: bool
    expires_at: datetime
    request: PortalRequest | None = None
    is_safe_preview: bool = False


def examine(
    facts: PageFacts,
    subject: PreviewSubject,
    now: datetime,
    *,
    allows_host: AllowsHost | None = None,
) -> PreviewReport:
    """The report of one preview at `now` (aware, UTC), with one finding for each check."""
    shown = facts.failure is None
    is_dead_copy = subject.is_safe_preview and facts.failure is FailureKind.LINK_DEAD
    results: dict[CheckKind, CheckResult] = {
        CheckKind.STATUS: _COPY_ENDED if is_dead_copy else _status(facts),
        CheckKind.TLS: _tls(facts, now),
        CheckKind.HOST: _host(facts, subject, allows_host),
        CheckKind.TIMING: page.timing(facts) if shown else page.NOT_SHOWN,
        CheckKind.CONSOLE: page.console(facts) if shown or facts.console_errors else page.NOT_SHOWN,
        CheckKind.REQUESTS: page.requests(facts) if shown else page.NOT_SHOWN,
        CheckKind.CONTENT: page.NOT_SHOWN if is_dead_copy else page.content(facts),
        CheckKind.LANGUAGE: page.language(facts, subject.request) if shown else page.NOT_SHOWN,
        CheckKind.FEATURES: page.features(facts, subject.request, subject.mode)
        if shown
        else page.NOT_SHOWN,
        CheckKind.EXPIRY: _expiry(subject.expires_at, now),
        CheckKind.MIXED_CONTENT: page.mixed_content(facts) if shown else page.NOT_SHOWN,
    }
    findings = tuple(Finding(check, *results[check]) for check in CheckKind)
    return PreviewReport(now, subject.mode, findings)


_COPY_ENDED = (
    CheckLevel.WARNING,
    _("The preview’s own link has ended, so the portal wasn’t seen."),
)

_FAILURES: dict[FailureKind, CheckResult] = {
    FailureKind.LINK_DEAD: (
        CheckLevel.PROBLEM,
        _("The portal says that this link no longer opens."),
    ),
    FailureKind.HTTP: (CheckLevel.PROBLEM, _("The portal answered with an error.")),
    # This is not the portal's fault, but the portal wasn't seen.
    FailureKind.OFFLINE: (
        CheckLevel.WARNING,
        _("This computer is offline, so the portal wasn’t reached."),
    ),
    FailureKind.NAME: (CheckLevel.PROBLEM, _("The portal’s address wasn’t found.")),
    FailureKind.REFUSED: (CheckLevel.PROBLEM, _("The portal’s server refused the connection.")),
    FailureKind.TIMED_OUT: (CheckLevel.PROBLEM, _("The portal didn’t answer in time.")),
    FailureKind.CONNECTION: (CheckLevel.PROBLEM, _("The connection to the portal broke off.")),
    FailureKind.TLS: (
        CheckLevel.PROBLEM,
        _("Nothing was asked for, because the connection isn’t safe."),
    ),
    FailureKind.LOOP: (
        CheckLevel.PROBLEM,
        _("The portal’s server sends the browser round in a circle."),
    ),
    FailureKind.SIGN_IN: (
        CheckLevel.PROBLEM,
        _("The server asks for a password before it answers."),
    ),
    # These two are of this computer's network, not of the portal.
    FailureKind.PROXY_SIGN_IN: (
        CheckLevel.WARNING,
        _("This network’s proxy didn’t let the preview through, so the portal wasn’t reached."),
    ),
    FailureKind.LOCAL: (
        CheckLevel.WARNING,
        _("On this computer, the portal’s name has an address of a private network."),
    ),
    FailureKind.BLOCKED: (
        CheckLevel.PROBLEM,
        _("The link leads away from the portal’s own address."),
    ),
    FailureKind.NOT_A_PAGE: (
        CheckLevel.PROBLEM,
        _("The portal answered with something that is no page."),
    ),
    FailureKind.PROGRAM_MEMORY: (
        CheckLevel.WARNING,
        _("This program needed too much memory, so the portal wasn’t seen."),
    ),
    FailureKind.STOPPED: (CheckLevel.WARNING, _("Loading was stopped before there was an answer.")),
    # Embedded pages aren't checked. If that changes, these are problems.
    FailureKind.FRAMING: (CheckLevel.PROBLEM, _("The page could not be shown.")),
    FailureKind.NOT_IN_FRAME: (CheckLevel.PROBLEM, _("The page could not be shown.")),
}


def _status(facts: PageFacts) -> CheckResult:
    status = facts.status
    failure = _FAILURES.get(facts.failure) if facts.failure else None
    if status is not None and status >= HTTPStatus.BAD_REQUEST:
        sentence = failure[1] if failure else _("The portal answered with an error.")
        return CheckLevel.PROBLEM, f"{sentence.removesuffix('.')} ({describe_status(status)})."
    if failure is not None:
        return failure
    if status is None:
        return CheckLevel.UNKNOWN, _("The status of the answer couldn’t be told.")
    count = facts.redirects or 0
    if count == 0:
        return CheckLevel.OK, _("Answered with {status}.").format(status=describe_status(status))
    if count >= MANY_REDIRECTS:
        text = ngettext(
            "Answered with {status} after {count} redirect, which takes time.",
            "Answered with {status} after {count} redirects, each of which takes time.",
            count,
        )
    else:
        text = ngettext(
            "Answered with {status} after one redirect.",
            "Answered with {status} after {count} redirects.",
            count,
        )
    level = CheckLevel.WARNING if count >= MANY_REDIRECTS else CheckLevel.OK
    return level, text.format(status=describe_status(status), count=count)


_TLS_FAULTS = {
    TlsFault.EXPIRED: _("The server’s certificate has expired."),
    TlsFault.NOT_YET_VALID: _("The server’s certificate isn’t valid yet."),
    TlsFault.WRONG_HOST: _("The server’s certificate is for another host."),
    TlsFault.UNTRUSTED: _("The server’s certificate was signed by nobody this computer trusts."),
    TlsFault.OTHER: _("The server’s certificate was refused."),
}


def _tls(facts: PageFacts, now: datetime) -> CheckResult:
    tls = facts.tls
    if facts.failure is FailureKind.TLS or facts.certificate_fault:
        # The engine refused the same certificate and knows more about it.
        fault = facts.certificate_fault or (_TLS_FAULTS[tls.fault] if tls and tls.fault else "")
        return CheckLevel.PROBLEM, fault or _("The connection could not be made safe.")
    if facts.host is None:
        return CheckLevel.UNKNOWN, _("No connection was there to look at.")
    if not facts.is_encrypted and facts.is_this_machine:
        return CheckLevel.OK, _("This machine: not encrypted, but nothing leaves it.")
    if not facts.is_encrypted:
        return (
            CheckLevel.PROBLEM,
            _("The connection isn’t encrypted: everybody on the way can read along."),
        )
    return _encrypted(tls, now)


def _encrypted(tls: TlsFacts | None, now: datetime) -> CheckResult:
    if tls is not None and tls.fault is not None:
        return (
            CheckLevel.WARNING,
            _("The page opened, but this computer’s own check fails: {fault}").format(
                fault=_TLS_FAULTS[tls.fault]
            ),
        )
    if tls is None or tls.not_after is None:
        return CheckLevel.UNKNOWN, _("Encrypted; who issued the certificate couldn’t be told.")
    return _certificate(tls.issuer, tls.not_after - now)


def _certificate(issuer: str | None, left: timedelta) -> CheckResult:
    by = (
        _("Certificate by {issuer}").format(issuer=issuer)
        if issuer
        else _("Certificate without an issuer’s name")
    )
    if left <= timedelta():
        return CheckLevel.PROBLEM, _("{by}, which has ended.").format(by=by)
    if left < RENEWAL_TOO_LATE:
        return CheckLevel.PROBLEM, _("{by} ends in {span}: it must be renewed now.").format(
            by=by, span=span(left)
        )
    if left < RENEWAL_OVERDUE:
        return CheckLevel.WARNING, _("{by} ends in {span}: its renewal is overdue.").format(
            by=by, span=span(left)
        )
    return CheckLevel.OK, _("{by}, {span} left.").format(by=by, span=span(left))


def _host(facts: PageFacts, subject: PreviewSubject, allows_host: AllowsHost | None) -> CheckResult:
    host, expected = facts.host, subject.link_host
    if facts.failure is FailureKind.BLOCKED:
        return CheckLevel.PROBLEM, _("The link at {expected} leads to another host.").format(
            expected=expected
        )
    if host is None:
        return CheckLevel.UNKNOWN, _("The page never got as far as a host.")
    if allows_host is not None and not allows_host(host):
        return (
            CheckLevel.PROBLEM,
            _("The portal is at {host}, which the workspace’s policy doesn’t allow.").format(
                host=host
            ),
        )
    if host == expected:
        return CheckLevel.OK, _("The portal is at {host}, as the link says.").format(host=host)
    if subject.is_short_link:
        return _short_link(host, expected, is_known=allows_host is not None or _is_seams(host))
    return CheckLevel.PROBLEM, _("The link says {expected}, but the portal is at {host}.").format(
        expected=expected, host=host
    )


def _short_link(host: str, expected: str, *, is_known: bool) -> CheckResult:
    if is_known:
        return CheckLevel.OK, _("The short link at {expected} leads to {host}.").format(
            expected=expected, host=host
        )
    return (
        CheckLevel.WARNING,
        _("The short link leads to {host}: make sure that this is the right host.").format(
            host=host
        ),
    )


def _is_seams(host: str) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in SEAM_DOMAINS)


def _expiry(expires_at: datetime, now: datetime) -> CheckResult:
    left = expires_at - now
    if left <= timedelta():
        return CheckLevel.PROBLEM, _("The link has expired.")
    shown = _("less than a minute") if left < timedelta(minutes=1) else span(rounded_up(left))
    if left <= EXPIRING_WITHIN:
        return CheckLevel.WARNING, _(
            "The link ends in {shown}: the customer may come too late."
        ).format(shown=shown)
    return CheckLevel.OK, _("The link works for {shown}.").format(shown=shown)


def span(time: timedelta) -> str:
    """A positive time in whole units, rounded down: '6 days', '9 h', '40 min'."""
    hours = time // timedelta(hours=1)
    if hours >= 48:  # noqa: PLR2004 - as the list counts: days from two on
        return ngettext("{count} day", "{count} days", hours // 24).format(count=hours // 24)
    return (
        _("{hours} h").format(hours=hours)
        if hours
        else _("{value} min").format(value=max(1, time // timedelta(minutes=1)))
    )
