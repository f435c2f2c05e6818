"""Creates the update service for this installation."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from pathlib import Path

from seam_portal_desktop import __version__
from seam_portal_desktop.adapters.updates.installation import this_file_kind, this_installation
from seam_portal_desktop.adapters.updates.tuf_updates import TufUpdates, UpdatePlace
from seam_portal_desktop.bootstrap.session import Session
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.paths import resource
from seam_portal_desktop.services.updates import UpdateService
from seam_portal_desktop.services.workspaces import WorkspaceService

_log = logging.getLogger(__name__)


async def update_service(
    session: Session, workspaces: WorkspaceService, closers: AsyncExitStack
) -> UpdateService:
    """`closers` closes the update source."""
    installation = await asyncio.to_thread(this_installation)
    place = await asyncio.to_thread(_shipped_place)
    source = None
    if place is not None:
        cache = session.paths.data_dir / "updates"
        source = TufUpdates(place, cache, this_file_kind(installation))
        closers.callback(source.close)
    return UpdateService(
        source,
        installation,
        __version__,
        policy=session.policy,
        data=session.data,
        save_preferences=workspaces.save,
        clock=system_clock,
    )


def _shipped_place() -> UpdatePlace | None:
    try:
        return UpdatePlace.shipped(resource("updates"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        _log.error("The shipped place of the updates can't be used: %s", type(error).__name__)
        return None


def downloads_folder() -> Path:
    """The downloads folder of this user."""
    from PySide6.QtCore import QStandardPaths

    location = QStandardPaths.StandardLocation.DownloadLocation
    return Path(QStandardPaths.writableLocation(location) or Path.home())
