"""A request that is being written, field by field. No Qt.

Every field has its dotted path (``features.connect.exclude``), as in Seam's validation errors. The
sections of the form use the same path to write a field, to fill it and to show its error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest


class RequestDraft:
    """Starts empty, or from `base`, whose fields stay as they are unless they are set.

    A Mapping has the fields as wire() does, which may have mistakes.

    Fields are stored as JSON has them, so that a mistake can be shown and isn't lost.
    """

    def __init__(self, base: PortalRequest | Mapping[str, Any] | None = None) -> None:
        self._fields: dict[str, Any] = {}
        if isinstance(base, Mapping):
            self._fields = _copied(base)
        elif base is not None:
            import msgspec

            # By way of JSON, because to_builtins would leave tuples.
            self._fields = msgspec.json.decode(msgspec.json.encode(base))

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """The value at `path`, or None when it is unset."""
        node: Any = self._fields
        for name in path.split("."):
            if not isinstance(node, dict) or name not in node:
                return None
            node = node[name]
        return node

    def put(self, path: str, value: Any) -> None:  # noqa: ANN401
        """Set the field; None removes it, and each object that becomes empty by that."""
        if value is None:
            self._remove(path)
            return
        *parents, name = path.split(".")
        node = self._fields
        for parent in parents:
            node = node.setdefault(parent, {})
        node[name] = value

    def _remove(self, path: str) -> None:
        parent, _, name = path.rpartition(".")
        node = self.get(parent) if parent else self._fields
        if isinstance(node, dict) and name in node:
            del node[name]
            if parent and not node:
                self._remove(parent)

    def wire(self) -> dict[str, Any]:
        """The fields as JSON has them, unchecked. Don't change the result."""
        return self._fields

    def build(self) -> PortalRequest:
        """Raises msgspec.ValidationError for values that the contract forbids."""
        import msgspec

        from seam_portal_desktop.domain.request import PortalRequest

        return msgspec.convert(self._fields, PortalRequest)


def _copied(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A copy whose objects can be changed. Lists are shared: there may be 100,000 rows in them, and
    a field is only ever replaced as a whole."""
    return {
        name: _copied(value) if isinstance(value, Mapping) else value
        for name, value in fields.items()
    }
