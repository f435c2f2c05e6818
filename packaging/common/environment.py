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
_FOLDER = ROOT / "build" / "packaging-env"


def make_environment() -> Path:
    """Create the environment, unless it exists for these lock files. Returns its Python."""
    python = _FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = _FOLDER / ".locked"
    wanted = fingerprint()
    if python.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted:
        return python
    print("Making the build's environment (about 300 MB the first time) …", flush=True)
    run([sys.executable, "-m", "venv", "--clear", _FOLDER])
    files = [argument for lock in LOCKS for argument in ("-r", lock)]
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    run([*pip, "--require-hashes", "--only-binary", ":all:", *files])
    stamp.write_text(wanted, "utf-8")
    return python


def fingerprint() -> str:
    """A hash of the locked packages and of the Python version."""
    locked = b"".join(lock.read_bytes() for lock in LOCKS)
    return hashlib.sha256(locked + sys.version.encode()).hexdigest()
