"""Wine, and a dummy program to install."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from system_packages import WINE_PACKAGES, make_sure_of_system_packages

from tests.support.wine import Wine

from windows import facts, installer  # isort: skip

# Wine runs only 64-bit programs here. The released installer is a 32-bit program.
STUB = "amd64-unicode"


@pytest.fixture(scope="session", autouse=True)
def tools():
    """As root, as in CI, missing tools are installed. Otherwise the tests are skipped."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        make_sure_of_system_packages(WINE_PACKAGES)
    signs = [sign.partition(":")[2] for sign in WINE_PACKAGES.values()]
    missing = [program for program in signs if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@pytest.fixture(scope="session")
def wine(tools, tmp_path_factory):
    wine = Wine(tmp_path_factory.mktemp("wine"))
    yield wine
    wine.close()


@pytest.fixture(scope="session")
def dummy(tools, tmp_path_factory) -> Path:
    """A program with a window, made by NSIS. It ends when the window is closed."""
    folder = tmp_path_factory.mktemp("dummy")
    script = folder / "dummy.nsi"
    script.write_text(
        f"Target {STUB}\nName Dummy\nOutFile {folder}/dummy.exe\nRequestExecutionLevel user\n"
        "InstallDir $TEMP\nPage directory\nSection\nSectionEnd\n"
    )
    installer.run([installer.find_makensis(), "-V1", script])
    return folder / "dummy.exe"


@pytest.fixture(scope="session", autouse=True)
def published():
    """The environment has a homepage."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEAM_PORTAL_DESKTOP_HOMEPAGE", "https://portals.example")
        yield


@pytest.fixture(scope="session")
def payload(dummy, tmp_path_factory) -> Path:
    tree = tmp_path_factory.mktemp("payload")
    for name in ("_internal/base_library.zip", "_internal/a folder/$of 'one' file.txt"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(name)
    helper = tree / facts.HELPER.replace("\\", "/")
    helper.parent.mkdir(parents=True)
    shutil.copyfile(dummy, helper)
    shutil.copyfile(dummy, tree / facts.PROGRAM)
    return tree
