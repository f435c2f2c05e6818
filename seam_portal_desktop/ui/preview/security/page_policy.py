"""The web engine's page, told to refuse everything that a portal's preview doesn't need."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
)

from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.limits.limits import Counted
from seam_portal_desktop.ui.preview.limits.tally import PageTally
from seam_portal_desktop.ui.preview.page.page_record import PageRecord
from seam_portal_desktop.ui.preview.security.blocked_api_monitor import blocked_api_of
from seam_portal_desktop.ui.preview.security.challenges import ChallengeGuard
from seam_portal_desktop.ui.preview.security.dialogs import DialogCount
from seam_portal_desktop.ui.preview.security.notices import Notices
from seam_portal_desktop.ui.preview.security.permissions import PermissionGuard
from seam_portal_desktop.ui.preview.security.profile import encoded
from seam_portal_desktop.ui.preview.security.request_policy import Verdict, readable_target

# The engine refuses file:, chrome: and their like without asking, and says so on the console only.
_LOCAL_RESOURCE = "Not allowed to load local resource: "


class NavigationRules(Protocol):
    """Where a page may go: a portal's rules, or those of its pop-ups."""

    def judge(self, url: str, *, main_frame: bool, redirect: bool = False) -> Verdict: ...


class PreviewWebPage(QWebEnginePage):
    """One page of a preview. It never opens a window, a dialog, a file, or a way out by itself.

    `who` begins its notices. `mark` is that of the profile's wish script.
    """

    notice = Signal(str)
    leave_requested = Signal(object)  # Secret: the address, which may carry the token
    blocked = Signal(object)  # LoadFailure

    def __init__(
        self,
        profile: QWebEngineProfile,
        rules: NavigationRules,
        tally: PageTally,
        *,
        mark: str,
        who: str = "The portal",
    ) -> None:
        super().__init__(profile)
        self._rules = rules
        self._tally = tally
        self.setAudioMuted(True)
        self.record = PageRecord()
        self._mark = mark
        self._who = who
        self._notices = Notices(self.notice.emit)
        self._dialogs = DialogCount(self._say_dialog, self._end_flood)
        self._asked_to_leave = False
        self.leaving_by_us = False
        # So that links of other programs reach acceptNavigationRequest, where they are refused with
        # a word; the profile's own "disallow" would drop them silently.
        self.settings().setUnknownUrlSchemePolicy(
            QWebEngineSettings.UnknownUrlSchemePolicy.AllowAllUnknownUrlSchemes
        )
        PermissionGuard(self, self._say_asked)
        challenges = ChallengeGuard(self)
        challenges.failed.connect(self.blocked)
        challenges.asked.connect(self._say_asked)
        profile.downloadRequested.connect(self._cancel_download)

    def begin_load(self) -> None:
        """A load that we start: what the last page asked for is forgotten."""
        self.record.begin()
        self._notices.forget()
        self._dialogs.forget()
        self._asked_to_leave = False
        self.settings().resetAttribute(QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows)

    def used(self) -> None:
        """The user clicked or typed on the page, so what it asks for now may be their wish."""
        self._asked_to_leave = False

    def say(self, text: str) -> None:
        """Give a notice about the page, unless it was given before."""
        self._notices.say(text)

    # What Qt calls ------------------------------------------------------------------------

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        type: QWebEnginePage.NavigationType,  # noqa: A002 - Qt's name
        isMainFrame: bool,  # noqa: FBT001, N803 - Qt's name
    ) -> bool:
        if isMainFrame and not self._tally.count(Counted.NAVIGATION):
            return False
        address = encoded(QUrl(url))
        redirect = type is QWebEnginePage.NavigationType.NavigationTypeRedirect
        verdict = self._rules.judge(address, main_frame=isMainFrame, redirect=redirect)
        if verdict is Verdict.ALLOW:
            if isMainFrame and redirect:
                self.record.redirected()
            return True
        place = readable_target(address)
        if isMainFrame:
            self.blocked.emit(LoadFailure(FailureKind.BLOCKED, place))
        else:
            self.record.refused(address)
        if verdict is Verdict.REFUSE:
            self._say_refused(place)
        else:
            self._ask_to_leave(address)
        return False

    def chooseFiles(self, *_: object) -> list[str]:
        self._say_asked("for a file or folder")
        return []

    def javaScriptAlert(self, *_: object) -> None:
        self._dialogs.one_more()

    def javaScriptConfirm(self, *_: object) -> bool:
        if self.leaving_by_us:  # "Leave this page?" asked because of our own reload
            return True
        self._dialogs.one_more()
        return False

    def javaScriptPrompt(self, *_: object) -> tuple[bool, str]:
        self._dialogs.one_more()
        return False, ""

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        lineNumber: int,  # noqa: ARG002, N803 - Qt's name
        sourceID: str,  # noqa: ARG002, N803 - Qt's name
    ) -> None:
        """Only counted, not handed on: Qt would log it, and it may quote the link."""
        self._tally.count(Counted.MESSAGE)
        wish = blocked_api_of(message, self._mark)
        if wish is not None:
            self._say_asked(wish)
            return
        if message.startswith(_LOCAL_RESOURCE):
            self._say_refused(readable_target(message.removeprefix(_LOCAL_RESOURCE)))
        error = QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel
        self.record.console(message, is_error=level is error)

    # What the page asks for ---------------------------------------------------------------

    def _say_asked(self, wish: str) -> None:
        self.say(f"{self._who} asked {wish}. The preview never allows it.")

    def _say_refused(self, place: str) -> None:
        self.say(f"{self._who} tried to open {place}. The preview doesn’t go there.")

    def _say_dialog(self) -> None:
        self.say(f"{self._who} opened a message box. The preview dismisses them.")

    def _end_flood(self) -> None:
        self.blocked.emit(LoadFailure(FailureKind.FLOODED))

    def _ask_to_leave(self, address: str) -> None:
        # Once for each time the user touches the page: a question that the page could replace
        # would be answered for another place than the one that was read.
        if not self._asked_to_leave:
            self._asked_to_leave = True
            self.leave_requested.emit(Secret(address))

    def _cancel_download(self, download: QWebEngineDownloadRequest) -> None:
        download.cancel()
        if download.page() is self:
            self.blocked.emit(LoadFailure(FailureKind.NOT_A_PAGE))
            self.say(f"{self._who} offered a file to download. The preview doesn’t save files.")
