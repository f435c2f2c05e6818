"""The pop-ups of one preview: which may open, how many, and their end."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineNewWindowRequest,
    QWebEngineProfile,
    QWebEngineSettings,
)
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.limits.rate_limiter import RateLimiter
from seam_portal_desktop.ui.preview.network.page_network import PageNetwork
from seam_portal_desktop.ui.preview.popups.popup_page import PopupPage
from seam_portal_desktop.ui.preview.security.addresses import readable_target
from seam_portal_desktop.ui.preview.security.page_policy import PreviewWebPage
from seam_portal_desktop.ui.preview.security.profile import encoded
from seam_portal_desktop.ui.preview.security.request_policy import PopupRules, PortalRules, Verdict

OPEN_LIMIT = 3
_UNASKED_LIMIT = 2
_CLICKED_LIMIT = 12
_PERIOD_S = timedelta(minutes=1).total_seconds()
_CAN_OPEN = QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows


class PopupRefusal(StrEnum):
    """Why there is no further pop-up; the value is the notice."""

    TOO_MANY_OPEN = _(
        "The portal wanted to open another pop-up. The preview shows {open_limit} at most at a "
        "time."
    ).format(open_limit=OPEN_LIMIT)
    TOO_OFTEN = _("The portal keeps opening pop-ups by itself. The preview opens no more for now.")


class PopupBudget:
    """Allows three pop-ups at a time. In a minute: two without a user's click, twelve with one.

    Clicks have a limit too. Otherwise a page could close and open pop-ups again and again, so that
    the user never reaches the close button.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._unasked: deque[float] = deque()
        self._clicked: deque[float] = deque()

    def request(self, *, open_now: int, by_user: bool) -> PopupRefusal | None:
        """Request one more while `open_now` are open. It is counted unless it is refused."""
        if open_now >= OPEN_LIMIT:
            return PopupRefusal.TOO_MANY_OPEN
        times, limit = (
            (self._clicked, _CLICKED_LIMIT) if by_user else (self._unasked, _UNASKED_LIMIT)
        )
        now = self._now()
        while times and now - times[0] >= _PERIOD_S:
            times.popleft()
        if len(times) >= limit:
            return PopupRefusal.TOO_OFTEN
        times.append(now)
        return None


class PopupWindows(QObject):
    """Opens pop-ups for the attached pages, in the profile that they share.

    Call `end()` before that profile ends.
    """

    opened = Signal(object)  # PopupPage, about to load: to be shown
    closed = Signal(object)  # PopupPage: not to be shown any more
    notice = Signal(str)

    def __init__(
        self,
        profile: QWebEngineProfile,
        rules: PortalRules,
        limiter: RateLimiter,
        network: PageNetwork,
        *,
        report_prefix: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._parent = parent
        self._profile = profile
        self._rules = PopupRules(rules)
        self._limiter = limiter
        self._network = network
        self._report_prefix = report_prefix
        self._budget = PopupBudget()
        self._popups: list[PopupPage] = []
        self._closing: list[PopupPage] = []

    def attach(self, page: PreviewWebPage) -> None:
        """Decide about the windows that `page` requests."""
        page.newWindowRequested.connect(lambda request: self._decide(page, request))

    def close_all(self) -> None:
        """Emit `closed` for all pop-ups; `end` ends them. Idempotent."""
        while self._popups:
            popup = self._popups.pop()
            popup.blockSignals(True)  # noqa: FBT003 - Qt's signature
            popup.page.notice.disconnect(self.notice)
            self._closing.append(popup)
            self.closed.emit(popup)

    def end(self) -> None:
        """End all pop-ups. Not inside a signal of one of their pages. Idempotent."""
        self.close_all()
        while self._closing:
            popup = self._closing.pop()
            popup.destroy()
            popup.deleteLater()

    def _decide(self, page: PreviewWebPage, request: QWebEngineNewWindowRequest) -> None:
        # If openIn() isn't called, the window is refused. For the page it looks closed soon after.
        address = encoded(request.requestedUrl())
        by_user = request.isUserInitiated()
        refusal: str | None
        if self._rules.judge_opening(address) is Verdict.REFUSE:
            target = readable_target(address)
            refusal = _("The portal tried to open {target}. The preview doesn’t go there.").format(
                target=target
            )
        else:
            refusal = self._budget.request(open_now=len(self._popups), by_user=by_user)
        if refusal is None:
            self._open(request)
            return
        page.notify(refusal)
        if not by_user:
            # Each refused window costs the engine a page, so this page may not try again.
            page.settings().setAttribute(_CAN_OPEN, False)  # noqa: FBT003 - Qt's signature

    def _open(self, request: QWebEngineNewWindowRequest) -> None:
        popup = PopupPage(
            self._profile,
            self._rules,
            self._limiter,
            self._network,
            report_prefix=self._report_prefix,
            parent=self._parent,
        )
        self._popups.append(popup)
        popup.page.notice.connect(self.notice)
        popup.closed.connect(lambda: self._close(popup))
        self.attach(popup.page)
        self.opened.emit(popup)
        request.openIn(popup.page)

    def _close(self, popup: PopupPage) -> None:
        if popup in self._popups:
            self._popups.remove(popup)
            self.closed.emit(popup)
            popup.destroy()
            popup.deleteLater()
