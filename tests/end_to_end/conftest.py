from __future__ import annotations

import pytest

from seam_portal_desktop.runtime import release_clipboard
from tests.support.event_loop import qt_event_loop
from tests.support.garbage import (
    _imported_objects_are_frozen,
    leftovers_are_deleted,
)
from tests.support.processes import DRIVER, start
from tests.support.sandboxes import running_sandbox

__all__ = ["_imported_objects_are_frozen", "leftovers_are_deleted"]


@pytest.fixture(scope="session")
def qapp(qapp):
    yield qapp
    release_clipboard(qapp)


@pytest.fixture
def anyio_backend(qapp):
    return ("asyncio", {"loop_factory": qt_event_loop})


@pytest.fixture
def start_scenario(tmp_path):
    """Starts scenarios of drive_program that share a data directory and a file keyring."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    keyring = {"TEST_KEYRING_FILE": str(tmp_path / "keyring.json")}

    def begin(scenario: str, *arguments: str, **changes: str):
        options = (*arguments, "--data-dir", home / "data")
        return start(DRIVER, scenario, *options, home=home, **(keyring | changes))

    return begin


@pytest.fixture
def sandbox():
    with running_sandbox() as server:
        yield server
