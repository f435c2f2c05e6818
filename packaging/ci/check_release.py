"""Refuse to release what is not ready: `check_release.py TAG`.

The tag has to be the version with a v before it, and CHANGELOG.md has to date that version.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from common import project
from common.project import BuildError


def check(tag: str) -> None:
    """BuildError with what is missing."""
    version = project.version()
    if tag != f"v{version}":
        raise BuildError(f"The tag {tag} is not that of version {version}: v{version}.")
    newest = project.releases()[0]
    if newest.date is None:
        raise BuildError(f"CHANGELOG.md says that {version} is unreleased: give it its date.")


if __name__ == "__main__":
    try:
        check(*sys.argv[1:])
    except BuildError as error:
        sys.exit(f"check_release.py: {error}")
