"""The portal page over HTTP: which link opens it, and what its visitors do."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from seam_portal_desktop.sandbox.api import parse_json, read_body
from seam_portal_desktop.sandbox.contract import Contract, with_defaults
from seam_portal_desktop.sandbox.demo.profiles import LOGOS
from seam_portal_desktop.sandbox.errors import ApiError, not_found
from seam_portal_desktop.sandbox.faults import Faults
from seam_portal_desktop.sandbox.operations import profile_wire
from seam_portal_desktop.sandbox.portal_page import (
    STATIC_DIR,
    ActionRefusedError,
    PageData,
    perform_action,
    render_error,
    render_portal,
)
from seam_portal_desktop.sandbox.providers import device_providers, provider_mark
from seam_portal_desktop.sandbox.state import Resource, SandboxPortal, SandboxState, Standing

_STATIC_PATH = "/static"
_FILTERED_KINDS = ("property_listings", "reservations")
"""The kinds that have custom_metadata, to which customer_resources_filters apply."""


def page_routes(contract: Contract, state: SandboxState, faults: Faults) -> list[BaseRoute]:
    """The portal page, its actions, and the files that it loads."""
    pages = _Pages(contract, state, faults)
    # In Windows' registry the type of scripts may be text/plain. No browser runs such a file as
    # a module.
    mimetypes.add_type("text/javascript", ".js")
    return [
        Route("/portals/{portal_id}", pages.show),
        Route("/portals/{portal_id}/actions", pages.act, methods=["POST"]),
        Route("/assets/{folder}/{name}.svg", _picture),
        Mount(_STATIC_PATH, StaticFiles(directory=STATIC_DIR)),
    ]


class _Pages:
    def __init__(self, contract: Contract, state: SandboxState, faults: Faults) -> None:
        self._request_schema = contract.routes["/customers/create_portal"].request
        self._state = state
        self._faults = faults

    async def show(self, request: Request) -> Response:
        return await self._faults.answer(request.url.path, lambda: self._show(request))

    def _show(self, request: Request) -> Response:
        locale = request.query_params.get("locale")
        portal = self._portal(request, request.query_params.get("token", ""))
        if portal is None:
            return _page(render_error("unknown", locale or _browser_language(request)), 404)
        locale = locale or portal.request.get("locale")
        standing = portal.standing(self._state.clock())
        if standing is not Standing.LIVE:
            is_expired = standing is Standing.EXPIRED
            page = render_error(
                "expired" if is_expired else "revoked", locale or _browser_language(request)
            )
            return _page(page, 410 if is_expired else 403)
        data = self._page_data(portal, locale)
        return _page(render_portal(data), 200, is_embedded=data.request["is_embedded"])

    async def act(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        portal = self._portal(request, token) if scheme == "Bearer" else None
        if portal is None or portal.standing(self._state.clock()) is not Standing.LIVE:
            raise ApiError(401, "unauthorized", "This link no longer opens the portal.")
        body = parse_json(await read_body(request), request.headers.get("content-type", ""))
        if not isinstance(body, dict):
            raise ApiError(400, "invalid_input", "An action is a JSON object.")
        try:
            effects = perform_action(self._page_data(portal, None), body)
        except ActionRefusedError as error:
            raise ApiError(error.status, error.error_type, error.message) from error
        self._state.store(portal, body, effects)
        return JSONResponse({"ok": True})

    def _portal(self, request: Request, token: str) -> SandboxPortal | None:
        return self._state.portal(request.path_params["portal_id"], token)

    def _page_data(self, portal: SandboxPortal, locale: str | None) -> PageData:
        customer = self._state.customer(portal.customer_key)
        if customer is None:
            raise not_found("customer", "This portal's customer was deleted.")
        profile = self._state.profile(
            portal.request.get("customization_profile_id", customer.customization_profile_id)
        )
        given = _merged(profile.settings, portal.request) if profile else dict(portal.request)
        request = with_defaults(self._request_schema, given)
        return PageData(
            workspace_name=self._state.workspace_name,
            customer_key=customer.customer_key,
            customer_display=customer.display_name,
            request=request,
            resources=_filtered(customer.listed(), request.get("customer_resources_filters", ())),
            providers=device_providers(self._state.endpoint),
            profile=profile_wire(profile, self._state) if profile else None,
            actions_path=f"/portals/{portal.portal_id}/actions",
            static_path=_STATIC_PATH,
            read_only=request["read_only"],
            expires_at=portal.expires_at,
            now=self._state.clock(),
            locale=locale,
            device_overrides=customer.device_overrides,
            connected_accounts=customer.connected_accounts,
            automations=customer.automations,
            events=customer.events,
        )


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over`; objects are merged member by member."""
    merged = dict(base)
    for name, value in over.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(name), Mapping)
        merged[name] = _merged(merged[name], value) if both else value
    return merged


def _filtered(
    resources: dict[str, list[Resource]], filters: list[dict[str, Any]]
) -> dict[str, list[Resource]]:
    """Remove the resources whose custom_metadata doesn't meet every filter."""
    wanted = [(each["field"], each["value"]) for each in filters]
    if not wanted:
        return resources
    return resources | {
        kind: [
            each
            for each in resources.get(kind, ())
            if set(wanted) <= set(each.get("custom_metadata", {}).items())
        ]
        for kind in _FILTERED_KINDS
    }


def _browser_language(request: Request) -> str | None:
    """The browser's first language, for pages without a portal."""
    first = request.headers.get("accept-language", "").partition(",")[0]
    return first.partition(";")[0].strip() or None


def _page(html: str, status: int, *, is_embedded: bool = False) -> Response:
    ancestors = "*" if is_embedded else "'self'"
    return HTMLResponse(
        html,
        status,
        headers={
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
                f"form-action 'self'; frame-ancestors {ancestors}"
            ),
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _picture(request: Request) -> Response:
    folder, name = request.path_params["folder"], request.path_params["name"]
    svg = {"logos": LOGOS.get(name), "providers": provider_mark(name)}.get(folder)
    if svg is None:
        raise ApiError(404, "not_found", "There is no such picture.")
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "max-age=3600"})
