"""Between the form and one PortalRequest: what each control writes, and reads back. No Qt.

Every field of the request is addressed by its dotted path (``features.connect.exclude``), the
same way as Seam's validation errors name it, so that a section of the form needs one vocabulary
for writing, filling and showing errors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seam_portal_desktop.domain.portal_request import PortalRequest

CUSTOMER_KEY = "customer_data.customer_key"
LOCALE = "locale"
IS_EMBEDDED = "is_embedded"
READ_ONLY = "read_only"


@dataclass(frozen=True, slots=True)
class PortalFeature:
    """A part of the portal that can be left out. `gives` says what the customer can do with it."""

    name: str
    title: str
    gives: str

    @property
    def parent(self) -> str:
        return f"features.{self.name}"

    @property
    def path(self) -> str:
        return f"{self.parent}.exclude"


FEATURES = (
    PortalFeature("connect", "Connect", "Sign in to device accounts and add devices."),
    PortalFeature("organize", "Organize", "Say which device is in which room, unit or listing."),
    PortalFeature("manage", "Manage", "See and change reservations, staff and their access."),
    PortalFeature("configure", "Configure", "Set how access and climate automations run."),
    PortalFeature("manage_devices", "Manage devices", "The older device page. Deprecated by Seam."),
)

LOCALES = (
    ("de-DE", "Deutsch"),
    ("en-US", "English"),
    ("es-ES", "Español"),
    ("fr-FR", "Français"),
    ("it-IT", "Italiano"),
    ("nl-NL", "Nederlands"),
    ("pl-PL", "Polski"),
    ("pt-PT", "Português"),
    ("el-GR", "Ελληνικά"),
    ("ru-RU", "Русский"),
)
"""The portal's languages in their own names, Latin script first, then by alphabet."""


class RequestDraft:
    """A request being written. Starts empty, or from `base`, whose other fields stay as they are.

    A switch that `base` says nothing about is left unsaid while it is off, because Seam then
    follows the customization profile; one that `base` spells out stays spelt out.
    """

    def __init__(self, base: PortalRequest | None = None) -> None:
        self._fields: dict[str, Any] = {}
        if base is not None:
            import msgspec

            self._fields = msgspec.to_builtins(base)

    def get(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The value at `path` as JSON would hold it, or None when it is unset."""
        node: Any = self._fields
        for name in path.split("."):
            if not isinstance(node, dict) or name not in node:
                return None
            node = node[name]
        return node

    def set(self, path: str, value: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        *parents, name = path.split(".")
        node = self._fields
        for parent in parents:
            node = node.setdefault(parent, {})
        node[name] = value

    def omit(self, path: str) -> None:
        """Leave the field out, and whatever object would be empty without it."""
        parent, _, name = path.rpartition(".")
        node = self.get(parent) if parent else self._fields
        if isinstance(node, dict):
            node.pop(name, None)
            if parent and not node:
                self.omit(parent)

    def switch(self, path: str, *, on: bool) -> None:
        """Set a yes-or-no field that is no when nobody says anything."""
        if on or self.get(path) is not None:
            self.set(path, on)

    def build(self) -> PortalRequest:
        """The request. Raises msgspec.ValidationError for values that the contract forbids."""
        import msgspec

        from seam_portal_desktop.domain.portal_request import PortalRequest

        return msgspec.convert(self._fields, PortalRequest)

    def carried(self, owned: Collection[str]) -> list[str]:
        """What is set beside the `owned` paths, in words and in the request's order."""
        names: dict[str, None] = {}
        for path in _leaves(self._fields):
            if path not in owned:
                parts = path.split(".")
                grouped = parts[0] in {"customer_data", "features"}
                names[(parts[1] if grouped else parts[0]).replace("_", " ")] = None
        return list(names)


def _leaves(node: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in node.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"
