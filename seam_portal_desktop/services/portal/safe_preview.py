"""Safe previews: read-only links with a portal's request, revoked with the preview.

The customer's own link is live: a click in its page can open a real lock. Each safe preview is
written to the ledger before Seam is called, so none is lost. If one can't be revoked, or the
program crashes, `LeftSafePreviews` revokes it later, or it expires.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import (
    LedgerError,
    RequestUnreadableError,
    SeamError,
    UserFacingError,
)
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.portal.record import PortalKind, PortalRecord
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.request import CustomerData, Locale, PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.portal.creation import CreationService, LinkNotSavedError
from seam_portal_desktop.services.portal.left_safe_previews import record_left
from seam_portal_desktop.services.portal.records import PortalService
from seam_portal_desktop.services.portal.revocation import RevocationService
from seam_portal_desktop.texts import _

CLOSE_WITHIN = timedelta(seconds=3)
"""How long the program waits for revocations when it ends."""

_log = logging.getLogger(__name__)


class SafePreviewUnavailableError(UserFacingError):
    """This portal can't have a safe preview. Its live link can be previewed."""


class SafePreviewNotSavedError(UserFacingError):
    """Seam made the link but the ledger couldn't be written. The link is not used."""


@dataclass(frozen=True, slots=True)
class SafeLink:
    """A read-only link for the preview.

    ``portal`` is the record of the safe preview, or the portal itself if its link is read-only.
    ``expires_at`` is aware, in UTC. ``request`` is the request that made the link.
    """

    portal: PortalRecord
    url: Secret
    expires_at: datetime
    request: PortalRequest

    @property
    def is_safe_preview(self) -> bool:
        return self.portal.kind is PortalKind.SAFE_PREVIEW


class SafePreviewService:
    """Creates and revokes safe previews. Call `aclose` before the ledger is closed."""

    def __init__(
        self,
        ledger: Ledger,
        creation: CreationService,
        portals: PortalService,
        revocation: RevocationService,
        clock: Clock,
        *,
        policy: Policy = UNMANAGED,
    ) -> None:
        self._policy = policy
        self._ledger = ledger
        self._creation = creation
        self._portals = portals
        self._revocation = revocation
        self._clock = clock
        self._open: dict[str, WorkspaceConnection] = {}
        self._closing: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def open_safe(
        self, connection: WorkspaceConnection, portal_id: str, *, locale: Locale | None = None
    ) -> SafeLink:
        """A read-only link for the preview of a portal, in `locale` if it is given.

        Raises SafePreviewUnavailableError if the portal can't have one, LinkUnreadableError if its
        own link can't be read, SafePreviewNotSendableError for a safe preview, and SeamError,
        SecretStoreError, SafePreviewNotSavedError or LedgerError if creating it failed. If the
        caller is cancelled during the call to Seam, the link is revoked as soon as it exists.
        """
        url, original, request = await asyncio.gather(
            self._portals.url_of(portal_id),
            self._portals.portal(portal_id),
            self._readable_request_of(portal_id),
        )
        if original.kind is PortalKind.RESERVATION_DEEP_LINK:
            raise _unavailable(_("A link to a single reservation can’t be made read-only."))
        if original.workspace_id != connection.workspace.workspace_id:
            raise _unavailable(_("It belongs to another workspace."))
        if request is None:
            raise _unavailable(_("What this portal was asked for can’t be read any more."))
        if not request.customer_key:
            raise _unavailable(_("What this portal was asked for isn’t kept here."))
        is_read_only = request.read_only is True and locale in (None, request.locale)
        if is_read_only and original.expires_at is not None:
            return SafeLink(original, url, original.expires_at, request)
        creating = self._start(self._create(connection, original, _read_only(request, locale)))
        try:
            return await asyncio.shield(creating)
        except asyncio.CancelledError:
            self._start(self._close_when_created(creating))
            raise

    async def close_safe(self, safe_preview_id: str) -> None:
        """Revoke a link of `open_safe`. Raises nothing but CancelledError.

        If that fails, the portal's timeline gets an entry, and LeftSafePreviews tries again. Other
        ids are ignored.
        """
        async with self._closing.setdefault(safe_preview_id, asyncio.Lock()):
            connection = self._open.get(safe_preview_id)
            if connection is None:
                return
            try:
                await self._revocation.find_and_revoke(connection, safe_preview_id)
            except UserFacingError as error:
                await record_left(self._ledger, safe_preview_id, error, self._clock())
            except Exception:  # noqa: BLE001 - the window must close after a bug here too
                _log.exception("A safe preview's link could not be ended")
            self._open.pop(safe_preview_id, None)
            self._closing.pop(safe_preview_id, None)

    def is_open(self, safe_preview_id: str) -> bool:
        """Whether the safe preview is shown, or is being made or revoked."""
        return safe_preview_id in self._open

    async def aclose(self, within: timedelta = CLOSE_WITHIN) -> None:
        """Revoke all open safe previews, but stop after `within`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within.total_seconds()):
                await asyncio.gather(*self._tasks, return_exceptions=True)
                await asyncio.gather(*map(self.close_safe, list(self._open)))
        unfinished = list(self._tasks)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    async def _readable_request_of(self, portal_id: str) -> PortalRequest | None:
        try:
            return await self._ledger.request_of(portal_id)
        except RequestUnreadableError:
            return None

    async def _create(
        self, connection: WorkspaceConnection, original: PortalRecord, request: PortalRequest
    ) -> SafeLink:
        safe_preview_id = str(uuid.uuid4())
        # Set it before the record exists, or LeftSafePreviews revokes the link.
        self._open[safe_preview_id] = connection
        try:
            safe_preview, url = await self._creation.create_safe_preview(
                connection, original, request, safe_preview_id
            )
        except LinkNotSavedError as error:
            del self._open[safe_preview_id]
            unsaved = self._creation.discard_unsaved(safe_preview_id)
            with contextlib.suppress(UserFacingError):
                await self._revocation.revoke_unrecorded(connection, unsaved)
            raise SafePreviewNotSavedError(
                _("The safe preview could not be written down."),
                _(
                    "Seam made its link, but the ledger couldn’t take it, so it isn’t shown. "
                    "{reason}"
                ).format(reason=error.reason),
                technical=error.technical,
                can_retry=True,
            ) from None
        except BaseException as error:
            del self._open[safe_preview_id]
            if isinstance(error, SeamError) and error.outcome_unknown:
                await record_left(self._ledger, safe_preview_id, error, self._clock())
            raise
        assert safe_preview.expires_at is not None  # noqa: S101 - it was created
        try:
            url = self._policy.check_link(url)
        except LedgerError:
            await self.close_safe(safe_preview_id)
            raise
        return SafeLink(safe_preview, url, safe_preview.expires_at, request)

    async def _close_when_created(self, creating: asyncio.Task[SafeLink]) -> None:
        await asyncio.wait([creating])
        if not creating.cancelled() and creating.exception() is None:
            await self.close_safe(creating.result().portal.portal_id)

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # without this call asyncio logs the error


def _read_only(request: PortalRequest, locale: Locale | None) -> PortalRequest:
    """The read-only request, in `locale` if it is given.

    Of the customer data only the key is sent. The portal's own request has pushed the rest, and
    pushing it again would undo later changes.
    """
    return replace(
        request,
        customer_data=CustomerData(customer_key=request.customer_key or ""),
        read_only=True,
        locale=locale or request.locale,
    )


def _unavailable(reason: str) -> SafePreviewUnavailableError:
    return SafePreviewUnavailableError(
        _("No safe preview for this link"),
        _(
            "{reason} Only the live link can be looked at, and a click there acts on the "
            "customer’s real devices."
        ).format(reason=reason),
    )
