"""One place of the preview: what is shown there, through which link, and the end of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import (
    LedgerError,
    SecretStoreError,
    UserFacingError,
)
from seam_portal_desktop.domain.portal.record import Outcome, PortalRecord, PortalStatus
from seam_portal_desktop.domain.preview.report import PreviewMode
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portals import PortalService
from seam_portal_desktop.services.safe_preview import SafeLink
from seam_portal_desktop.services.safe_preview_rules import SafePreviewUnavailableError
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.view.states import PreviewMessage
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import Locale
    from seam_portal_desktop.domain.secret import Secret

REST = timedelta(milliseconds=400)
"""Walking through the list with an arrow key must not make a twin for every row passed."""

SafeAnswer = SafeLink | UserFacingError
"""A link to look at, or why there is none."""


class Surface(Protocol):
    """The pane, as one of its places sees it."""

    def show_portal(self, target: PreviewTarget) -> None: ...

    def show_message(
        self, kind: PreviewMessage, *, portal_id: str = "", text: str = ""
    ) -> None: ...

    def show_safe_failure(
        self,
        error: UserFacingError,
        portal_id: str,
        *,
        can_retry: bool,
        live_refusal: str | None = None,
    ) -> None: ...


@dataclass(eq=False)
class Viewing:
    """A portal that is shown or on its way; ``was_live`` when that began.

    ``link`` is what a safe preview was opened with.
    ``was_replaced`` says that one twin died and was replaced, so that the next one isn't.
    ``misses_key`` says that the keyring kept it from being shown.
    """

    portal: PortalRecord
    mode: PreviewMode
    was_live: bool
    locale: Locale | None = None
    link: SafeLink | None = None
    was_replaced: bool = False
    misses_key: bool = False


@dataclass(frozen=True)
class SlotContext:
    """What both slots need.

    ``obstacle`` says why no page may be opened in this process, ``live_refusal`` why no live link
    may be looked at, if that is so.
    """

    services: AppServices
    clock: Clock
    obstacle: str | None
    live_refusal: str | None = None
    rest: timedelta = REST


class PreviewSlot:
    """Shows at most one portal, and ends the twin that it was shown with."""

    def __init__(
        self,
        name: str,
        surface: Surface,
        context: SlotContext,
        scope: TaskScope,
    ) -> None:
        self._name = name
        self._surface = surface
        self._context = context
        self._scope = scope
        self._viewing: Viewing | None = None
        self._prepared: asyncio.Task[SafeAnswer] | None = None

    @property
    def viewing(self) -> Viewing | None:
        return self._viewing

    def shows(self, portal_id: str) -> bool:
        return self._viewing is not None and self._viewing.portal.portal_id == portal_id

    def still_shows(self, portal: PortalRecord) -> bool:
        """Whether the preview of the row as it was is the preview of the row as it is now."""
        viewing = self._viewing
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
        prepared: asyncio.Task[SafeAnswer] | None = None,
        at_once: bool = False,
    ) -> Viewing:
        """Show `portal` in the place of what was there.

        A twin is only made once nothing else was asked for during a short rest, unless it is to be
        shown `at_once` or is `prepared` already.
        """
        self.end()
        now = self._context.clock()
        viewing = self._viewing = Viewing(portal, mode, portal.is_live(now), locale)
        self._prepared = prepared
        status = portal.status(now)
        message = {
            PortalStatus.EXPIRED: PreviewMessage.EXPIRED,
            PortalStatus.REVOKED: PreviewMessage.REVOKED,
        }.get(status)
        if message is not None:
            self._surface.show_message(message, portal_id=portal.portal_id)
        elif portal.outcome is not Outcome.CREATED or portal.expires_at is None:
            self._surface.show_message(PreviewMessage.NOT_CREATED)
        else:
            # The keyring may take a minute: nobody must take the page before for this customer's.
            self._surface.show_message(PreviewMessage.OPENING)
            rest = timedelta() if at_once else self._context.rest
            self._scope.start(self._open(viewing, rest), name=self._name)
        return viewing

    @property
    def has_dead_safe_preview(self) -> bool:
        """Whether a new twin can help, now that the page said that the link opens nothing.

        Only once, so that a portal whose twins die at once doesn't make one after another.
        """
        viewing = self._viewing
        return (
            viewing is not None
            and viewing.link is not None
            and viewing.link.is_safe_preview
            and not viewing.was_replaced
        )

    def end(self) -> None:
        """Forget what is shown here, and end its twin. The surface is left as it is."""
        self._scope.cancel(self._name)
        viewing, self._viewing = self._viewing, None
        prepared, self._prepared = self._prepared, None
        if viewing is not None and viewing.link is not None:
            self._give_up(viewing.link)
        if prepared is not None:
            self.drop(prepared)

    def drop(self, prepared: asyncio.Task[SafeAnswer]) -> None:
        """Nobody will look at this twin."""
        if not prepared.done():
            prepared.cancel()
        elif not prepared.cancelled() and isinstance(answer := prepared.result(), SafeLink):
            self._give_up(answer)

    def _give_up(self, link: SafeLink) -> None:
        # While the window closes, the service ends its twins by itself.
        if link.is_safe_preview and not self._scope.is_closed:
            self._scope.start(self._close(link.portal.portal_id))

    async def _close(self, safe_preview_id: str) -> None:
        await self._context.services.safe_previews.close_safe(safe_preview_id)

    async def request_safe_preview(
        self, portal_id: str, locale: Locale | None = None
    ) -> SafeAnswer:
        """A link to look at `portal_id` with, or why there is none."""
        services = self._context.services
        connection = services.workspaces.current
        if connection is None:
            return UserFacingError("No workspace is connected.", "Connect it, then try again.")
        try:
            return await services.safe_previews.open_safe(connection, portal_id, locale=locale)
        except UserFacingError as error:
            return error

    async def _open(self, viewing: Viewing, rest: timedelta) -> None:
        portal = viewing.portal
        portals = self._context.services.portals
        try:
            url = await portals.url_of(portal.portal_id)
        except LedgerError as error:
            viewing.misses_key = True
            self._surface.show_message(
                PreviewMessage.UNREADABLE, portal_id=portal.portal_id, text=error.message
            )
            return
        if self._context.obstacle is not None:
            self._surface.show_message(PreviewMessage.UNAVAILABLE, text=self._context.obstacle)
        elif viewing.mode is PreviewMode.LIVE:
            await self._show_live(viewing, portals, url)
        elif self._prepared is not None:
            answer = await self._prepared
            self._prepared = None
            self._show_safe(viewing, answer)
        else:
            await asyncio.sleep(rest.total_seconds())
            answer = await self.request_safe_preview(portal.portal_id, viewing.locale)
            self._show_safe(viewing, answer)

    def _show_safe(self, viewing: Viewing, answer: SafeAnswer) -> None:
        portal = viewing.portal
        if isinstance(answer, UserFacingError):
            viewing.misses_key = isinstance(answer, SecretStoreError)
            self._surface.show_safe_failure(
                answer,
                portal.portal_id,
                can_retry=not isinstance(answer, SafePreviewUnavailableError),
                live_refusal=self._context.live_refusal,
            )
            return
        viewing.link = answer
        self._surface.show_portal(
            PreviewTarget(
                portal.portal_id,
                portal.customer_key,
                answer.url,
                answer.expires_at,
                PreviewMode.SAFE,
                answer.request,
                link_expires_at=portal.expires_at if answer.is_safe_preview else None,
            )
        )

    async def _show_live(self, viewing: Viewing, portals: PortalService, url: Secret) -> None:
        portal = viewing.portal
        assert portal.expires_at is not None  # noqa: S101 - it was created
        try:
            request = await portals.request_of(portal.portal_id)
        except LedgerError:
            request = None
        self._surface.show_portal(
            PreviewTarget(
                portal.portal_id,
                portal.customer_key,
                url,
                portal.expires_at,
                PreviewMode.LIVE,
                request,
            )
        )
