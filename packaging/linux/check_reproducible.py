"""Build the last commit twice, in two folders, and compare: `check_reproducible.py [--quick]`.

Exit code 0 if both builds are the same byte for byte, else 1. It prints every file with its hash.
There are no signatures, because they contain a time.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    commit, moment = _git("log", "-1", "--format=%H %ct").decode().split()
    with tempfile.TemporaryDirectory(prefix="reproducible-") as folder:
        # The names have different lengths, so that a path inside a file makes a difference.
        checkouts = [Path(folder) / name for name in ("first", "second-somewhere-else")]
        first, second = (_build(checkout, commit, moment, arguments) for checkout in checkouts)
        for name in sorted(first.keys() | second.keys()):
            same = first.get(name) == second.get(name)
            print(f"{'same   ' if same else 'DIFFERS'} {first.get(name, 'absent')}  {name}")
        return 0 if first == second else 1


def _build(checkout: Path, commit: str, moment: str, arguments: list[str]) -> dict[str, str]:
    """Build in a fresh `checkout`. Returns the hashes of the packages and frozen files by name."""
    checkout.mkdir()
    archive = _git("archive", commit)
    subprocess.run(["tar", "--extract", "--directory", checkout], input=archive, check=True)
    environment = os.environ | {"SOURCE_DATE_EPOCH": moment, "GPG_PRIVATE_KEY": ""}
    command = [sys.executable, checkout / "packaging/build.py", *arguments]
    subprocess.run(command, env=environment, check=True, cwd=checkout)
    made = [*(checkout / "dist").iterdir(), *(checkout / "build/frozen").rglob("*")]
    return {
        str(path.relative_to(checkout)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in made
        if path.is_file()
    }


def _git(*arguments: str) -> bytes:
    return subprocess.run(
        ["git", "-C", ROOT, *arguments], stdout=subprocess.PIPE, check=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
