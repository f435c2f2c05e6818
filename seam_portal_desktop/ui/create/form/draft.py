"""Between the form and one PortalRequest: what each control writes, and reads back. No Qt.

Every field of the request is addressed by its dotted path (``features.connect.exclude``), the
same way as Seam's validation errors name it, so that a section of the form needs one vocabulary
for writing, filling and showing errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest

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

    Fields are kept as JSON holds them, so that a mistake can be shown instead of being lost.
    """

    def __init__(self, base: PortalRequest | None = None) -> None:
        self._fields: dict[str, Any] = {}
        if base is not None:
            import msgspec

            # By way of JSON, because to_builtins would leave tuples.
            self._fields = msgspec.json.decode(msgspec.json.encode(base))

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
        """Leave the field out, and whatever object becomes empty by that."""
        parent, _, name = path.rpartition(".")
        node = self.get(parent) if parent else self._fields
        if isinstance(node, dict) and name in node:
            del node[name]
            if parent and not node:
                self.omit(parent)

    def put(self, path: str, value: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        """Set the field, or leave it out when `value` is None."""
        if value is None:
            self.omit(path)
        else:
            self.set(path, value)

    def wire(self) -> dict[str, Any]:
        """The fields as JSON holds them, checked by nobody; the caller must not change them."""
        return self._fields

    def build(self) -> PortalRequest:
        """The request. Raises msgspec.ValidationError for values that the contract forbids."""
        import msgspec

        from seam_portal_desktop.domain.request import PortalRequest

        return msgspec.convert(self._fields, PortalRequest)
