"""The build's own Python environment, made from hash-locked requirements."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from common.project import ROOT
from common.run import run

LOCKS = (
    ROOT / "packaging" / "requirements.txt",
    ROOT / "packaging" / "requirements-build.txt",
)
_PLACE = ROOT / "build" / "packaging-env"


def make_environment() -> Path:
    """Its Python. Quick when it was made before from the same lock files."""
    python = _PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = _PLACE / ".locked"
    wanted = fingerprint()
    if python.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted:
        return python
    print("Making the build's environment (about 300 MB the first time) …", flush=True)
    run([sys.executable, "-m", "venv", "--clear", _PLACE])
    files = [argument for lock in LOCKS for argument in ("-r", lock)]
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    run([*pip, "--require-hashes", "--only-binary", ":all:", *files])
    stamp.write_text(wanted, "utf-8")
    return python


def fingerprint() -> str:
    """Changes with the locked packages and with the Python that runs them."""
    locked = b"".join(lock.read_bytes() for lock in LOCKS)
    return hashlib.sha256(locked + sys.version.encode()).hexdigest()
