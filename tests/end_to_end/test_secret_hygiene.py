"""A whole run is searched for the API key, the token and the URL of a link."""

from __future__ import annotations

import base64
import json
import os

import pytest

from tests.support.processes import FILE_KEYRING, start
from tests.support.secret_search import leaks, leaks_in_files, secrets_of

KEY = "seam_test_not_a_real_key"
URL = "https://portal.example/portals/0b5c-not-real?token=seam_cst_not_a_real_token"

STEPS = ["previewed", "revealed", "hidden", "copied", "after 401", "after 500", "after bugs"]


@pytest.mark.parametrize(
    "content",
    [
        URL.encode(),
        b"... seam_cst_not_a_real_token ...",
        KEY.encode("utf-16-le"),
        b"x" + URL.encode("utf-16-be"),
        b"https%3A%2F%2Fportal.example%2Fportals%2F0b5c-not-real%3Ftoken%3Dseam_cst_not_a_real_token",
        b"a/portals/0b5c-not-real/b",
        *(base64.b64encode(b"x" * before + KEY.encode() + b"yy") for before in range(4)),
    ],
)
def test_the_search_finds_secrets_in_every_encoding(tmp_path, content):
    secrets = secrets_of(KEY, URL)
    assert leaks(content, secrets)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"\0" * 5000 + content)
    assert list(leaks_in_files(tmp_path, secrets))
    assert not leaks(b"portal.example, harbor-hotel, seam_[hidden], token", secrets)


def test_a_whole_run_leaves_no_secret(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    secrets_file = tmp_path / "secrets.json"
    with start(
        "tests.support.drive_with_secrets",
        *("main_job", "--data-dir", home / "data"),
        home=home,
        PYTHON_KEYRING_BACKEND=FILE_KEYRING,
        TEST_KEYRING_FILE=str(tmp_path / "keyring.json"),
        SECRETS_FILE=str(secrets_file),
    ) as program:
        ended = program.wait_for_exit()
    assert (ended.code, ended.messages("failed")) == (0, [])
    searched = ended.messages("searched")
    assert [search["step"] for search in searched] == STEPS
    assert {search["step"]: search["found"] for search in searched} == {step: [] for step in STEPS}
    assert any("_ShownLink" in where for where in searched[1]["allowed"]), "the link was shown"

    secrets = json.loads(secrets_file.read_text("utf-8"))
    assert list(leaks_in_files(home, secrets)) == []
    assert leaks((ended.out + ended.err).encode(), secrets) == []

    log = (home / "data" / "logs" / "seam-portal-desktop.log").read_text("utf-8")
    for bug in ("on purpose, in a task", "on purpose, in a slot"):
        assert f"RuntimeError: {bug}: seam_[hidden] http" in log, "the log contains the bug"
    if os.name == "posix":
        for path in (home / "data").rglob("*"):
            if path.is_file() and "logs" not in path.parts:
                assert path.stat().st_mode & 0o077 == 0, path
