"""The sandbox as one ASGI application."""

from __future__ import annotations

import logging
import uuid
from email.utils import format_datetime
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from seam_portal_desktop.sandbox.api import api_routes
from seam_portal_desktop.sandbox.auth import Credentials
from seam_portal_desktop.sandbox.contract import Contract
from seam_portal_desktop.sandbox.errors import ApiError
from seam_portal_desktop.sandbox.faults import Faults
from seam_portal_desktop.sandbox.mail.web.routes import mailbox_routes
from seam_portal_desktop.sandbox.pages import page_routes
from seam_portal_desktop.sandbox.state import SandboxState

if TYPE_CHECKING:
    from seam_portal_desktop.sandbox.mail.server import SandboxMailbox

_log = logging.getLogger(__name__)


def create_app(
    contract: Contract,
    state: SandboxState,
    credentials: Credentials,
    *,
    api_faults: Faults,
    page_faults: Faults,
    mailbox: SandboxMailbox | None,
) -> ASGIApp:
    """The API, the portal page and the mailbox.

    Every answer has a ``seam-request-id`` and ``date``.
    """
    app = Starlette(
        routes=[
            *api_routes(contract, state, credentials, api_faults),
            *page_routes(contract, state, page_faults),
            *(mailbox_routes(mailbox) if mailbox is not None else ()),
        ],
        exception_handlers={
            ApiError: _refused,
            HTTPException: _not_routed,
            ClientDisconnect: _left,
            Exception: _failed,
        },
    )
    return _WithSeamHeaders(app, state)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - Starlette hands over what it is registered for
    return error.response()


async def _not_routed(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette hands over what it is registered for
    if error.status_code == 405:  # noqa: PLR2004 - the status itself
        refusal = ApiError(
            405,
            "method_not_allowed",
            f"{request.method} is not for this route.",
            headers=error.headers,
        )
    else:
        refusal = ApiError(error.status_code, "not_found", "There is no such route.")
    return refusal.response()


async def _left(_request: Request, _error: Exception) -> Response:
    """Return an answer that nobody gets: the client has closed its connection too early."""
    return Response(status_code=400)


async def _failed(request: Request, error: Exception) -> Response:
    # A portal's path is half of a secret, so the log gets the first part only.
    _log.error("The sandbox failed at /%s", request.url.path.split("/")[1], exc_info=error)
    return ApiError(500, "internal_server_error", "The sandbox failed. See its log.").response()


class _WithSeamHeaders:
    """Adds the request id and the sandbox's time. It is the outermost layer, so failures have them
    as well."""

    def __init__(self, app: ASGIApp, state: SandboxState) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["seam-request-id"] = str(uuid.uuid4())
                headers["date"] = format_datetime(self._state.clock(), usegmt=True)
            await send(message)

        await self._app(scope, receive, send_with_headers)
