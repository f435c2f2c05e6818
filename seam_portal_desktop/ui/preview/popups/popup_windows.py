"""The pop-ups of one preview: which may open, how many, and their end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineNewWindowRequest,
    QWebEngineProfile,
    QWebEngineSettings,
)
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.ui.preview.limits.tally import PageTally
from seam_portal_desktop.ui.preview.popups.popup_budget import MOST_OPEN, Grant, PopupBudget
from seam_portal_desktop.ui.preview.popups.popup_page import PopupPage
from seam_portal_desktop.ui.preview.security.page_policy import PreviewWebPage
from seam_portal_desktop.ui.preview.security.profile import encoded
from seam_portal_desktop.ui.preview.security.request_policy import (
    PopUpRules,
    PortalRules,
    Verdict,
    readable_target,
)

_NOT_THERE = "The preview doesn’t go there."
_REFUSALS = {
    Grant.TOO_MANY_OPEN: "The portal wanted to open another pop-up. "
    f"The preview shows {MOST_OPEN} at most at a time.",
    Grant.TOO_OFTEN: "The portal keeps opening pop-ups by itself. "
    "The preview opens no more for now.",
}
_CAN_OPEN = QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows


class PopupWindows(QObject):
    """Opens pop-ups for the pages that it is attached to, with the profile that they share.

    Call `end()` before that profile goes. Each child is ended by `close`, which whoever shows it
    calls, or when its page closes itself.
    """

    opened = Signal(object)  # ChildView, about to load
    closed = Signal(object)  # ChildView, to be shown no more
    notice = Signal(str)

    def __init__(
        self,
        profile: QWebEngineProfile,
        rules: PortalRules,
        tally: PageTally,
        *,
        mark: str,
        parent: QWidget,
        budget: PopupBudget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parent = parent
        self._profile = profile
        self._rules = PopUpRules(rules)
        self._tally = tally
        self._mark = mark
        self._budget = budget or PopupBudget()
        self._popups: list[PopupPage] = []
        self._ending: list[PopupPage] = []

    def attach(self, page: PreviewWebPage) -> None:
        """Judge the windows that `page` wants to open."""
        page.newWindowRequested.connect(lambda request: self._consider(page, request))

    def close(self, child: PopupPage) -> None:
        """End a pop-up. Not from inside of one of its page's own signals."""
        if child in self._popups:
            self._popups.remove(child)
            self.closed.emit(child)
            child.destroy()
            child.deleteLater()

    def let_go(self) -> None:
        """Have all pop-ups taken from the screen; `end` destroys them. Idempotent."""
        while self._popups:
            child = self._popups.pop()
            child.blockSignals(True)  # noqa: FBT003 - Qt's signature
            self._ending.append(child)
            self.closed.emit(child)

    def end(self) -> None:
        """End all pop-ups. Not from inside of a signal of one of their pages. Idempotent."""
        self.let_go()
        while self._ending:
            child = self._ending.pop()
            child.destroy()
            child.deleteLater()

    def _consider(self, page: PreviewWebPage, request: QWebEngineNewWindowRequest) -> None:
        # Not calling openIn() is the refusal; for the page the window is closed soon after.
        address = encoded(request.requestedUrl())
        by_hand = request.isUserInitiated()
        refusal = None
        if self._rules.judge_opening(address) is Verdict.REFUSE:
            refusal = f"The portal tried to open {readable_target(address)}. {_NOT_THERE}"
        else:
            grant = self._budget.ask(is_open=len(self._popups), by_hand=by_hand)
            refusal = _REFUSALS.get(grant)
        if refusal is None:
            self._open(request)
            return
        page.say(refusal)
        if not by_hand:
            # Each refused window costs the engine a page: it needn't try again for this one.
            page.settings().setAttribute(_CAN_OPEN, False)  # noqa: FBT003 - Qt's signature

    def _open(self, request: QWebEngineNewWindowRequest) -> None:
        child = PopupPage(
            self._profile, self._rules, self._tally, mark=self._mark, parent=self._parent
        )
        self._popups.append(child)
        child.notice.connect(self.notice)
        child.closed.connect(self._closer(child))
        self.attach(child.page)
        self.opened.emit(child)
        request.openIn(child.page)

    def _closer(self, child: PopupPage) -> Callable[[], None]:
        return lambda: self.close(child)
