from __future__ import annotations

import pytest

from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.toolkit.icons import Icons


@pytest.fixture
def dialog(theme, qtbot):
    """The New portal dialog, open and empty."""
    dialog = NewPortalDialog(theme, Icons(theme))
    qtbot.addWidget(dialog, before_close_func=lambda made: made.set_busy(False))
    dialog.set_workspace("Acme Stays", WorkspaceKind.SANDBOX, demo=False)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog
