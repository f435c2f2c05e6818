"""What was entered in a dialog and not sent yet, and its form as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

_VERSION = 1

LARGEST_DRAFT = 32 * 1024 * 1024
"""Bytes of JSON: about 150,000 rows of customer data."""

_ROWS_AT_ONCE = 1000

KEPT_FOR = timedelta(days=30)


class DraftKind(StrEnum):
    """The dialog that a draft is for."""

    NEW_PORTAL = "new_portal"
    UPDATE_DATA = "update_data"


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """``kept_at`` is the time of the last edit. ``content`` is the dialog's and a JSON object. It
    has people's names and addresses in it."""

    draft_id: str
    kind: DraftKind
    workspace_id: str
    customer_key: str
    kept_at: datetime
    preset_id: str
    content: Mapping[str, Any] = field(repr=False)


def encode_draft(draft: KeptDraft) -> bytes:
    """JSON of everything but the id. Raises ValueError or TypeError for what isn't JSON."""
    document = {
        "version": _VERSION,
        "kind": draft.kind.value,
        "workspace_id": draft.workspace_id,
        "customer_key": draft.customer_key,
        "kept_at": draft.kept_at.isoformat(),
        "preset_id": draft.preset_id,
        "content": draft.content,
    }
    try:
        return _encode(document)
    except (UnicodeEncodeError, OverflowError):
        # A text with half of a surrogate pair, or a very large number.
        return json.dumps(document).encode()


def _encode(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Compact JSON. Long lists are encoded in parts, between which other threads can run."""
    import msgspec

    encode = msgspec.json.encode
    if isinstance(value, Mapping):
        return b"{%s}" % b",".join(b"%s:%s" % (encode(n), _encode(v)) for n, v in value.items())
    if isinstance(value, list) and len(value) > _ROWS_AT_ONCE:
        starts = range(0, len(value), _ROWS_AT_ONCE)
        parts = (encode(value[start : start + _ROWS_AT_ONCE])[1:-1] for start in starts)
        return b"[%s]" % b",".join(parts)
    return encode(value)


def decode_draft(draft_id: str, written: bytes) -> KeptDraft:
    """Raises ValueError for what `encode_draft` of this version didn't write."""
    import msgspec

    try:
        try:
            document = msgspec.json.decode(written)
        except msgspec.DecodeError:
            document = json.loads(written)
        if document["version"] != _VERSION:
            raise ValueError("version")
        kept_at = datetime.fromisoformat(document["kept_at"])
        texts = [document[name] for name in ("workspace_id", "customer_key", "preset_id")]
        content = document["content"]
        if kept_at.tzinfo is None or not isinstance(content, dict):
            raise ValueError("content")
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("text")
        workspace_id, customer_key, preset_id = texts
        kind = DraftKind(document["kind"])
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(type(error).__name__) from None
    return KeptDraft(draft_id, kind, workspace_id, customer_key, kept_at, preset_id, content)
