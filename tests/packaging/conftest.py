"""The packages are built once a session: `pytest -m packaging tests/packaging`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "packaging"))  # as for packaging/build.py itself

from system_packages import (  # noqa: E402 - needs the path above
    PACKAGING_PACKAGES,
    make_sure_of_system_packages,
)

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if _HERE in item.path.parents and "built" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.packaging)


PUBLISHED = {
    "SEAM_PORTAL_DESKTOP_HOMEPAGE": "https://portals.example",
    "SEAM_PORTAL_DESKTOP_CONTACT": "packages@portals.example",
}


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the packages that packaging/build.py makes on this machine.

    As root, as in CI, missing tools are installed. Otherwise the tests that need them are skipped.
    """
    if shutil.which("apt-get") is None:
        pytest.skip("packages are built on Debian and its relatives")
    if os.geteuid() == 0:
        make_sure_of_system_packages(PACKAGING_PACKAGES)
    return build(ROOT, "build/tested")


def build(checkout: Path, out: str) -> Path:
    """Run the checkout's packaging/build.py. Returns its folder `out`."""
    built = subprocess.run(
        [sys.executable, "packaging/build.py", "--quick", "--out", out],
        cwd=checkout,
        env={**os.environ, **PUBLISHED},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert built.returncode == 0, built.stdout
    return checkout / out
