"""The policy's choice of the renderer."""

from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.files.graphics_choice import FileGraphicsChoice
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.ui.help.graphics_controller import GraphicsController, GraphicsFailure
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.icons import Icons


@pytest.mark.parametrize(
    ("fixed", "expected"), [(None, (True, False)), (True, (False, True)), (False, (False, False))]
)
def test_a_fixed_renderer_is_locked_and_used_from_the_next_start(
    theme, qtbot, tmp_path, fixed, expected
):
    window = MainWindow(theme, Icons(theme), {}, has_workspace=True, is_demo=False)
    qtbot.addWidget(window)
    window.add_list(system_clock)
    window.complete(system_clock)
    choice = FileGraphicsChoice(tmp_path)
    GraphicsController(
        window,
        choice,
        GraphicsFailure(window),
        lambda: None,
        is_software=False,
        died=False,
        fixed=fixed,
    )
    is_free = window.actions_.software_rendering.isEnabled()
    assert (is_free, choice.wants_software) == expected
    window.preview.shutdown()
