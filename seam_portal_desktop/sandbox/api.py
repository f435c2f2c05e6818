"""The contract's routes over HTTP."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NoReturn, cast
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seam_portal_desktop.sandbox.auth import Credentials
from seam_portal_desktop.sandbox.contract import Contract, ContractRoute, Schema
from seam_portal_desktop.sandbox.errors import ApiError, invalid_input
from seam_portal_desktop.sandbox.faults import Faults
from seam_portal_desktop.sandbox.operations import Body, Operations
from seam_portal_desktop.sandbox.state import ReceivedRequest, SandboxState
from seam_portal_desktop.sandbox.validation import Validator

MAX_BODY = 5 * 1024 * 1024


def api_routes(
    contract: Contract, state: SandboxState, credentials: Credentials, faults: Faults
) -> list[Route]:
    """One Starlette route per route of the contract."""
    operations = Operations(state)
    return [
        Route(
            path,
            _Endpoint(route, operations, state, credentials, faults).handle,
            methods=sorted(route.methods),
        )
        for path, route in contract.routes.items()
    ]


class _Endpoint:
    def __init__(
        self,
        route: ContractRoute,
        operations: Operations,
        state: SandboxState,
        credentials: Credentials,
        faults: Faults,
    ) -> None:
        self._route = route
        self._operate = operations.by_path[route.path]
        self._validator = Validator(route.request)
        self._state = state
        self._credentials = credentials
        self._faults = faults

    async def handle(self, request: Request) -> Response:
        body: object = None
        problem: ApiError | None = None
        try:
            body = await self._read(request)
        except ApiError as error:
            problem = error
        self._state.record_request(
            ReceivedRequest(request.method, request.url.path, dict(request.headers), body)
        )

        def effect() -> Response:
            try:
                self._credentials.check(request.headers, self._route.security)
                if problem is not None:
                    raise problem
                if problems := self._validator.problems(body):
                    raise invalid_input(problems)
                return JSONResponse(self._operate(cast("Body", body)) | {"ok": True})
            except ApiError as error:
                return error.response()

        return await self._faults.answer(self._route.path, effect)

    async def _read(self, request: Request) -> object:
        raw = await read_body(request)
        if request.method == "POST" or raw:
            return parse_json(raw, request.headers.get("content-type", "")) if raw else {}
        return query_to_body(request.url.query, self._route.request)


async def read_body(request: Request) -> bytes:
    """The whole body. Raises ApiError as soon as it is larger than MAX_BODY bytes."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise ApiError(400, "invalid_input", "The body is larger than 5 MB.")
    return bytes(raw)


def parse_json(raw: bytes, content_type: str) -> object:
    """Raises ApiError for what isn't JSON. NaN isn't, although Python would read it."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise ApiError(400, "invalid_input", "Send JSON, with Content-Type application/json.")
    try:
        return json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "invalid_input", "The body is not JSON.") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def query_to_body(query: str, schema: Schema) -> Body:
    """Read a query string as Seam's SDKs write it: arrays as repeated names, null as no text.

    A text that can't be converted to the schema's type stays a text: then validation names the
    field. The SDKs add ``_strict`` to mark this form; it is dropped.
    """
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    values.pop("_strict", None)
    return {
        name: _typed(texts, schema["properties"].get(name, {})) for name, texts in values.items()
    }


def _typed(texts: Sequence[str], schema: Schema) -> object:
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if "array" in kinds:
        return [] if list(texts) == [""] else list(texts)
    text = texts[-1]
    if text == "" and "null" in kinds:
        return None
    if "boolean" in kinds:
        return {"true": True, "false": False}.get(text, text)
    if "number" in kinds or "integer" in kinds:
        return _number(text)
    return text


def _number(text: str) -> int | float | str:
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        return text
    return value if type(value) in (int, float) else text
