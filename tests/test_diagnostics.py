"""The log gets every error and no secret, and never blocks the program."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from seam_portal_desktop import diagnostics
from seam_portal_desktop.diagnostics import Diagnostics, redact

KEY = "seam_test_not_a_real_key"
TOKEN = "seam_cst_not_a_real_token"
PORTAL_ID = "0b5c-not-real"
URL = f"https://portal.example/portals/{PORTAL_ID}?token={TOKEN}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (KEY, "seam_[hidden]"),
        (f"key={KEY}, next", "key=seam_[hidden], next"),
        ("seam_at_not-real.", "seam_[hidden]."),
        ("'seam_pk_x'", "'seam_[hidden]'"),
        (f"Bearer {KEY}", "Bearer [hidden]"),
        ("bearer opaque.not/real==", "bearer [hidden]"),
        (f"Authorization: Bearer {KEY}", "Authorization: Bearer [hidden]"),
        ("Authorization: Bearer opaque", "Authorization: Bearer [hidden]"),
        ("{'authorization': 'Bearer opaque', 'a': 1}", "{'authorization': 'Bearer [hidden]', "),
        ("(b'Authorization', b'Bearer opaque')", "(b'Authorization', b'Bearer [hidden]')"),
        ("Proxy-Authorization: Basic b3BhcXVl", "Proxy-Authorization: Basic [hidden]"),
        ("authorization=opaque", "authorization=[hidden]"),
        ('{"token": "opaque", "ok": true}', '{"token": "[hidden]", "ok": true}'),
        ("api_key='opaque'", "api_key='[hidden]'"),
        ("X-Api-Key: opaque", "X-Api-Key: [hidden]"),
        ("eyNotReal12.eyNotReal.not-real_", "[hidden]"),
        (URL, "https://portal.example/[hidden]"),
        (f"<a href='{URL}'>", "<a href='https://portal.example/[hidden]'>"),
        (f"/portals/x?a=1&token={TOKEN}&b=2", "/portals/x?a=1&token=[hidden]&b=2"),
        ("/portals/x?token=opaque", "/portals/x?token=[hidden]"),
        ("https://se.am/1234", "https://se.am/[hidden]"),
        ("http://127.0.0.1:49152/portals/1", "http://127.0.0.1:49152/[hidden]"),
        ("http://user:opaque@proxy.example:3128", "http://[hidden]@proxy.example:3128"),
        ("https://user:opaque@host.example/a", "https://[hidden]@host.example/[hidden]"),
        (f"token%3D{TOKEN}%26", "token%3Dseam_[hidden]%26"),
    ],
)
def test_secrets_are_removed(text, shown):
    result = redact(text)
    assert result.startswith(shown)
    for secret in ("not_a_real", "not_real", "opaque", "not-real", "b3BhcXVl", "1234", PORTAL_ID):
        assert secret not in result


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The window is open.",
        "seam_portal_desktop.adapters.seam.gateway failed",
        'File "/opt/seam_portal_desktop/adapters/seam_gateway.py", line 7, in get',
        "https://connect.getseam.com answered 500",
        "eyes only, ey.",
        "The customer key is harbor-hotel",
    ],
)
def test_other_text_stays(text):
    if text.startswith("seam_portal_desktop.adapters.seam"):
        assert redact(text).startswith("seam_portal_desktop.adapters.")
    else:
        assert redact(text) == text


def test_a_key_that_begins_like_the_package_is_a_key():
    for key in ("seam_portal_desktop_x", "seam_portal_desktop-x", "seam_portal_desktopx"):
        assert redact(key) == "seam_[hidden]"


@pytest.fixture
def log(tmp_path, monkeypatch):
    """A started Diagnostics; the test may close it early. pytest keeps its own faulthandler."""
    monkeypatch.setattr(faulthandler, "enable", lambda *_: None)
    monkeypatch.setattr(faulthandler, "disable", lambda: None)
    started = Diagnostics(tmp_path / "logs" / "program.log")
    started.start()
    yield started
    if started._handler in logging.getLogger().handlers:
        started.close()


def written(log: Diagnostics) -> str:
    """The whole log; closes it."""
    log.close()
    return log.log_file.read_text("utf-8")


def fail_with_secrets() -> None:
    try:
        raise ConnectionError(f"no answer from {URL}")  # noqa: TRY301 - the cause of the next
    except ConnectionError as error:
        error.add_note(f"sent with Bearer {KEY}")
        raise RuntimeError(f"could not use {KEY}") from error


def test_exceptions_keep_their_traceback_and_lose_their_secrets(log):
    try:
        fail_with_secrets()
    except RuntimeError:
        logging.getLogger("anything").exception("It failed with %s", KEY)
    text = written(log)
    assert "It failed with seam_[hidden]" in text
    assert "RuntimeError: could not use seam_[hidden]" in text
    assert "ConnectionError: no answer from https://portal.example/[hidden]" in text
    assert "sent with Bearer [hidden]" in text
    assert "test_diagnostics.py" in text
    assert "in fail_with_secrets" in text
    for secret in (KEY, TOKEN, PORTAL_ID):
        assert secret not in text


def test_arguments_are_formatted_on_the_calling_thread(log):
    """The queue holds formatted texts, so later changes of the arguments don't matter."""
    changing = ["before"]
    logging.getLogger("anything").warning("%s", changing)
    changing[0] = "after"
    assert "['before']" in written(log)


def test_unhandled_exceptions_are_logged_as_bugs(log, capfd):
    try:
        fail_with_secrets()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=fail_with_secrets)
    thread.start()
    thread.join()
    log.handle_loop_exception(None, {"message": f"lost {TOKEN}", "exception": ValueError(URL)})
    log.handle_loop_exception(None, {})
    text = written(log)
    assert text.count("A bug: nobody handled this") == 2
    assert text.count("RuntimeError: could not use seam_[hidden]") == 2
    assert "Unhandled in the event loop: lost seam_[hidden]" in text
    assert "ValueError: https://portal.example/[hidden]" in text
    for secret in (KEY, TOKEN, PORTAL_ID):
        assert secret not in text
    assert capfd.readouterr() == ("", "")


def test_the_arguments_of_a_callback_are_not_quoted(log):
    """asyncio shortens them in the middle, and half a token can't be recognised."""
    message = f"Exception in callback Page.load({URL[:20]}...{TOKEN[-9:]}')) at page.py:3"
    log.handle_loop_exception(None, {"message": message, "exception": ValueError("x")})
    text = written(log)
    assert "Unhandled in the event loop: Exception in callback Page.load\n" in text
    assert TOKEN[-9:] not in text


def test_an_exception_in_a_destructor_is_logged(log, capfd):
    class Bad:
        def __del__(self) -> None:
            fail_with_secrets()

    Bad()
    text = written(log)
    assert "A bug: nobody handled this" in text
    assert "RuntimeError: could not use seam_[hidden]" in text
    assert capfd.readouterr() == ("", "")


def test_a_task_that_was_never_awaited_is_logged_before_the_log_is_closed(log):
    async def main() -> None:
        async def lose() -> None:
            fail_with_secrets()

        asyncio.get_running_loop().set_exception_handler(log.handle_loop_exception)
        task = asyncio.ensure_future(lose())
        task.itself = [task]
        del task
        await asyncio.sleep(0.01)
        log.close()

    asyncio.run(main())
    text = log.log_file.read_text("utf-8")
    assert "Task exception was never retrieved" in text
    assert "RuntimeError: could not use seam_[hidden]" in text


def test_after_the_end_standard_error_gets_no_secret_either(tmp_path):
    code = f"""
import logging, sys
from pathlib import Path
from seam_portal_desktop.diagnostics import Diagnostics

log = Diagnostics(Path(sys.argv[1]))
log.start()
log.close()

class Late:
    def __del__(self):
        logging.getLogger("late").error("said with %s at %s", {KEY!r}, {URL!r})

logging.getLogger("early").error("%s", {KEY!r})
kept_until_the_very_end = Late()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "program.log")],
        cwd=Path(diagnostics.__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    shown = "seam_[hidden]\nsaid with seam_[hidden] at https://portal.example/[hidden]\n"
    assert done.stderr == shown


def test_ctrl_c_is_no_bug(log):
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert written(log) == ""


def test_a_failed_task_of_the_loop_is_logged(log):
    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(log.handle_loop_exception)
        asyncio.get_running_loop().call_soon(fail_with_secrets)
        await asyncio.sleep(0)

    asyncio.run(main())
    text = written(log)
    assert "RuntimeError: could not use seam_[hidden]" in text
    assert KEY not in text


def test_libraries_that_log_addresses_log_warnings_only(log):
    for name in ("httpx", "httpcore", "uvicorn", "alembic", "qasync"):
        logging.getLogger(name).info("from %s", name)
        logging.getLogger(name).warning("really from %s", name)
    text = written(log)
    assert " from " not in text.replace("really from", "")
    assert text.count("really from") == 5


def test_it_rotates_and_keeps_three_old_files(log):
    for number in range(5_500):
        logging.getLogger("anything").warning("%d %s", number, "x" * 1000)
    log.close()
    files = sorted(log.log_file.parent.glob("program.log*"))
    assert [file.name for file in files] == [
        "program.log",
        "program.log.1",
        "program.log.2",
        "program.log.3",
    ]
    assert all(file.stat().st_size <= 1_000_000 for file in files)
    newest = "".join(file.read_text("utf-8") for file in files[:2])
    assert " 5499 x" in newest


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_only_the_owner_can_read_the_logs_folder(log):
    assert log.log_file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("obstacle", ["file in the folder's place", "folder in the file's place"])
def test_without_a_file_the_log_goes_to_standard_error(tmp_path, capsys, monkeypatch, obstacle):
    monkeypatch.setattr(faulthandler, "enable", lambda *_: None)
    monkeypatch.setattr(faulthandler, "disable", lambda: None)
    log_file = tmp_path / "logs" / "program.log"
    if obstacle.startswith("file"):
        log_file.parent.write_text("in the way")
    else:
        log_file.mkdir(parents=True)
    log = Diagnostics(log_file)
    log.start()
    logging.getLogger("anything").error("still heard, without %s", KEY)
    log.close()
    err = capsys.readouterr().err
    assert "ERROR anything still heard, without seam_[hidden]" in err
    assert KEY not in err


def test_closing_restores_everything(tmp_path, monkeypatch):
    monkeypatch.setattr(faulthandler, "enable", lambda *_: None)
    monkeypatch.setattr(faulthandler, "disable", lambda: None)
    root, httpx = logging.getLogger(), logging.getLogger("httpx")

    def state() -> tuple[object, ...]:
        handlers = [handler for handler in root.handlers if "LogCapture" not in str(handler)]
        hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        return hooks, handlers, root.level, httpx.level, threading.active_count()

    before = state()
    for _ in range(2):
        log = Diagnostics(tmp_path / "program.log")
        log.start()
        assert state() != before
        log.close()
        assert state() == before
    log.log_file.unlink()  # on Windows only a closed file can be deleted


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_crash_of_native_code_leaves_a_traceback_without_values(tmp_path):
    code = f"""
import logging, os, signal, sys
from pathlib import Path
from seam_portal_desktop.diagnostics import Diagnostics

log = Diagnostics(Path(sys.argv[1]))
log.start()

def crash(secret):
    os.kill(os.getpid(), signal.SIGSEGV)

crash({KEY!r})
"""
    log_file = tmp_path / "program.log"
    done = subprocess.run(
        [sys.executable, "-c", code, str(log_file)],
        cwd=Path(diagnostics.__file__).parents[1],
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == -signal.SIGSEGV
    text = (tmp_path / "program.crash.log").read_text("utf-8")
    assert "Fatal Python error: Segmentation fault" in text
    assert "in crash" in text
    assert KEY not in text


def test_the_bug_handler_gets_no_secrets(log):
    bugs: list[str] = []
    log.set_bug_handler(bugs.append)
    try:
        fail_with_secrets()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
        logging.getLogger("anything").exception("A task failed")
    log.handle_loop_exception(None, {"message": "lost", "exception": ValueError(URL)})
    logging.getLogger("anything").error("an error that was handled: %s", KEY)
    logging.getLogger("anything").warning("no error", exc_info=ValueError("x"))
    assert [text.splitlines()[0] for text in bugs] == [
        "A bug: nobody handled this",
        "A task failed",
        "Unhandled in the event loop: lost",
    ]
    assert "in fail_with_secrets" in bugs[0]
    for secret in (KEY, TOKEN, PORTAL_ID):
        assert secret not in "".join(bugs)


def test_the_bug_handler_is_called_only_while_it_is_set(log):
    bugs: list[str] = []
    log.set_bug_handler(bugs.append)
    log.set_bug_handler(None)
    logging.getLogger("anything").error("late", exc_info=ValueError("x"))
    log.set_bug_handler(bugs.append)
    log.close()
    logging.getLogger("anything").error("too late", exc_info=ValueError("x"))
    assert bugs == []


def test_a_crash_is_given_once_to_the_next_run(tmp_path, monkeypatch):
    monkeypatch.setattr(faulthandler, "enable", lambda *_: None)
    monkeypatch.setattr(faulthandler, "disable", lambda: None)
    log_file, crash_file = tmp_path / "program.log", tmp_path / "program.crash.log"
    crash_file.write_text(f"Fatal Python error: Segmentation fault at {KEY}\n", "utf-8")
    texts = []
    for _ in range(2):
        log = Diagnostics(log_file)
        log.start()
        texts += [log.take_previous_crash(), log.take_previous_crash()]
        log.close()
    assert texts == ["Fatal Python error: Segmentation fault at seam_[hidden]\n", "", "", ""]
    assert (tmp_path / "program.crash.old.log").exists(), "the bundle of diagnostics has it"


def test_an_error_that_a_run_survived_is_no_crash(tmp_path, monkeypatch):
    """On Windows faulthandler also writes errors that a library has handled."""
    monkeypatch.setattr(faulthandler, "enable", lambda *_: None)
    monkeypatch.setattr(faulthandler, "disable", lambda: None)
    log = Diagnostics(tmp_path / "program.log")
    log.start()
    (tmp_path / "program.crash.log").write_text("Windows fatal exception: code 0x8001010d", "utf-8")
    log.close()
    log = Diagnostics(tmp_path / "program.log")
    log.start()
    assert log.take_previous_crash() == ""
    log.close()
