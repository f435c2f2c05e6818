"""A report in words: the names of its checks, and all of it as plain text."""

from __future__ import annotations

from seam_portal_desktop.domain.preview.kinds import CheckKind, CheckLevel, PreviewMode
from seam_portal_desktop.domain.preview.report import Finding, PreviewReport
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.status_style import LEVEL_STYLE
from seam_portal_desktop.ui.toolkit.times import absolute

CHECK_TITLES = {
    CheckKind.STATUS: _("Answer"),
    CheckKind.TLS: _("Certificate"),
    CheckKind.HOST: _("Host"),
    CheckKind.TIMING: _("Speed"),
    CheckKind.CONSOLE: _("Console"),
    CheckKind.REQUESTS: _("Requests"),
    CheckKind.CONTENT: _("Content"),
    CheckKind.LANGUAGE: _("Language"),
    CheckKind.FEATURES: _("Features"),
    CheckKind.EXPIRY: _("Expiry"),
    CheckKind.MIXED_CONTENT: _("Mixed content"),
}
_MODES = {
    PreviewMode.SAFE: _("safe preview, a read-only copy"),
    PreviewMode.LIVE: _("live preview, the customer’s own link"),
}
_WORST_FIRST = (CheckLevel.PROBLEM, CheckLevel.WARNING, CheckLevel.UNKNOWN, CheckLevel.OK)


def verdict_text(report: PreviewReport) -> str:
    """'All good', '1 problem', '2 warnings'."""
    number, _unused, _unused = report.headline.partition(":")
    return number[0].upper() + number[1:]


def worst_first(report: PreviewReport) -> list[Finding]:
    """The findings, the worst first."""
    return [each for level in _WORST_FIRST for each in report.findings if each.level is level]


def report_text(report: PreviewReport, customer_key: str) -> str:
    """The whole report for an e-mail or a ticket. It holds no link and no token."""
    lines = [
        _("Preview of {customer_key}: {verdict_text}").format(
            customer_key=customer_key, verdict_text=verdict_text(report)
        ),
        _("Checked {at} ({mode})").format(at=absolute(report.at), mode=_MODES[report.mode]),
        "",
    ]
    lines += [
        f"{CHECK_TITLES[each.check]} – {LEVEL_STYLE[each.level].word}: {each.sentence}"
        for each in worst_first(report)
    ]
    return "\n".join(lines) + "\n"
