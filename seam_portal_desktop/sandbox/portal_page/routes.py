"""The sections and details that a link shows, and the view that it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from seam_portal_desktop.sandbox.portal_page.context import Context, place_icon
from seam_portal_desktop.sandbox.portal_page.markup import Html
from seam_portal_desktop.sandbox.portal_page.places import PLACE_KINDS, RESERVATION_KINDS
from seam_portal_desktop.sandbox.portal_page.sections.accounts import render_accounts
from seam_portal_desktop.sandbox.portal_page.sections.activity import render_activity
from seam_portal_desktop.sandbox.portal_page.sections.automations import render_automations
from seam_portal_desktop.sandbox.portal_page.sections.devices import render_device, render_devices
from seam_portal_desktop.sandbox.portal_page.sections.organize import render_organize
from seam_portal_desktop.sandbox.portal_page.sections.places import render_place, render_places
from seam_portal_desktop.sandbox.portal_page.sections.staff import render_staff
from seam_portal_desktop.sandbox.portal_page.sections.stays import render_stay, render_stays


@dataclass(frozen=True, slots=True)
class PageSection:
    """A part of the page with an entry in the navigation. ``group`` is manage or setup."""

    name: str
    group: str
    picture: str
    render: Callable[[Context], Html]


@dataclass(frozen=True, slots=True)
class OpeningRoute:
    """The view that the page opens. ``missing``: the link's target isn't in the portal."""

    name: str
    missing: bool = False


def sections_of(context: Context) -> list[PageSection]:
    """The sections that the link's features allow, in the order of the navigation."""
    has, manage = context.data.has_feature, context.data.feature("manage")
    found = []
    if has("manage"):
        found += [
            PageSection("places", "manage", place_icon(context.vertical), render_places),
            PageSection("stays", "manage", "calendar-days", render_stays),
        ]
    if has("manage_devices"):
        found.append(PageSection("devices", "manage", "lock", render_devices))
    if has("manage"):
        if not manage.get("exclude_staff_management", False):
            found.append(PageSection("staff", "manage", "users", render_staff))
        found.append(PageSection("activity", "manage", "activity", render_activity))
    if has("connect"):
        found.append(PageSection("accounts", "setup", "plug", render_accounts))
    if has("organize"):
        found.append(PageSection("organize", "setup", "layout-grid", render_organize))
    if has("configure"):
        found.append(PageSection("automations", "setup", "workflow", render_automations))
    return found


def details_of(context: Context) -> Iterator[tuple[str, str, Callable[[Context], Html]]]:
    """Every place, stay and device with a view: (route, section, function that draws it)."""
    if context.data.has_feature("manage"):
        for place in context.places:
            yield f"place/{place.ref}", "places", partial(render_place, place=place)
        for stay in context.stays:
            yield f"stay/{stay.ref}", "stays", partial(render_stay, stay=stay)
    if context.data.has_feature("manage_devices"):
        for device in context.devices:
            yield (
                f"device/{device.device_id}",
                "devices",
                partial(render_device, device=device),
            )


def opening_route(context: Context) -> OpeningRoute:
    """The route of the deep link, else of the landing page, else of the first section."""
    sections = sections_of(context)
    first = sections[0].name if sections else ""
    wanted = _deep_link(context) or _landing(context)
    if not wanted:
        return OpeningRoute(first)
    known = {route for route, _, _ in details_of(context)}
    found = next((route for route in wanted if route in known), None)
    return OpeningRoute(found) if found else OpeningRoute(first, missing=True)


def _deep_link(context: Context) -> list[str]:
    link = context.data.request.get("deep_link") or {}
    key = link.get("resource_key")
    match link.get("resource_type"):
        case "reservation":
            return [f"stay/{kind}:{key}" for kind in RESERVATION_KINDS]
        case "space":
            return [f"place/{kind}:{key}" for kind in PLACE_KINDS]
        case "device":
            return [f"device/{link.get('resource_id')}"]
        case _:
            return []


def _landing(context: Context) -> list[str]:
    target = (context.data.request.get("landing_page") or {}).get("manage") or {}
    wanted = []
    for prefix, kinds in (("place", PLACE_KINDS), ("stay", RESERVATION_KINDS)):
        wanted += [f"{prefix}/{k}:{target[name]}" for k, name in kinds.items() if name in target]
    # The contract isn't strict about kinds: a space_key may be the key of a room.
    if "space_key" in target:
        wanted += [f"place/{kind}:{target['space_key']}" for kind in PLACE_KINDS]
    if "reservation_key" in target:
        wanted += [f"stay/{kind}:{target['reservation_key']}" for kind in RESERVATION_KINDS]
    return wanted
