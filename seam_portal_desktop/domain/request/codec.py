"""The request as a JSON body, and back. Reading checks every rule of the contract."""

from __future__ import annotations

import re

import msgspec

from seam_portal_desktop.domain.request.base import FieldFormatError, join_path
from seam_portal_desktop.domain.request.customer_data import CustomerData
from seam_portal_desktop.domain.request.request import PortalRequest
from seam_portal_desktop.texts import _

_LOCATION = re.compile(r"^(?P<reason>.*) - at `(?P<path>[^`]*)`\Z", re.DOTALL)
_NAMED_FIELD = re.compile(r"^Object (missing required|contains unknown) field `(?P<field>.*)`\Z")

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(PortalRequest)


class RequestFormatError(ValueError):
    """JSON that is no portal request.

    ``path`` is dotted like Seam's own (``customer_data.spaces.0.name``) and empty for the whole
    request.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason


def encode_request(request: PortalRequest) -> bytes:
    """The JSON body in UTF-8, without the fields that are unset."""
    return _encoder.encode(request)


def decode_request(data: bytes | str) -> PortalRequest:
    """Read JSON. Raises RequestFormatError for an unknown field or a broken rule."""
    try:
        return _decoder.decode(data)
    except msgspec.ValidationError as error:
        raise RequestFormatError(*locate_problem(error)) from None
    except (msgspec.DecodeError, UnicodeError):
        raise RequestFormatError("", _("This is not JSON")) from None
    except RecursionError:
        raise RequestFormatError("", _("This JSON is nested too deeply")) from None


def encode_customer_data(data: CustomerData) -> bytes:
    """``customer_data`` alone, the body of push_data, in UTF-8."""
    return _encoder.encode(data)


def locate_problem(error: msgspec.ValidationError) -> tuple[str, str]:
    """The dotted path that `error` is about (empty for the whole), and the reason."""
    located = _LOCATION.match(str(error))
    reason = located["reason"] if located else str(error)
    path = _dotted(located["path"]) if located else ""
    if isinstance(error.__cause__, FieldFormatError):
        return join_path(path, error.__cause__.field), error.__cause__.reason
    if named := _NAMED_FIELD.match(reason):
        path = join_path(path, named["field"])
    return path, reason


def _dotted(path: str) -> str:
    """``$.spaces[0].name`` as ``spaces.0.name``; a mapping's unnamed ``[...]`` as ``*``."""
    path = path.replace("[...]", ".*")
    return re.sub(r"\[([0-9]+)\]", r".\1", path).removeprefix("$").removeprefix(".")
