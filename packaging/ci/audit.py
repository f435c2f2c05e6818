"""Look for known vulnerabilities of the locked packages: `audit.py`. Needs a network.

Exit code 1 if there is one. It checks the packages of the program and of the build. It installs
only pip-audit, from its own hash-locked list.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from common.environment import LOCKS
from common.project import ROOT, BuildError
from common.run import run

_LOCK = ROOT / "packaging" / "requirements-audit.txt"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        environment = Path(folder) / "env"
        run([sys.executable, "-m", "venv", environment])
        python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet"]
        run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", _LOCK])
        audit = [str(python), "-m", "pip_audit", "--require-hashes", "--disable-pip"]
        audit += ["--progress-spinner", "off", "--desc", "on"]
        for lock in LOCKS:
            audit += ["--requirement", str(lock)]
        return subprocess.call(audit, cwd=ROOT)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:
        sys.exit(f"audit.py: {error}")
