from __future__ import annotations

import pytest

from seam_portal_desktop.runtime import release_clipboard
from seam_portal_desktop.ui.preview.network.page_network import engine_network
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.event_loop import qt_event_loop
from tests.support.garbage import (
    _imported_objects_are_frozen,
    leftovers_are_deleted,
)

__all__ = ["_imported_objects_are_frozen", "leftovers_are_deleted"]


@pytest.fixture(scope="session")
def qapp(qapp):
    """The application. The engine uses the previews' proxy, whoever starts it in this process."""
    engine_network().start()
    yield qapp
    release_clipboard(qapp)


@pytest.fixture
def anyio_backend(qapp):
    return ("asyncio", {"loop_factory": qt_event_loop})


@pytest.fixture(scope="module")
def theme(qapp):
    """The program's theme, for a module whose tests do not change it."""
    theme = Theme(qapp)
    theme.install()
    yield theme
    theme.deleteLater()
