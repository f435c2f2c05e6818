"""Check that a release is ready: `check_release.py TAG`.

The tag must be the version with a v before it, and CHANGELOG.md must have the version's date.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from common import project
from common.project import BuildError


def check(tag: str) -> None:
    """Raise BuildError if something is missing."""
    version = project.version()
    if tag != f"v{version}":
        raise BuildError(f"The tag {tag} does not fit the version: it must be v{version}.")
    newest = project.releases()[0]
    if newest.date is None:
        raise BuildError(f"CHANGELOG.md has no date for version {version}.")


if __name__ == "__main__":
    try:
        check(*sys.argv[1:])
    except BuildError as error:
        sys.exit(f"check_release.py: {error}")
