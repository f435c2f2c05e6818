"""What a page did since its load began, as the engine reported it. No Qt in here.

Everything in it is counted or cut to a fixed size, so that no page can fill the memory with it.
"""

from __future__ import annotations

import re
from copy import copy

_MOST_NAMES = 4
_MOST_ADDRESSES = 500
_UNCAUGHT = re.compile(r"Uncaught (?:\(in promise\) )?([A-Z][A-Za-z]{2,30}Error)\b")

# Chromium's own words (blink, mixed_content_checker.cc). A page that writes them itself only
# makes its own report worse.
_MIXED_CONTENT = "Mixed Content: "


class PageRecord:
    """The page, its view and its request interceptor call the methods. The checks read the fields.

    ``generation`` counts the loads that we began. ``status`` and ``address`` are the main
    document's, once they are known; the address may hold the link's token. ``held_back`` are
    addresses that the preview refused to fetch for the page, a sample of ``held_back_count``.
    """

    def __init__(self) -> None:
        self.generation = 0
        self.begin()

    def begin(self) -> None:
        """Forget the page before, because we start a load."""
        self.generation += 1
        self.status: int | None = None
        self.address: str | None = None
        self.redirects = 0
        self.console_errors = 0
        self.mixed_blocked = 0
        self.mixed_upgraded = 0
        self.error_names: list[str] = []
        self.held_back: set[str] = set()
        self.held_back_count = 0

    def snapshot(self) -> PageRecord:
        """A copy that doesn't change any more."""
        taken = copy(self)
        taken.error_names = list(self.error_names)
        taken.held_back = set(self.held_back)
        return taken

    def console(self, message: str, *, is_error: bool) -> None:
        """The page's console got `message`. Only its kind is stored."""
        if message.startswith(_MIXED_CONTENT):
            if is_error:
                self.mixed_blocked += 1
            else:
                self.mixed_upgraded += 1
            return
        if not is_error:
            return
        self.console_errors += 1
        if len(self.error_names) < _MOST_NAMES:
            named = _UNCAUGHT.match(message)
            if named and named[1] not in self.error_names:
                self.error_names.append(named[1])

    def redirected(self) -> None:
        """The server sent the main document on to another address."""
        self.redirects += 1

    def answered(self, address: str, status: int | None) -> None:
        """The main document came from `address`."""
        self.address, self.status = address, status

    def refused(self, address: str) -> None:
        """The preview didn't fetch `address` for the page."""
        self.held_back_count += 1
        if len(self.held_back) < _MOST_ADDRESSES:
            self.held_back.add(address)
