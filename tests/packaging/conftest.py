"""The packages are built once, and tested after everything else: that takes minutes."""

from __future__ import annotations

import faulthandler
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "packaging"))  # as for packaging/build.py itself

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    items.sort(key=_needs_packages)


def _needs_packages(item) -> bool:
    return _HERE in item.path.parents and "built" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The directory with what packaging/build.py makes on this machine."""
    if shutil.which("dpkg-shlibdeps") is None:
        pytest.skip("packages are made on Debian and its relatives")
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
