"""A preview with low limits, for pages that try to break it.

The limits are lower than the real ones, so that the tests are quick and don't harm the machine.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Self

import psutil

from seam_portal_desktop.ui.preview.limits.limits import MEGABYTE, Counted, PageLimits, Rate
from tests.support.page_server import Answer, PageServer
from tests.support.preview_kit import press, shown_pane, shows_text, target
from tests.support.responsive import window_answers

LOW_LIMITS = PageLimits(
    hang_after=timedelta(milliseconds=600),
    renderer_bytes=300 * MEGABYTE,
    own_growth_bytes=150 * MEGABYTE,
    frames=30,
    rates={
        Counted.REQUEST: Rate(300, 10),
        Counted.NAVIGATION: Rate(10, 1),
        Counted.MESSAGE: Rate(500, 50),
        Counted.QUESTION: Rate(20, 1),
    },
)
WAIT_MS = 15_000
PATH = "/portals/hostile"


class Survival:
    """The pane, its signals, and the ways to attack it."""

    def __init__(self, pane, signals, qtbot, site: PageServer) -> None:
        self.pane = pane
        self.signals = signals
        self.qtbot = qtbot
        self.site = site
        self._other_processes: set[int] = set()

    @classmethod
    @contextmanager
    def open(cls, app, qtbot, site: PageServer, limits: PageLimits = LOW_LIMITS) -> Iterator[Self]:
        with shown_pane(app, limits=limits) as (pane, signals):
            survival = cls(pane, signals, qtbot, site)
            survival.show_good("before")
            survival._other_processes = _engine_processes() - {survival.pid}
            yield survival

    @property
    def web(self):
        return self.pane.first.web

    @property
    def pid(self) -> int:
        return self.web.widget.page().renderProcessPid()

    def wait(self, condition) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    def show_good(self, portal_id: str) -> None:
        self.pane.show_portal(target(self.site.url(), portal_id))
        self.wait(lambda: self.signals.rendered[-1:] == [portal_id])

    def attack(self, script: str = "", body: str = "", answer: Answer | None = None) -> None:
        """Open a page that ends with the script, or `answer`."""
        page = Answer(body=f"<h1>Portal</h1>{body}<script>{script}</script>")
        self.site.pages[PATH] = answer or page
        self.pane.show_portal(target(self.site.url(PATH)))

    def is_stopped(self, kind: str, title: str, script: str = "", body: str = "", **more) -> None:
        """The page is ended for that reason, a message says so, and the pane works again."""
        self.is_stopped_for_one_of({kind: title}, script, body, **more)

    def is_stopped_for_one_of(
        self, titles: Mapping[str, str], script: str = "", body: str = "", **more
    ) -> None:
        """The same, for whichever of these reasons comes first: `titles` by kind."""
        with window_answers():
            self.attack(script, body, **more)
            self.wait(lambda: self.signals.failed)
            ((portal_id, kind),) = self.signals.failed
            assert portal_id == "portal-1"
            assert kind in titles
            assert shows_text(self.pane, titles[kind])
            self.wait_until_no_renderer()
        self.works_again()

    def asks_and_stops(self, script: str = "", body: str = "", **more) -> None:
        """The user is asked, stops the page, and the pane works again."""
        with window_answers():
            self.attack(script, body, **more)
            self.stop_when_asked()
        self.works_again()

    def stop_when_asked(self) -> None:
        self.wait(lambda: shows_text(self.pane, "This page does not answer."))
        assert self.signals.failed == []
        press(self.pane, "Stop the page")
        assert self.signals.failed == [("portal-1", "unresponsive")]
        assert shows_text(self.pane, "The page didn’t answer")
        self.wait_until_no_renderer()

    def is_allowed(self, script: str = "", body: str = "", *, ms: int = 800, **more) -> None:
        """The page may go on and doesn't affect anything else."""
        with window_answers():
            self.attack(script, body, **more)
            self.wait(lambda: self.site.asked_for(PATH))
            self.qtbot.wait(ms)
        assert self.signals.failed == []
        self.show_good("next")
        self.wait_until_one_renderer()

    def works_again(self) -> None:
        self.site.pages.pop(PATH, None)
        press(self.pane, "Try again")
        self.wait(lambda: self.signals.rendered[-1:] == ["portal-1"])
        self.show_good("next")
        self.wait_until_one_renderer()

    def wait_until_no_renderer(self) -> None:
        self.wait(lambda: self.renderers() == set())

    def wait_until_one_renderer(self) -> None:
        self.wait(lambda: self.renderers() == {self.pid})

    def renderers(self) -> set[int]:
        """The processes that show pages: all but those that are there with every page."""
        return _engine_processes() - self._other_processes


def _engine_processes() -> set[int]:
    found = set()
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE:
                found.add(process.pid)
    return found
