"""Build the last commit twice, in two places, and compare: `check_reproducible.py [--quick]`.

Exit code 0 and the hashes when both builds are the same, byte for byte; 1 and what differs.
Signatures, which hold the time of their making, are left out: the environment has no key here.
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
        # Names of different lengths: a path that gets into a file moves what comes after it.
        places = [Path(folder) / name for name in ("first", "second-somewhere-else")]
        first, second = (_build(place, commit, moment, arguments) for place in places)
        for name in sorted(first.keys() | second.keys()):
            same = first.get(name) == second.get(name)
            print(f"{'same   ' if same else 'DIFFERS'} {first.get(name, 'absent')}  {name}")
        return 0 if first == second else 1


def _build(place: Path, commit: str, moment: str, arguments: list[str]) -> dict[str, str]:
    """Hashes of what a fresh checkout at `place` makes, by name; of the frozen files, too."""
    place.mkdir()
    archive = _git("archive", commit)
    subprocess.run(["tar", "--extract", "--directory", place], input=archive, check=True)
    environment = os.environ | {"SOURCE_DATE_EPOCH": moment, "GPG_PRIVATE_KEY": ""}
    command = [sys.executable, place / "packaging/build.py", *arguments]
    subprocess.run(command, env=environment, check=True, cwd=place)
    made = [*(place / "dist").iterdir(), *(place / "build/frozen").rglob("*")]
    return {
        str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in made
        if path.is_file()
    }


def _git(*arguments: str) -> bytes:
    return subprocess.run(
        ["git", "-C", ROOT, *arguments], stdout=subprocess.PIPE, check=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
