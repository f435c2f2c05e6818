"""Where the program keeps its files, and where it finds the ones it ships."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

APP_NAME = "seam-portal-desktop"


class AppPaths(NamedTuple):
    """The files of one run. Nothing is created by making this object."""

    data_dir: Path
    log_dir: Path | None = None
    """Where the log is, if not under `data_dir`."""

    @property
    def ledger(self) -> Path:
        return self.data_dir / "ledger.sqlite3"

    @property
    def preferences(self) -> Path:
        return self.data_dir / "preferences.json"

    @property
    def presets(self) -> Path:
        """The user's own presets, a file each."""
        return self.data_dir / "presets"

    @property
    def log(self) -> Path:
        return (self.log_dir or self.data_dir / "logs") / "seam-portal-desktop.log"

    @property
    def lock(self) -> Path:
        return self.data_dir / "instance.lock"

    @property
    def demo(self) -> AppPaths:
        """The demo's own files, apart from the real ones; a run has one log, whatever it shows."""
        return AppPaths(self.data_dir / "demo", self.log.parent)


def app_paths(data_dir: Path | None = None) -> AppPaths:
    """The given directory, or the operating system's place for this user's program data."""
    if data_dir is None:
        import platformdirs

        data_dir = Path(platformdirs.user_data_dir(APP_NAME, appauthor=False, roaming=False))
    return AppPaths(data_dir.expanduser().absolute())


def resource(name: str) -> Path:
    """A shipped file, `name` relative to resources/, in a checkout, a wheel or a frozen program."""
    package = Path(__file__).parent
    for root in (package / "resources", package.parent / "resources"):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"resources/{name}")
