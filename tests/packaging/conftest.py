"""The packages are built once and tried for minutes: `pytest -m packaging tests/packaging`."""

from __future__ import annotations

import faulthandler
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))  # as for packaging/build.py itself

_HERE = Path(__file__).parent
_IS_ROOT_ON_LINUX = sys.platform.startswith("linux") and os.geteuid() == 0


def pytest_collection_modifyitems(items):
    for item in items:
        if _HERE in item.path.parents and "built" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.packaging)


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The directory with what packaging/build.py makes on this machine."""
    if not _IS_ROOT_ON_LINUX or shutil.which("dpkg-shlibdeps") is None:
        pytest.skip("packages are built and tried as root, on Debian's relatives")
    # Nobody hangs here: pytest would print every thread's stack after two minutes.
    faulthandler.cancel_dump_traceback_later()
    out = ROOT / "build" / "tested"
    built = subprocess.run(
        [sys.executable, str(ROOT / "packaging/build.py"), "--quick", "--out", str(out)],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert built.returncode == 0, built.stdout
    return out
