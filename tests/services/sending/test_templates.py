"""Templates in a real folder, with the shipped ones."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from seam_portal_desktop.adapters.templates.store import FileTemplateStore
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.preferences import PreferencesData, check_options
from seam_portal_desktop.paths import resource
from seam_portal_desktop.services.sending.templates import TemplateService
from tests.support.message_facts import NOW

pytestmark = pytest.mark.anyio


class SharedFiles:
    """The folder and the preferences that all runs use."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.data = PreferencesData()

    def service(self) -> TemplateService:
        async def save() -> None:
            options, dropped = check_options(json.loads(json.dumps(self.data.options)))
            assert not dropped
            self.data.options = options

        store = FileTemplateStore(self.folder, resource("message_templates"))
        return TemplateService(store, self.data, save, lambda: NOW)


@pytest.fixture
def files(tmp_path):
    return SharedFiles(tmp_path / "templates")


@pytest.fixture
def templates(files):
    return files.service()


async def test_the_portals_language_chooses_the_template(templates):
    assert (await templates.for_locale("w", "de-DE")).template_id == "de-DE"
    assert (await templates.for_locale("w", "pt-BR")).template_id == "pt-PT"
    assert (await templates.for_locale("w", "ja-JP")).template_id == "en-US"


async def test_a_copy_is_changed_and_its_version_grows(files, templates):
    copy = await templates.copy("de-DE")
    assert (copy.version, copy.name, copy.is_shipped) == (1, "Portal link (2)", False)
    assert (await templates.save(copy)).version == 1
    saved = await templates.save(replace(copy, text="Neu {{ url }}", version=7, name="Other"))
    assert (saved.version, saved.name) == (2, "Portal link (2)")
    renamed = await templates.rename(copy.template_id, " Check-in\n")
    assert (renamed.version, renamed.name) == (2, "Check-in")
    assert await files.service().find(copy.template_id) == renamed


async def test_shipped_ones_stay_as_they_are(templates):
    shipped = await templates.find("de-DE")
    for change in (
        templates.save(replace(shipped, text="Other")),
        templates.rename("de-DE", "Other"),
        templates.delete("de-DE"),
    ):
        with pytest.raises(UserFacingError, match="comes with the program"):
            await change


async def test_a_default_is_for_one_workspace_and_language(files, templates):
    copy = await templates.copy("de-DE")
    await templates.make_default("w1", copy.template_id)
    again = files.service()
    assert await again.for_locale("w1", "de-DE") == copy
    assert (await again.for_locale("w1", "fr-FR")).template_id == "fr-FR"
    assert (await again.for_locale("w2", "de-DE")).template_id == "de-DE"
    deleted = await again.delete(copy.template_id)
    assert (await again.for_locale("w1", "de-DE")).template_id == "de-DE"
    await again.restore(deleted)
    assert await again.for_locale("w1", "de-DE") == copy
    await again.clear_default("w1", "de-DE")
    assert (await files.service().for_locale("w1", "de-DE")).template_id == "de-DE"


async def test_export_and_import_give_the_same_texts(templates, tmp_path):
    copy = await templates.copy("el-GR")
    await templates.save(replace(copy, sms="Μόνο {{ url }}"))
    await templates.export_file(copy.template_id, tmp_path / "template.json")
    imported = await templates.import_file(tmp_path / "template.json")
    assert imported.template_id != copy.template_id
    assert (imported.version, imported.name) == (1, "Portal link (3)")
    assert imported.sms == "Μόνο {{ url }}"
    assert imported.html == copy.html


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": "other"}, "not a message template"),
        ({"version": 2}, "newer version"),
        ({"version": True}, "which version"),
        ({"surprise": 1}, "surprise"),
        ({"locale": "xx-XX"}, "language"),
        ({"locale": 1}, "no text"),
        ({"name": " \n"}, "name"),
        ({"name": "x" * 81}, "80"),
        ({"subject": " "}, "no subject"),
        ({"revision": 0}, "how often"),
        ({"text": "https://portal.example.com/?token=seam_cst_made_up_0001"}, "link or a key"),
        ({"text": "x" * 1024 * 1024}, "too large"),
    ],
)
async def test_a_file_is_checked(templates, tmp_path, change, reason):
    path = tmp_path / "template.json"
    await templates.export_file("en-US", path)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(UserFacingError, match=reason):
        await templates.import_file(path)
    assert len(await templates.list()) == 10


async def test_a_link_is_not_saved_in_a_template(templates):
    copy = await templates.copy("en-US")
    with pytest.raises(UserFacingError, match="link or a key"):
        await templates.save(replace(copy, text="https://x.example/?token=seam_cst_made_up_0001"))
    assert await templates.find(copy.template_id) == copy


async def test_files_that_are_no_templates_stay_untouched(files, templates):
    copy = await templates.copy("en-US")
    (files.folder / "notes.json").write_text("{}")
    again = files.service()
    assert copy in await again.list()
    assert again.unreadable == ("notes.json",)
    assert (files.folder / "notes.json").read_text() == "{}"
