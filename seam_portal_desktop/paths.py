"""Where the program keeps its files, and where it finds the ones it ships."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

APP_NAME = "seam-portal-desktop"


@dataclass(frozen=True, slots=True)
class AppPaths:
    """The files of one run. Nothing is created by making this object."""

    data_dir: Path

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
        return self.data_dir / "logs" / "seam-portal-desktop.log"

    @property
    def lock(self) -> Path:
        return self.data_dir / "instance.lock"

    @property
    def demo(self) -> AppPaths:
        """The demo's own files, apart from the real ones."""
        return AppPaths(self.data_dir / "demo")


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
