"""The web engine's page of a preview. It refuses everything that a preview doesn't need."""

from __future__ import annotations

from collections.abc import Callable
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
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.limits.limits import Counted
from seam_portal_desktop.ui.preview.limits.rate_limiter import RateLimiter
from seam_portal_desktop.ui.preview.security.addresses import readable_target
from seam_portal_desktop.ui.preview.security.blocked_api_monitor import blocked_api_of
from seam_portal_desktop.ui.preview.security.challenges import ChallengeGuard
from seam_portal_desktop.ui.preview.security.page_record import PageRecord
from seam_portal_desktop.ui.preview.security.permissions import PermissionGuard
from seam_portal_desktop.ui.preview.security.profile import encoded
from seam_portal_desktop.ui.preview.security.request_policy import Verdict

# The engine refuses file:, chrome: and similar addresses by itself, with only a console line.
_LOCAL_RESOURCE = "Not allowed to load local resource: "

_DIALOG_LIMIT = 20
_NOTICE_LIMIT = 12
_LONGEST_ADDRESS = 4_000


class NavigationRules(Protocol):
    """Where a page may go: a portal's rules, or those of its pop-ups."""

    def judge(self, url: str, *, main_frame: bool, redirect: bool = False) -> Verdict: ...


class Notices:
    """Passes each text to `emit` once until `reset`. One last text replaces all after the 12th."""

    def __init__(self, emit: Callable[[str], None]) -> None:
        self._emit = emit
        self._shown: set[str] = set()

    def show(self, text: str) -> None:
        if text in self._shown or len(self._shown) > _NOTICE_LIMIT:
            return
        self._shown.add(text)
        if len(self._shown) > _NOTICE_LIMIT:
            text = _("The page keeps asking for things that the preview refuses.")
        self._emit(text)

    def reset(self) -> None:
        self._shown.clear()


class PreviewWebPage(QWebEnginePage):
    """One page of a preview. It opens no window, no dialog, no file and no other site by itself.

    `subject` begins its notices. `report_prefix` is what `install_blocked_api_monitor` returned
    for the profile. `blocked` comes when the page itself can't be loaded or must be ended.
    """

    notice = Signal(str)
    leave_requested = Signal(object)  # Secret: the address, which may carry the token
    blocked = Signal(object)  # LoadFailure

    def __init__(
        self,
        profile: QWebEngineProfile,
        rules: NavigationRules,
        limiter: RateLimiter,
        *,
        report_prefix: str,
        subject: str = _("The portal"),
    ) -> None:
        super().__init__(profile)
        self._rules = rules
        self._limiter = limiter
        self.setAudioMuted(True)
        self.record = PageRecord()
        self._report_prefix = report_prefix
        self._subject = subject
        self._notices = Notices(self.notice.emit)
        self._dialog_count = 0
        self._has_asked_to_leave = False
        self.may_leave = False
        """True during our own reload: "Leave this page?" is then answered with yes."""
        # Links of other programs must reach acceptNavigationRequest, which refuses them with a
        # notice. The profile's own "disallow" would drop them silently.
        self.settings().setUnknownUrlSchemePolicy(
            QWebEngineSettings.UnknownUrlSchemePolicy.AllowAllUnknownUrlSchemes
        )
        PermissionGuard(self, self.notify_asked)
        challenges = ChallengeGuard(self)
        challenges.failed.connect(self.blocked)
        challenges.asked.connect(self.notify_asked)
        profile.downloadRequested.connect(self._cancel_download)

    def begin_load(self) -> None:
        """Reset all that belongs to the page before. Call it for each load that we start."""
        self.record.begin()
        self._notices.reset()
        self._dialog_count = 0
        self._has_asked_to_leave = False
        self.settings().resetAttribute(QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows)

    def on_user_input(self) -> None:
        """The user clicked or typed on the page: it may ask again whether to leave."""
        self._has_asked_to_leave = False

    def notify(self, text: str) -> None:
        """Emit a notice about the page, unless this load has emitted it before."""
        self._notices.show(text)

    def notify_asked(self, request: str) -> None:
        """Emit the notice that the page asked something and is refused."""
        self.notify(
            _("{subject} asked {request}. The preview never allows it.").format(
                subject=self._subject, request=request
            )
        )

    # Overridden Qt methods ----------------------------------------------------------------

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        type: QWebEnginePage.NavigationType,  # noqa: A002 - Qt's name
        isMainFrame: bool,  # noqa: FBT001, N803 - Qt's name
    ) -> bool:
        address = encoded(QUrl(url))
        if isMainFrame and not self._limiter.count(Counted.NAVIGATION, length=len(address)):
            return False
        redirect = type is QWebEnginePage.NavigationType.NavigationTypeRedirect
        verdict = self._rules.judge(address, main_frame=isMainFrame, redirect=redirect)
        if verdict is Verdict.ALLOW:
            if isMainFrame and redirect:
                self.record.redirected()
            return True
        target = readable_target(address)
        if isMainFrame:
            self.blocked.emit(LoadFailure(FailureKind.BLOCKED, target))
        else:
            self.record.refused(address)
        if verdict is Verdict.REFUSE:
            self._notify_refused(target)
        else:
            self._ask_to_leave(address)
        return False

    def chooseFiles(self, *_unused: object) -> list[str]:
        self.notify_asked(_("for a file or folder"))
        return []

    def javaScriptAlert(self, *_: object) -> None:
        self._count_dialog()

    def javaScriptConfirm(self, *_: object) -> bool:
        if self.may_leave:
            return True
        self._count_dialog()
        return False

    def javaScriptPrompt(self, *_: object) -> tuple[bool, str]:
        self._count_dialog()
        return False, ""

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        lineNumber: int,  # noqa: ARG002, N803 - Qt's name
        sourceID: str,  # noqa: ARG002, N803 - Qt's name
    ) -> None:
        """Count the message. Don't pass it on to Qt, which logs it: it may quote the link."""
        self._limiter.count(Counted.MESSAGE, length=len(message))
        blocked_api = blocked_api_of(message, self._report_prefix)
        if blocked_api is not None:
            self.notify_asked(blocked_api)
            return
        if message.startswith(_LOCAL_RESOURCE):
            self._notify_refused(
                readable_target(message[:_LONGEST_ADDRESS].removeprefix(_LOCAL_RESOURCE))
            )
        error = QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel
        self.record.console(message, is_error=level is error)

    # Refusals -----------------------------------------------------------------------------

    def _notify_refused(self, target: str) -> None:
        self.notify(
            _("{subject} tried to open {target}. The preview doesn’t go there.").format(
                subject=self._subject, target=target
            )
        )

    def _count_dialog(self) -> None:
        self._dialog_count += 1
        self.notify(
            _("{subject} opened a message box. The preview dismisses them.").format(
                subject=self._subject
            )
        )
        if self._dialog_count == _DIALOG_LIMIT:
            self.blocked.emit(LoadFailure(FailureKind.FLOODED))

    def _ask_to_leave(self, address: str) -> None:
        # Once for each time the user touches the page. If the page could replace the question,
        # the user's answer could be about another address than the one they read.
        if not self._has_asked_to_leave:
            self._has_asked_to_leave = True
            self.leave_requested.emit(Secret(address))

    def _cancel_download(self, download: QWebEngineDownloadRequest) -> None:
        download.cancel()
        if download.page() is self:
            self.blocked.emit(LoadFailure(FailureKind.NOT_A_PAGE))
            self.notify(
                _("{subject} offered a file to download. The preview doesn’t save files.").format(
                    subject=self._subject
                )
            )
