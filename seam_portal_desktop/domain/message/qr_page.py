"""What stands on a printed page with a portal's QR code."""

from __future__ import annotations

from dataclasses import dataclass, field

from seam_portal_desktop.domain.message.customer_words import CustomerWords, customer_words
from seam_portal_desktop.domain.message.qr_code import qr_modules
from seam_portal_desktop.domain.message.rendering.plain_text import one_line
from seam_portal_desktop.domain.message.rendering.times import expiry_words
from seam_portal_desktop.domain.message.template import MessageFacts


@dataclass(frozen=True, slots=True)
class QrPage:
    """The link is in `modules` only: whoever sees the page from afar can't copy it. The other texts
    are in the customer's language. `expires_at` is when the link ends, in words."""

    company: str
    display_name: str
    words: CustomerWords
    expires_at: str
    modules: tuple[tuple[bool, ...], ...] = field(repr=False)


def qr_page(facts: MessageFacts) -> QrPage:
    """Slow: call it outside of the UI thread. Raises LinkTooLongError."""
    expiry = expiry_words(facts.expires_at, facts.now, facts.locale, facts.time_zone)
    return QrPage(
        company=one_line(facts.company),
        display_name=one_line(facts.display_name) or one_line(facts.customer_key),
        words=customer_words(facts.locale),
        expires_at=expiry.at,
        modules=qr_modules(facts.url.reveal()),
    )
