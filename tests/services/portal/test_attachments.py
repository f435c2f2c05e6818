"""Attachments are added, removed, restored and saved as files."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.preview.kinds import AttachmentKind, PreviewMode
from seam_portal_desktop.services.portal.attachments import AttachmentService, PageShot

pytestmark = pytest.mark.anyio


@pytest.fixture
def written() -> dict[str, bytes]:
    return {}


@pytest.fixture
def service(world, written) -> AttachmentService:
    async def write(path, content):
        written[path.name] = content

    return AttachmentService(world.ledger, world.clock, write)


def shot_of(portal_id: str) -> PageShot:
    return PageShot(portal_id, AttachmentKind.PNG, PreviewMode.SAFE, "Phone 390 × 844", b"picture")


async def test_an_attachment_is_listed_until_it_is_removed(world, service):
    portal = await world.create()
    attachment = await service.attach(shot_of(portal.portal_id))
    assert (attachment.size, attachment.title) == (7, "Phone 390 × 844")
    assert attachment.at < world.clock()
    assert list(await world.ledger.attachments_of(portal.portal_id)) == [attachment]
    assert await service.remove(attachment) == b"picture"
    assert list(await world.ledger.attachments_of(portal.portal_id)) == []


async def test_removing_an_attachment_can_be_undone(world, service, written, tmp_path):
    portal = await world.create()
    attachment = await service.attach(shot_of(portal.portal_id))
    await world.ledger.attach(attachment, await service.remove(attachment))
    assert list(await world.ledger.attachments_of(portal.portal_id)) == [attachment]
    await service.save_attachment(attachment.attachment_id, tmp_path / "a.png")
    assert written == {"a.png": b"picture"}


@pytest.mark.parametrize(
    ("key", "begins"),
    [
        ("harbor-hotel", "harbor-hotel-Phone-390-844-"),
        ("../../etc/passwd", "etc-passwd-Phone"),
        ("CON: a|b?", "CON-a-b-Phone"),
        ("🏨", "Phone-390"),
        ("فندق الميناء", "فندق-الميناء-Phone"),
        ("x" * 300, "x" * 40 + "-Phone"),
    ],
)
async def test_a_suggested_file_name_is_valid_on_every_system(service, key, begins):
    name = service.file_name(key, AttachmentKind.PDF, "Phone 390 × 844")
    assert name.startswith(begins)
    assert name.endswith(".pdf")
    assert len(name.encode()) < 200
    assert not set(name) & set('/\\:*?"<>| \n')
