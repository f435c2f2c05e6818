"""Reads Seam's answers from JSON.

Source: the contract's schemas of each route. Fields that this program doesn't use are left out,
so that the service may add and change them. Of create_portal's answer the deprecated ``magic_link``
is not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

import msgspec

from seam_portal_desktop.domain.address import read_address
from seam_portal_desktop.domain.portal.record import CustomerPortal
from seam_portal_desktop.domain.ports import CreatedDeepLink
from seam_portal_desktop.domain.request.codec import locate_problem
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import Workspace

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_T = TypeVar("_T")


class UnreadableAnswerError(Exception):
    """The body isn't as the contract has it. The text holds none of its values.

    ``field`` is the dotted path of a field that is missing or has a wrong type, or None.
    ``cut_off`` means that the JSON ends too early.
    """

    def __init__(self, field: str | None = None, *, cut_off: bool = False) -> None:
        super().__init__(field or ("cut off" if cut_off else "not JSON"))
        self.field = field
        self.cut_off = cut_off


class _Workspace(msgspec.Struct):
    workspace_id: str
    name: str
    company_name: str
    is_sandbox: bool
    is_suspended: bool


class _WorkspaceAnswer(msgspec.Struct):
    workspace: _Workspace


class _CustomerPortal(msgspec.Struct):
    url: str
    created_at: Moment
    expires_at: Moment
    # Without these the link is as good as with them, and it exists.
    customer_key: str | None = None
    workspace_id: str | None = None


class _PortalAnswer(msgspec.Struct):
    customer_portal: _CustomerPortal


class _OpenPortalAnswer(msgspec.Struct):
    magic_link: _CustomerPortal


class _DeepLink(msgspec.Struct):
    url: str
    expires_at: Moment


class _DeepLinkAnswer(msgspec.Struct):
    deep_link: _DeepLink


class _OkAnswer(msgspec.Struct):
    ok: bool


class ErrorAnswer(msgspec.Struct):
    """Seam's ``error`` object; ``validation_errors`` nests ``{"_errors": [text]}`` by field."""

    type: str
    message: str
    validation_errors: Any = None


class _ErrorEnvelope(msgspec.Struct):
    error: ErrorAnswer


def read_workspace(body: bytes) -> Workspace:
    """``/workspaces/get``. Raises UnreadableAnswerError."""
    wire = _decode(body, _WorkspaceAnswer).workspace
    return Workspace(
        workspace_id=wire.workspace_id,
        name=wire.name,
        company_name=wire.company_name,
        is_sandbox=wire.is_sandbox,
        is_suspended=wire.is_suspended,
    )


def read_customer_portal(body: bytes) -> CustomerPortal:
    """``/customers/create_portal``; times in UTC. Raises UnreadableAnswerError."""
    return _customer_portal(_decode(body, _PortalAnswer).customer_portal, "customer_portal")


def read_open_portal(body: bytes) -> CustomerPortal:
    """``/seam/customer/v1/customers/open_portal``; as `read_customer_portal`."""
    return _customer_portal(_decode(body, _OpenPortalAnswer).magic_link, "magic_link")


def _customer_portal(wire: _CustomerPortal, name: str) -> CustomerPortal:
    if not _is_web_address(wire.url):
        raise UnreadableAnswerError(f"{name}.url")
    return CustomerPortal(
        url=Secret(wire.url),
        customer_key=wire.customer_key or None,
        workspace_id=wire.workspace_id or None,
        created_at=as_utc(wire.created_at, f"{name}.created_at"),
        expires_at=as_utc(wire.expires_at, f"{name}.expires_at"),
    )


def read_deep_link(body: bytes) -> CreatedDeepLink:
    """``/customers/reservations/create_deep_link``; times in UTC. Raises UnreadableAnswerError."""
    wire = _decode(body, _DeepLinkAnswer).deep_link
    if not _is_web_address(wire.url):
        raise UnreadableAnswerError("deep_link.url")
    expires_at = as_utc(wire.expires_at, "deep_link.expires_at")
    return CreatedDeepLink(Secret(wire.url), expires_at, None)


def read_ok(body: bytes) -> None:
    """An answer with nothing but ``ok``. Raises UnreadableAnswerError, e.g. for a sign-in page."""
    if not _decode(body, _OkAnswer).ok:
        raise UnreadableAnswerError("ok")


def write_json(fields: Mapping[str, str]) -> bytes:
    return msgspec.json.encode(fields)


def write_query(lists: Mapping[str, Sequence[str]]) -> str:
    """A query as Seam's SDKs write it: a list is its name once for each text, names are sorted.

    With ``_strict`` they declare that lists are written in this way. The lists must not be empty.
    """
    pairs = [(name, text) for name in sorted(lists) for text in lists[name]]
    # The SDKs write texts as forms do, in which only ``*-._`` stay as they are.
    query = urlencode([*pairs, ("_strict", "true")], safe="*")
    return query.replace("~", "%7E")


def read_error(body: bytes) -> ErrorAnswer | None:
    """Seam's error object, or None for the answer of something else."""
    try:
        return msgspec.json.decode(body, type=_ErrorEnvelope).error
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def flatten_validation_errors(nested: object) -> Mapping[str, tuple[str, ...]]:
    """Seam's nested ``validation_errors`` as dotted paths; ``""`` is the request as a whole."""
    fields: dict[str, tuple[str, ...]] = {}
    waiting: list[tuple[str, object]] = [("", nested)]
    while waiting:
        path, node = waiting.pop()
        if not isinstance(node, dict):
            continue
        reasons = node.get("_errors")
        listed = reasons if isinstance(reasons, list) else []
        texts = tuple(text for text in listed if isinstance(text, str))
        if texts:
            fields[path] = texts
        children = [
            (f"{path}.{name}" if path else name, child)
            for name, child in node.items()
            if name != "_errors"
        ]
        waiting.extend(reversed(children))
    return fields


def _decode(body: bytes, kind: type[_T]) -> _T:
    failure: UnreadableAnswerError
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        failure = UnreadableAnswerError(locate_problem(error)[0])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        failure = UnreadableAnswerError(cut_off="truncated" in str(error))
    # Raised here, so that msgspec's error, which may quote the answer, isn't its context.
    raise failure


def as_utc(moment: datetime, field: str) -> datetime:
    """Raises UnreadableAnswerError, which names the `field`."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # year 1 or 9999 with an offset
        pass
    raise UnreadableAnswerError(field)


def _is_web_address(url: str) -> bool:
    address = read_address(url)
    return address is not None and address.scheme in ("http", "https")
