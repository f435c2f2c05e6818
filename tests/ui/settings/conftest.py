from __future__ import annotations

import pytest

from seam_portal_desktop.domain.preferences import Settings
from seam_portal_desktop.ui.toolkit.times import set_time_style


@pytest.fixture
def style():
    """Sets how times are written; the default comes back afterwards."""
    yield set_time_style
    set_time_style(Settings())
