"""What the next run finds: with a keyring, without one, and after a kill."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.support.drive_program import digest
from tests.support.processes import (
    FILE_KEYRING,
    RunningProcess,
    environment,
    until,
)
from tests.support.program import CREATE, is_live, links_of, safe_previews_of
from tests.support.secret_search import leaks_in_files, secrets_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")


@pytest.fixture
def start_scenario(start_scenario, sandbox):
    variables = {"SANDBOX_ENDPOINT": sandbox.endpoint, "SANDBOX_KEY": sandbox.api_key}
    return partial(start_scenario, **variables)


def link_digest(sandbox) -> str:
    (made,) = links_of(sandbox)
    return digest(sandbox.state.url_of(made))


def outcomes(ledger: Path) -> list[str]:
    if not ledger.exists():
        return []
    with closing(sqlite3.connect(ledger)) as connection:
        try:
            return [row[0] for row in connection.execute("SELECT outcome FROM portals")]
        except sqlite3.OperationalError:  # not migrated yet
            return []


def test_a_link_is_readable_in_the_next_run(start_scenario, sandbox):
    with start_scenario("create", PYTHON_KEYRING_BACKEND=FILE_KEYRING) as program:
        today = program.wait_for_exit()
    assert (today.code, today.err, today.messages("failed")) == (0, "", [])
    with start_scenario("find_again", PYTHON_KEYRING_BACKEND=FILE_KEYRING) as program:
        tomorrow = program.wait_for_exit()
    assert (tomorrow.code, tomorrow.err, tomorrow.messages("failed")) == (0, "", [])
    for run in (today, tomorrow):
        (table,) = run.messages("table")
        assert table["statuses"] == {"harbor-hotel": "active"}
        assert table["links"] == {"harbor-hotel": link_digest(sandbox)}


def test_without_a_keyring_links_last_for_this_run_and_the_window_shows_so(start_scenario, sandbox):
    with start_scenario("create") as program:
        today = program.wait_for_exit()
    assert (today.code, today.err, today.messages("failed")) == (0, "", [])
    (refusal,) = today.messages("keyring")
    assert refusal["text"].startswith("No keyring is available. ")
    (table,) = today.messages("table")
    assert table["links"] == {"harbor-hotel": link_digest(sandbox)}
    (seen,) = today.messages("window")
    assert "Links are kept until you quit" in seen["texts"]
    (banner,) = seen["banners"]
    assert banner.startswith("No keyring is available. Links you create are lost when you quit.")

    with start_scenario("write_window") as program:
        tomorrow = program.wait_for_exit()
    assert (tomorrow.code, tomorrow.err) == (0, "")
    (seen,) = tomorrow.messages("window")
    assert "Connect a workspace" in " ".join(seen["texts"])


def test_a_program_killed_during_the_call_leaves_an_unknown_row(start_scenario, sandbox, tmp_path):
    sandbox.faults.hold(path=CREATE)
    ledger = tmp_path / "home" / "data" / "ledger.sqlite3"
    with start_scenario("ask_and_wait", PYTHON_KEYRING_BACKEND=FILE_KEYRING) as program:
        program.next_message("asked")
        until(lambda: outcomes(ledger) == ["requested"], "the intent is recorded")
        program.kill_all()
    sandbox.faults.clear()

    with start_scenario("find_unknown", PYTHON_KEYRING_BACKEND=FILE_KEYRING) as program:
        ended = program.wait_for_exit()
    assert (ended.code, ended.err, ended.messages("failed")) == (0, "", [])
    (table,) = ended.messages("table")
    assert table == {"kind": "table", "statuses": {"harbor-hotel": "unknown"}, "links": {}}
    (detail,) = ended.messages("detail")
    assert {"Unconfirmed", "A link may exist", "Check with Seam", "Create again"} <= {
        *detail["texts"]
    }
    assert any("working link for this customer may exist" in text for text in detail["texts"])
    (again,) = ended.messages("again")
    assert again["customer_key"] == "harbor-hotel"
    (checked,) = ended.messages("checked")
    assert checked["message"]


def test_what_was_typed_a_moment_before_a_kill_is_offered(start_scenario, tmp_path):
    drafts = tmp_path / "home" / "data" / "drafts"
    with start_scenario("type_and_wait", PYTHON_KEYRING_BACKEND=FILE_KEYRING) as program:
        typed = program.next_message("typed")["request"]
        until(lambda: list(drafts.glob("*.draft")), "the draft is written")
        program.kill_all()
    assert typed["customer_data"]["guests"] == [{"guest_key": "g-1", "name": "Mara Lind"}]
    found_in = [path.name for path in drafts.parent.rglob("*") if contains(path, b"Mara")]
    assert found_in == []

    for _ in range(2):  # a draft that is only looked at stays
        with start_scenario("find_draft", PYTHON_KEYRING_BACKEND=FILE_KEYRING) as program:
            ended = program.wait_for_exit()
        assert (ended.code, ended.err, ended.messages("failed")) == (0, "", [])
        (found,) = ended.messages("found")
        assert found["request"] == typed
        assert "Start over" in found["texts"]


def contains(path: Path, text: bytes) -> bool:
    return path.is_file() and text in path.read_bytes()


def living(sandbox, portals) -> list[bool]:
    return [is_live(sandbox, each) for each in portals]


def test_after_a_kill_the_safe_preview_is_revoked_at_the_next_start(start_scenario, sandbox):
    with start_scenario("keep_preview", PYTHON_KEYRING_BACKEND=FILE_KEYRING) as program:
        program.next_message("loaded")
        (link,), (safe_preview,) = links_of(sandbox), safe_previews_of(sandbox)
        program.kill_all()
    assert living(sandbox, [link, safe_preview]) == [True, True]

    with start_scenario("stay", PYTHON_KEYRING_BACKEND=FILE_KEYRING) as program:
        program.next_message("ready")
        until(lambda: not is_live(sandbox, safe_preview), "the safe preview is revoked")
        assert is_live(sandbox, link)
        program.send_signal(signal.SIGTERM)
        assert program.wait_for_exit().code == 0
    assert [each.body for each in sandbox.state.requests("/client_sessions/revoke")] == [
        {"client_session_id": safe_preview.client_session_id}
    ]


@pytest.mark.parametrize("way", ["close", "SIGTERM"])
def test_closing_the_program_revokes_the_safe_preview(start_scenario, sandbox, way):
    with start_scenario("keep_preview", PYTHON_KEYRING_BACKEND=FILE_KEYRING) as program:
        program.next_message("loaded")
        program.write_line(way)
        ended = program.wait_for_exit(within=20)
    assert (ended.code, ended.err, ended.messages("failed")) == (0, "", [])
    (link,), (safe_preview,) = links_of(sandbox), safe_previews_of(sandbox)
    assert living(sandbox, [link, safe_preview]) == [True, False]


@pytest.fixture
def secret_service(tmp_path):
    """The address of a private D-Bus session with an unlocked gnome-keyring."""
    if not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")):
        pytest.skip("needs dbus-run-session and gnome-keyring")
    (tmp_path / "home" / "run").mkdir(parents=True, mode=0o700)
    say_address = (
        "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n"
        """printf '{"kind": "bus", "address": "%s"}\\n' "$DBUS_SESSION_BUS_ADDRESS"\ncat"""
    )
    command = ["dbus-run-session", "--", "sh", "-c", say_address]
    with RunningProcess(command, environment(tmp_path / "home")) as session:
        yield session.next_message("bus")["address"]


def test_a_link_is_readable_in_the_next_run_with_a_real_secret_service(
    start_scenario, sandbox, tmp_path, secret_service
):
    session = {
        "DBUS_SESSION_BUS_ADDRESS": secret_service,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
    }
    with start_scenario("create", **session) as program:
        today = program.wait_for_exit()
    with start_scenario("find_again", **session) as program:
        tomorrow = program.wait_for_exit()
    for run in (today, tomorrow):
        assert (run.code, run.err, run.messages("failed"), run.messages("keyring")) == (
            0,
            "",
            [],
            [],
        )
        (table,) = run.messages("table")
        assert table["statuses"] == {"harbor-hotel": "active"}
        assert table["links"] == {"harbor-hotel": link_digest(sandbox)}
    (seen,) = today.messages("window")
    assert seen["banners"] == []
    secrets: dict[str, str] = {}
    for made in sandbox.state.portals():
        found = secrets_of(sandbox.api_key, sandbox.state.url_of(made))
        secrets |= {f"{name} of {made.portal_id}": text for name, text in found.items()}
    assert list(leaks_in_files(tmp_path, secrets)) == []
