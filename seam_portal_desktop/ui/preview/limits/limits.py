"""How much a previewed page may use before it is stopped, with reasons. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from seam_portal_desktop.texts import _

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Rate:
    """How many are allowed at once, and how many more each second after that."""

    at_once: int
    per_second: float


class Counted(StrEnum):
    """What is counted. The user reads the value after "More than 100"."""

    REQUEST = "requests"
    NAVIGATION = _("loads by the page itself")
    MESSAGE = "messages"
    QUESTION = _("questions to the browser")


def _rates() -> dict[Counted, Rate]:
    return {
        # A heavy page with every image of a customer's hundred units makes some hundreds. A page
        # that polls makes about one a second. Ending 10,000 pending ones takes half a second.
        Counted.REQUEST: Rate(2_000, 10),
        # A sign-in has five to ten redirects. People click at most about once a second.
        Counted.NAVIGATION: Rate(30, 1),
        # An endless script logs some ten thousand a second. What this process hasn't read yet
        # stays in its memory (measured: 70 MB a second).
        Counted.MESSAGE: Rate(2_000, 50),
        # New windows, permissions, full screen: each is refused with a notice, and costs a call.
        Counted.QUESTION: Rate(100, 1),
    }


@dataclass(frozen=True, slots=True)
class PageLimits:
    """After `hang_after` without an answer of the page, the user is asked.

    A page is ended if it exceeds one of the other limits. If it keeps the window's thread busy for
    `busy_for`, the user is asked; `busy_share` is the share of that thread's time.
    """

    hang_after: timedelta = timedelta(seconds=10)
    # A portal's page uses about 100 MB and the heaviest public pages 500. Two previews side by
    # side must fit beside other programs on a machine with 8 GB.
    renderer_bytes: int = 1_024 * MEGABYTE
    # What this process keeps for the page: blobs, canvases, unread messages. The engine's start
    # uses some 120 MB, a window of 4K with its buffers as much again.
    own_growth_bytes: int = 512 * MEGABYTE
    # Frames at one time. A portal has two or three. Each costs the window's thread about 2 ms when
    # it is added and nearly 1 ms when the page ends.
    frames: int = 60
    # The window's thread uses a few percent while an animation of 4K plays.
    busy_share: float = 0.75
    busy_for: timedelta = timedelta(seconds=5)
    rates: dict[Counted, Rate] = field(default_factory=_rates)
