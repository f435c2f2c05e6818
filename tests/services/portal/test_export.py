"""Exported files: CSV without formulas, JSON, links only on request."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.domain.policy import parse_policy
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Channel
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.services.portal.export import (
    ExportedPortal,
    ExportFormat,
    render,
    without_formula,
)
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE
from tests.support.ledger_data import requested
from tests.support.lifecycle import World
from tests.support.sqlite_ledger import failing

pytestmark = pytest.mark.anyio

TARGET = Path("/nowhere/portals")
ALL = PortalQuery(FAKE_WORKSPACE.workspace_id)


async def export(world, which=ALL, file_format=ExportFormat.CSV, *, with_links=False):
    result = await world.export.export(which, TARGET, file_format, with_links=with_links)
    return result, world.files[TARGET]


def lines(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def test_a_csv_has_a_line_for_each_event(world):
    portal = await world.create("Hôtel “du Lac”, 🏨")
    await world.portals.mark_sent(portal.portal_id, Channel.SMS, 'Said "hello"\nand left')
    result, content = await export(world)
    assert (result.portals, result.unreadable_links) == (1, 0)
    found = lines(content)
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
    assert url not in content
    assert b"seam_cst" not in content
    _, content = await export(world, file_format=file_format, with_links=True)
    assert url in content


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
    assert {line["customer_key"] for line in lines(content)} == {"chosen"}


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
    assert all(line["customer_key"] == f"'{start}" for line in lines(content))


@given(st.text())
def test_text_without_formula_never_starts_a_formula(text):
    cell = without_formula(text)
    assert not cell.startswith(tuple("=+-@\t\r\n"))
    assert cell.removeprefix("'") == text.removeprefix("'")


@pytest.mark.parametrize("file_format", ExportFormat)
async def test_half_a_surrogate_pair_is_replaced(world, file_format):
    portal = replace(await world.create(), customer_key="half \ud83c")
    timeline = tuple(await world.timeline.entries(portal.portal_id))
    exported = ExportedPortal(portal, "active", timeline)
    assert b"half ?" in render([exported], file_format, FAKE_NOW, with_links=False)


async def test_nothing_is_written_when_the_ledger_fails(world):
    await world.create()
    with failing(world.ledger, LedgerError("Disk.", "Disk.")), pytest.raises(UserFacingError):
        await export(world)
    assert world.files == {}
