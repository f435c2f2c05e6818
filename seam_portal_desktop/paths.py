"""Where the program keeps its files, and where its shipped files are."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

APP_NAME = "seam-portal-desktop"


class AppPaths(NamedTuple):
    """The paths of one run. Making this object creates no file."""

    data_dir: Path
    log_dir: Path | None = None
    """The folder of the log, if not under `data_dir`."""
    own_preferences: Path | None = None
    """The preferences' file of the user's own data, if this is the demo."""

    @property
    def ledger(self) -> Path:
        return self.data_dir / "ledger.sqlite3"

    @property
    def preferences(self) -> Path:
        return self.data_dir / "preferences.json"

    @property
    def presets(self) -> Path:
        """The folder of the user's own presets."""
        return self.data_dir / "presets"

    @property
    def message_templates(self) -> Path:
        """The folder of the user's own templates of messages."""
        return self.data_dir / "message-templates"

    @property
    def kept_links(self) -> Path:
        """The folder of links that a ledger on a server hasn't saved yet."""
        return self.data_dir / "unsaved-links"

    @property
    def drafts(self) -> Path:
        """The folder of what was entered and not sent yet."""
        return self.data_dir / "drafts"

    @property
    def log(self) -> Path:
        return (self.log_dir or self.data_dir / "logs") / "seam-portal-desktop.log"

    @property
    def lock(self) -> Path:
        return self.data_dir / "instance.lock"

    @property
    def demo(self) -> AppPaths:
        """The demo's own files. The log is the same one."""
        return AppPaths(self.data_dir / "demo", self.log.parent, self.preferences)


def app_paths(data_dir: Path | None = None) -> AppPaths:
    """For `data_dir`, or the operating system's directory for this user's program data."""
    if data_dir is None:
        import platformdirs

        data_dir = Path(platformdirs.user_data_dir(APP_NAME, appauthor=False, roaming=False))
    return AppPaths(data_dir.expanduser().absolute())


class OwnProgram(NamedTuple):
    """How this program is started once more: the command without options, and the folder."""

    command: list[str]
    folder: Path | None


def own_program() -> OwnProgram:
    """For a checkout, a wheel or a frozen program."""
    import sys

    if getattr(sys, "frozen", False):
        return OwnProgram([sys.executable], None)
    return OwnProgram([sys.executable, "-m", "seam_portal_desktop"], Path(__file__).parents[1])


def resource(name: str) -> Path:
    """A shipped file in a checkout, a wheel or a frozen program; `name` is relative to resources/.

    In a checkout the guide is in docs/.

    Raises FileNotFoundError.
    """
    package = Path(__file__).parent
    roots = (package / "resources", package.parent / "resources", package.parent / "docs")
    for root in roots:
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"resources/{name}")
