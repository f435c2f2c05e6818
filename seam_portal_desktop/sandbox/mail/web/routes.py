"""The mailbox over HTTP: pages for people, JSON for tests, and the faults."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from seam_portal_desktop.sandbox.api import parse_json, read_body
from seam_portal_desktop.sandbox.errors import ApiError
from seam_portal_desktop.sandbox.mail.store import ReceivedMail
from seam_portal_desktop.sandbox.mail.web.fault_json import apply_json, to_json
from seam_portal_desktop.sandbox.mail.web.mailbox_page import render_list, render_mail
from seam_portal_desktop.sandbox.mail.web.reading import subject_of

if TYPE_CHECKING:
    from seam_portal_desktop.sandbox.mail.server import SandboxMailbox

_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_PAGE_HEADERS = _NO_STORE | {
    # A mail's HTML is in a frame without scripts, and the frame has these rules as well.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


def mailbox_routes(mailbox: SandboxMailbox) -> list[Route]:
    """The routes below ``mailbox.path``."""
    routes = _MailboxRoutes(mailbox)
    path = mailbox.path
    return [
        Route(path, routes.show, methods=["GET"]),
        Route(path, routes.remove_all, methods=["DELETE"]),
        Route(f"{path}.json", routes.list_json),
        Route(f"{path}/empty", routes.empty, methods=["POST"]),
        Route(f"{path}/ca.pem", routes.certificate),
        Route(f"{path}/counters", routes.counters),
        Route(f"{path}/faults", routes.show_faults, methods=["GET"]),
        Route(f"{path}/faults", routes.add_faults, methods=["POST"]),
        Route(f"{path}/faults", routes.remove_faults, methods=["DELETE"]),
        Route(f"{path}/{{mail_id:int}}", routes.show_mail),
        Route(f"{path}/{{mail_id:int}}/raw", routes.raw),
    ]


class _MailboxRoutes:
    """Starlette runs what isn't a coroutine in a thread: reading large mails takes time."""

    def __init__(self, mailbox: SandboxMailbox) -> None:
        self._mailbox = mailbox

    def show(self, request: Request) -> Response:
        accepted = request.headers.get("accept", "")
        if "application/json" in accepted and "text/html" not in accepted:
            return self.list_json(request)
        return HTMLResponse(render_list(self._mailbox), headers=_PAGE_HEADERS)

    def list_json(self, request: Request) -> Response:
        own = f"{request.base_url}".rstrip("/") + self._mailbox.path
        mails = [_wire(mail, own) for mail in self._mailbox.messages()]
        # In ASCII: a message may have characters that no encoding can write.
        return Response(json.dumps(mails), media_type="application/json", headers=_NO_STORE)

    async def remove_all(self, _request: Request) -> Response:
        self._mailbox.clear()
        return Response(status_code=204)

    async def empty(self, _request: Request) -> Response:
        """Remove all mails, for the page's button: a form can't say DELETE."""
        self._mailbox.clear()
        return RedirectResponse(self._mailbox.path, status_code=303)

    async def certificate(self, _request: Request) -> Response:
        return Response(self._mailbox.ca_pem, media_type="application/x-pem-file")

    async def counters(self, _request: Request) -> Response:
        return JSONResponse(self._mailbox.counters.to_wire(), headers=_NO_STORE)

    async def show_faults(self, _request: Request) -> Response:
        return JSONResponse(to_json(self._mailbox.faults), headers=_NO_STORE)

    async def add_faults(self, request: Request) -> Response:
        raw = await read_body(request)
        apply_json(parse_json(raw, request.headers.get("content-type", "")), self._mailbox.faults)
        return await self.show_faults(request)

    async def remove_faults(self, request: Request) -> Response:
        self._mailbox.faults.clear()
        return await self.show_faults(request)

    def show_mail(self, request: Request) -> Response:
        page = render_mail(self._mailbox, self._mail(request))
        return HTMLResponse(page, headers=_PAGE_HEADERS)

    async def raw(self, request: Request) -> Response:
        mail = self._mail(request)
        name = f'attachment; filename="mail-{mail.mail_id}.eml"'
        return Response(
            mail.raw,
            media_type="message/rfc822",
            headers=_NO_STORE | {"Content-Disposition": name},
        )

    def _mail(self, request: Request) -> ReceivedMail:
        mail = self._mailbox.store.mail(request.path_params["mail_id"])
        if mail is None:
            raise ApiError(404, "not_found", "There is no such mail.")
        return mail


def _wire(mail: ReceivedMail, own: str) -> dict[str, Any]:
    """``raw`` is text, with U+FFFD for what isn't UTF-8; ``raw_url`` has the exact bytes."""
    return {
        "id": mail.mail_id,
        "at": mail.at.isoformat(),
        "from": mail.sender,
        "to": list(mail.recipients),
        "tls": mail.is_encrypted,
        "ehlo": mail.client_name,
        "user": mail.user,
        "size": len(mail.raw),
        "subject": subject_of(mail.raw),
        "raw": mail.raw.decode("utf-8", "replace"),
        "raw_url": f"{own}/{mail.mail_id}/raw",
    }
