"""One of the preview's two slots: the portal in it, its link, and the end of that link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import (
    LedgerError,
    LinkUnreadableError,
    SecretStoreError,
    UserFacingError,
)
from seam_portal_desktop.domain.portal.record import Outcome, PortalRecord, PortalStatus
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.safe_preview import SafeLink, SafePreviewUnavailableError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.view.states import PreviewMessage
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import Locale, PortalRequest
    from seam_portal_desktop.ui.preview.pane import PreviewPane

_DELAY = timedelta(milliseconds=400)
"""Moving through the list with an arrow key must not create a link for each row."""

_MESSAGES = {
    PortalStatus.EXPIRED: PreviewMessage.EXPIRED,
    PortalStatus.REVOKED: PreviewMessage.REVOKED,
    PortalStatus.DAMAGED: PreviewMessage.DAMAGED,
}


@dataclass(eq=False)
class Viewing:
    """A portal that is shown or being opened.

    ``was_live``: the portal was live when that began. ``link`` is what `open_safe` returned.
    ``was_replaced``: a safe preview's link died and was replaced, so the new one won't be.
    ``lacks_key``: the keyring didn't give a key that is needed.
    """

    portal: PortalRecord
    mode: PreviewMode
    was_live: bool
    locale: Locale | None = None
    link: SafeLink | None = None
    was_replaced: bool = False
    lacks_key: bool = False

    @property
    def may_replace_link(self) -> bool:
        """Whether a new safe preview can help after the page showed that its link is dead.

        Only once: a portal whose links die at once must not create one after another.
        """
        return self.link is not None and self.link.is_safe_preview and not self.was_replaced


@dataclass(frozen=True)
class SlotContext:
    """What both slots need.

    ``obstacle`` is the reason why this process can't open pages, ``live_refusal`` the reason why
    live links are refused; either may be None. ``show_error`` shows an error outside the preview.
    """

    services: AppServices
    clock: Clock
    show_error: Callable[[UserFacingError], None]
    obstacle: str | None = None
    live_refusal: str | None = None
    delay: timedelta = _DELAY


class PreviewSlot:
    """Shows at most one portal, and ends its safe preview afterwards.

    A message alone doesn't open the pane's second view.
    """

    def __init__(
        self, pane: PreviewPane, context: SlotContext, scope: TaskScope, *, is_second: bool = False
    ) -> None:
        self._pane = pane
        self._context = context
        self._scope = scope
        self._is_second = is_second
        self._task = "open second preview" if is_second else "open preview"
        self.viewing: Viewing | None = None

    def shows(self, portal_id: str) -> bool:
        return self.viewing is not None and self.viewing.portal.portal_id == portal_id

    def still_shows(self, portal: PortalRecord) -> bool:
        """Whether the record is shown, and hasn't changed in a way that concerns the preview."""
        viewing = self.viewing
        if viewing is None or not self.shows(portal.portal_id):
            return False
        is_live = portal.is_live(self._context.clock())
        if viewing.was_live != is_live or viewing.portal.outcome is not portal.outcome:
            return False
        viewing.portal = portal
        return True

    def show(
        self,
        portal: PortalRecord,
        mode: PreviewMode,
        *,
        locale: Locale | None = None,
        at_once: bool = False,
    ) -> Viewing:
        """Show `portal` instead of what was shown.

        A safe preview is created after a short delay, in case another portal is selected. With
        `at_once` there is no delay.
        """
        self.end()
        now = self._context.clock()
        viewing = self.viewing = Viewing(portal, mode, portal.is_live(now), locale)
        message = _MESSAGES.get(portal.status(now))
        if message is not None:
            self._show_message(message, portal.portal_id)
        elif portal.outcome is not Outcome.CREATED or portal.expires_at is None:
            self._show_message(PreviewMessage.NOT_CREATED)
        else:
            # The keyring may take a minute. Don't show the previous customer's page meanwhile.
            self._show_message(PreviewMessage.OPENING)
            delay = timedelta() if at_once else self._context.delay
            self._scope.start(self._open(viewing, delay), name=self._task)
        return viewing

    def end(self) -> None:
        """Forget the portal and end its safe preview. The view doesn't change."""
        self._scope.cancel(self._task)
        viewing, self.viewing = self.viewing, None
        link = viewing.link if viewing is not None else None
        # While the window closes, the service ends its safe previews itself.
        if link is not None and link.is_safe_preview and not self._scope.is_closed:
            close = self._context.services.safe_previews.close_safe(link.portal.portal_id)
            self._scope.start(close)

    async def _open(self, viewing: Viewing, delay: timedelta) -> None:
        portal_id = viewing.portal.portal_id
        if self._context.obstacle is not None:
            self._show_message(PreviewMessage.UNAVAILABLE, text=self._context.obstacle)
            return
        try:
            if viewing.mode is PreviewMode.LIVE:
                await self._show_live(viewing)
            else:
                await asyncio.sleep(delay.total_seconds())
                await self._show_safe(viewing)
        except UserFacingError as error:
            if viewing.mode is PreviewMode.LIVE or isinstance(error, LinkUnreadableError):
                viewing.lacks_key = True
                self._show_message(PreviewMessage.UNREADABLE, portal_id, error.message)
            else:
                viewing.lacks_key = isinstance(error, SecretStoreError)
                self._show_safe_failure(error, portal_id)

    async def _show_safe(self, viewing: Viewing) -> None:
        portal, services = viewing.portal, self._context.services
        connection = services.workspaces.current
        if connection is None:
            raise UserFacingError(_("No workspace is connected."), _("Connect it, then try again."))
        link = await services.safe_previews.open_safe(
            connection, portal.portal_id, locale=viewing.locale
        )
        viewing.link = link
        self._show_target(
            PreviewTarget(
                portal.portal_id,
                portal.customer_key,
                link.url,
                link.expires_at,
                PreviewMode.SAFE,
                link.request,
                link_expires_at=portal.expires_at if link.is_safe_preview else None,
            )
        )

    async def _show_live(self, viewing: Viewing) -> None:
        portal, services = viewing.portal, self._context.services
        assert portal.expires_at is not None  # noqa: S101 - it was created
        url, request = await asyncio.gather(
            services.portals.url_of(portal.portal_id), self._request_of(portal.portal_id)
        )
        self._show_target(
            PreviewTarget(
                portal.portal_id,
                portal.customer_key,
                url,
                portal.expires_at,
                PreviewMode.LIVE,
                request,
            )
        )

    async def _request_of(self, portal_id: str) -> PortalRequest | None:
        try:
            return await self._context.services.ledger.request_of(portal_id)
        except LedgerError:
            return None

    def _show_target(self, target: PreviewTarget) -> None:
        (self._pane.show_second if self._is_second else self._pane.show_portal)(target)

    def _show_message(self, kind: PreviewMessage, portal_id: str = "", text: str = "") -> None:
        if not self._is_second:
            self._pane.show_message(kind, portal_id=portal_id, text=text)
        elif self._pane.second is not None:
            self._pane.second.show_message(kind, portal_id=portal_id, text=text)
        elif text:
            self._context.show_error(
                UserFacingError(_("The portal beside it can’t be shown."), text)
            )

    def _show_safe_failure(self, error: UserFacingError, portal_id: str) -> None:
        view = self._pane.second if self._is_second else self._pane
        if view is None:
            self._context.show_error(error)
            return
        view.show_safe_failure(
            error,
            portal_id,
            can_retry=not isinstance(error, SafePreviewUnavailableError),
            live_refusal=self._context.live_refusal,
        )
