"""Sign the information about updates: `publish_updates.py FOLDER`. FOLDER is as in publish.py.

A program without resources/updates/ looks for no updates, so nothing is done. Otherwise the folder
`updates` beside FOLDER gets the new files and the metadata. Copy them over those on the server
once the release is published. The three keys are in the environment (see
common/release_metadata.py).
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from ci import publish
from common import project
from common.environment import make_environment
from common.project import ROOT, BuildError
from common.run import run

_COMMAND = ROOT / "packaging" / "common" / "release_metadata.py"
SHIPPED = ROOT / "resources" / "updates"


def main(machines: Path) -> None:
    if not (SHIPPED / "source.json").exists():
        print("The program looks for no updates: there is no resources/updates/source.json.")
        return
    url = json.loads((SHIPPED / "source.json").read_text("utf-8"))["url"]
    release, updates = machines.parent / "installers", machines.parent / "updates"
    shutil.rmtree(updates, ignore_errors=True)
    publish.gather(machines, release)
    command = [make_environment(), _COMMAND]
    where = ["--repository", updates, "--root", SHIPPED / "root.json"]
    run([*command, "fetch", *where, "--url", url])
    for channel in channels(project.version()):
        run([*command, "publish", *where, "--channel", channel, release])
    print(f"Copy these to {url} with the release:")
    for path in sorted(path for path in updates.rglob("*") if path.is_file()):
        print(f"  {path.relative_to(updates).as_posix()}")


def channels(version: str) -> list[str]:
    """A version with letters, such as 1.2.0rc1, is only for the channel beta."""
    return ["beta"] if any(letter.isalpha() for letter in version) else ["stable", "beta"]


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]).absolute())
    except BuildError as error:
        sys.exit(f"publish_updates.py: {error}")
