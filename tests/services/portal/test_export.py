"""Exported files: tables without formulas, JSON, links only on request."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.domain.policy import parse_policy
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Channel
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.services.portal.export import (
    ExportedPortal,
    ExportFormat,
    RegionalStyle,
    as_json,
)
from tests.support.exported_tables import csv_lines, unpacked, workbook_lines
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE
from tests.support.ledger_data import requested
from tests.support.lifecycle import World
from tests.support.sqlite_ledger import failing

pytestmark = pytest.mark.anyio

TARGET = Path("/nowhere/portals")
ALL = PortalQuery(FAKE_WORKSPACE.workspace_id)
NEW_YORK = RegionalStyle(
    ",", lambda moment: moment.astimezone(ZoneInfo("America/New_York")), "America/New_York"
)
GERMAN = replace(NEW_YORK, separator=";")


async def export(
    world, which=ALL, file_format=ExportFormat.CSV, *, with_links=False, style=NEW_YORK
):
    target = TARGET.with_suffix(f".{file_format.value}")
    result = await world.export.export(which, target, file_format, style, with_links=with_links)
    return result, world.files[target]


async def test_a_csv_has_a_line_for_each_event(world):
    portal = await world.create("Hôtel “du Lac”, 🏨")
    await world.portals.mark_sent(portal.portal_id, Channel.SMS, 'Said "hello"\nand left')
    result, content = await export(world)
    assert (result.portals, result.unreadable_links) == (1, 0)
    found = csv_lines(content)
    assert [line["event"] for line in found] == ["requested", "created", "sent"]
    sent = found[-1]
    assert sent["customer_key"] == "Hôtel “du Lac”, 🏨"
    assert sent["by"] == "ada"
    assert sent["text"] == 'Marked as sent by SMS: Said "hello"\nand left'
    assert sent["at"].endswith("Z")
    assert (sent["kind"], sent["status"]) == ("portal", "active")


@pytest.mark.parametrize("file_format", ExportFormat)
async def test_links_are_exported_only_on_request(world, file_format):
    portal = await world.create()
    url = (await world.portals.url_of(portal.portal_id)).reveal().encode()
    _, content = await export(world, file_format=file_format)
    assert url not in unpacked(content)
    assert b"seam_cst" not in unpacked(content)
    _, content = await export(world, file_format=file_format, with_links=True)
    assert url in unpacked(content)


async def test_the_separator_is_the_regions(world):
    await world.create("Sea, sand; sun")
    _, content = await export(world, style=GERMAN)
    assert {line["customer_key"] for line in csv_lines(content, ";")} == {"Sea, sand; sun"}


async def test_a_workbook_has_dates_in_the_users_zone_and_texts_as_they_are(world):
    portal = await world.create("=1+1")
    await world.portals.mark_sent(portal.portal_id, Channel.SMS, "http://example.com")
    result, content = await export(world, file_format=ExportFormat.XLSX)
    assert result.portals == 1
    rows = workbook_lines(content)
    assert {row["customer_key"] for row in rows} == {"=1+1"}
    assert [row["event"] for row in rows] == ["requested", "created", "sent"]
    assert rows[-1]["text"] == "Marked as sent by SMS: http://example.com"
    assert portal.created_at is not None
    local = NEW_YORK.to_local(portal.created_at).replace(tzinfo=None, microsecond=0)
    assert rows[-1]["created_at (America/New_York)"] == local
    assert b"<f>" not in unpacked(content)


async def test_unreadable_links_are_counted(world):
    portal = await world.create()
    await world.create()
    await world.set_link(portal.portal_id, None)
    result, _ = await export(world, with_links=True)
    assert (result.portals, result.unreadable_links) == (2, 1)


async def test_links_that_the_policy_forbids_are_left_out(tmp_path):
    policy = parse_policy({"allowed_hosts": ["portal.company.example"]}, "policy.json")
    world = World(tmp_path, policy=policy)
    await world.ledger.open()
    portal = await world.create()
    result, content = await export(world, with_links=True)
    assert (result.portals, result.unreadable_links) == (1, 1)
    assert (await world.ledger.url_of(portal.portal_id)).reveal().encode() not in content
    await world.aclose()


async def test_json_holds_the_portal_and_its_timeline(world):
    portal = await world.create()
    _, content = await export(world, [portal.portal_id], ExportFormat.JSON)
    root = json.loads(content)
    assert root["version"] == 1
    (found,) = root["portals"]
    assert found["portal_id"] == portal.portal_id
    assert [entry["event"] for entry in found["timeline"]] == ["requested", "created"]
    assert found["timeline"][0]["by"] == "ada"
    assert "link" not in found


async def test_only_the_given_portals_are_exported(world):
    chosen = await world.create("chosen")
    await world.create("other")
    _, content = await export(world, [chosen.portal_id])
    assert {line["customer_key"] for line in csv_lines(content)} == {"chosen"}


async def test_more_rows_than_one_page_are_exported(world):
    rows = [requested(str(number), workspace_id=ALL.workspace_id) for number in range(1100)]
    await asyncio.gather(*(world.ledger.record_intent(row, PortalRequest()) for row in rows))
    result, content = await export(world, file_format=ExportFormat.JSON)
    assert result.portals == 1100
    assert len({each["portal_id"] for each in json.loads(content)["portals"]}) == 1100


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1"])
async def test_no_cell_is_a_formula(world, start):
    portal = await world.create(start)
    await world.portals.mark_sent(portal.portal_id, None, "-1")
    _, content = await export(world)
    assert all(line["customer_key"] == f"'{start}" for line in csv_lines(content))


async def test_half_a_surrogate_pair_is_replaced(world):
    portal = replace(await world.create(), customer_key="half \ud83c")
    timeline = tuple(await world.timeline.entries(portal.portal_id))
    exported = ExportedPortal(portal, "active", timeline)
    assert b"half ?" in as_json([exported], FAKE_NOW, with_links=False)


async def test_nothing_is_written_when_the_ledger_fails(world):
    await world.create()
    with failing(world.ledger, LedgerError("Disk.", "Disk.")), pytest.raises(UserFacingError):
        await export(world)
    assert world.files == {}
