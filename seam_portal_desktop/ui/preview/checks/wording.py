"""A report in words: the names of its checks, and all of it as plain text."""

from __future__ import annotations

from seam_portal_desktop.domain.preview.kinds import CheckKind, CheckLevel, PreviewMode
from seam_portal_desktop.domain.preview.report import Finding, PreviewReport
from seam_portal_desktop.ui.portals.status_style import LEVEL_STYLE
from seam_portal_desktop.ui.toolkit.times import absolute

CHECK_TITLES = {
    CheckKind.STATUS: "Answer",
    CheckKind.TLS: "Certificate",
    CheckKind.HOST: "Host",
    CheckKind.TIMING: "Speed",
    CheckKind.CONSOLE: "Console",
    CheckKind.REQUESTS: "Requests",
    CheckKind.CONTENT: "Content",
    CheckKind.LANGUAGE: "Language",
    CheckKind.FEATURES: "Features",
    CheckKind.EXPIRY: "Expiry",
    CheckKind.MIXED_CONTENT: "Mixed content",
}
_MODES = {
    PreviewMode.SAFE: "safe preview, a read-only copy",
    PreviewMode.LIVE: "live preview, the customer’s own link",
}
_WORST_FIRST = (CheckLevel.PROBLEM, CheckLevel.WARNING, CheckLevel.UNKNOWN, CheckLevel.OK)


def verdict_text(report: PreviewReport) -> str:
    """'All good', '1 problem', '2 warnings'."""
    number, _, _ = report.headline.partition(":")
    return number[0].upper() + number[1:]


def worst_first(report: PreviewReport) -> list[Finding]:
    """The findings, the worst first."""
    return [each for level in _WORST_FIRST for each in report.findings if each.level is level]


def report_text(report: PreviewReport, customer_key: str) -> str:
    """The whole report for an e-mail or a ticket. It holds no link and no token."""
    lines = [
        f"Preview of {customer_key}: {verdict_text(report)}",
        f"Checked {absolute(report.at)} ({_MODES[report.mode]})",
        "",
    ]
    lines += [
        f"{CHECK_TITLES[each.check]} – {LEVEL_STYLE[each.level].word}: {each.sentence}"
        for each in worst_first(report)
    ]
    return "\n".join(lines) + "\n"
