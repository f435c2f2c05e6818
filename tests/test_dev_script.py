"""packaging/dev.py, and the lock files that it installs."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "packaging" / "dev.py"
LOCKS = [ROOT / "packaging" / name for name in ("requirements.txt", "requirements-dev.txt")]


def load(path: Path, name: str):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def system(monkeypatch):
    """The module system_packages, which can't start a process."""
    module = load(SCRIPT.with_name("system_packages.py"), "system_packages")
    monkeypatch.setitem(sys.modules, "system_packages", module)

    def refuse(*arguments, **_):
        raise AssertionError(f"The test did not expect to start {arguments}")

    monkeypatch.setattr(subprocess, "call", refuse)
    monkeypatch.setattr(subprocess, "run", refuse)
    return module


@pytest.fixture
def dev(tmp_path, monkeypatch, system):
    """The script as a module, in an empty checkout."""
    module = load(SCRIPT, "dev_script")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "LOCK", tmp_path / "lock.txt")
    module.LOCK.write_text("thing==1\n")
    return module


# The script itself -----------------------------------------------------------------------------


def test_it_is_short_and_needs_only_the_standard_library():
    imported = set()
    for path in (SCRIPT, SCRIPT.with_name("system_packages.py")):
        source = path.read_text("utf-8")
        assert len(source.splitlines()) < 200
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module.partition(".")[0])
    assert imported - {"system_packages"} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["deploy"], ["demo", "test"], ["demo", "--fast"], [""]]
)
def test_a_wrong_command_gets_one_usage_line(arguments):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "usage: python3 packaging/dev.py {demo|test}\n"


def test_an_old_python_is_named(dev, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    assert dev.main(["demo"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("dev.py: Python 3.11 or newer is needed")
    assert err.count("\n") == 1


# System packages -------------------------------------------------------------------------------

MISSING = {"libnice1": "nice", "xvfb": "program:Xvfb"}


@pytest.fixture
def bare(system, monkeypatch):
    """A Debian without the packages, for an ordinary user. Records the calls."""
    calls: list[list[str]] = []

    def call(command, **_):
        calls.append(command)
        return 1 if command[0] == "apt-cache" else 0

    monkeypatch.setattr(system, "LINUX", True)
    monkeypatch.setattr(system, "is_present", lambda _sign: False)
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(subprocess, "call", call)
    return calls


def test_without_root_it_shows_the_command_to_run(system, bare, capsys):
    with pytest.raises(system.Failure) as caught:
        system.make_sure_of_system_packages(MISSING)
    assert str(caught.value) == "Please run: sudo apt-get install -y libnice1 xvfb"
    assert "\n" not in str(caught.value)


def test_without_apt_it_names_the_packages(system, bare, monkeypatch):
    monkeypatch.setattr(system.shutil, "which", lambda _name: None)
    with pytest.raises(system.Failure, match=r"what your system calls .*: libnice1 xvfb$"):
        system.make_sure_of_system_packages(MISSING)


def test_a_python_without_ensurepip_needs_a_package(system, bare, monkeypatch):
    monkeypatch.setattr(subprocess, "call", lambda _command, **_options: 1)
    monkeypatch.setattr(system, "is_present", lambda _sign: True)
    with pytest.raises(system.Failure, match=r"install -y python3-venv$"):
        system.make_sure_of_system_packages(MISSING)


def test_root_installs_only_what_is_missing(system, bare, monkeypatch):
    ran: list[list[str]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(system, "is_present", lambda sign: sign == "nice")
    monkeypatch.setattr(system, "run", lambda command, _complaint, _env=None: ran.append(command))
    system.make_sure_of_system_packages(MISSING)
    assert [command[:2] for command in ran] == [["apt-get", "update"], ["apt-get", "install"]]
    assert "xvfb" in ran[1]
    assert "libnice1" not in ran[1]


def test_nothing_is_installed_if_nothing_is_missing(system, bare, monkeypatch):
    monkeypatch.setattr(system, "is_present", lambda _sign: True)
    system.make_sure_of_system_packages(MISSING)
    assert all("apt" not in command[0] for command in bare)


def test_other_systems_need_no_packages(system, monkeypatch):
    monkeypatch.setattr(system, "LINUX", False)
    system.make_sure_of_system_packages(MISSING)


@pytest.mark.parametrize(
    ("is_known", "names"),
    [
        (True, ["libasound2t64", "xvfb"]),
        (False, ["libasound2", "xvfb"]),
    ],
)
def test_the_sound_library_has_two_names(system, monkeypatch, is_known, names):
    asked = []

    def call(command, **_):
        asked.append(command)
        return 0 if is_known else 100

    monkeypatch.setattr(subprocess, "call", call)
    assert system.renamed(["libasound2", "xvfb"]) == names
    assert asked == [["apt-cache", "show", "libasound2t64"]]


def test_a_sign_is_found(system):
    assert system.is_present("program:sh") == (os.name == "posix")
    assert not system.is_present("program:no-such-program-here")
    assert not system.is_present("font:no-such-font.ttf")
    assert not system.is_present("no-such-library-here")


# The environment -------------------------------------------------------------------------------


def install(dev, monkeypatch) -> list[list[str]]:
    ran: list[list[str]] = []

    def run(command, _complaint, _env=None):
        ran.append(command)
        if "venv" in command:
            dev.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            dev.PYTHON.touch()

    monkeypatch.setattr(dev, "run", run)
    monkeypatch.setattr(dev, "has_pip", lambda python: python.exists())
    dev.make_sure_of_environment()
    return ran


def test_the_second_run_installs_nothing_until_the_lock_changes(dev, monkeypatch):
    first = install(dev, monkeypatch)
    assert ["-m", "venv", "--clear", str(dev.VENV)] == first[0][1:]
    assert "--require-hashes" in first[1]
    assert str(dev.LOCK) in first[1]
    assert install(dev, monkeypatch) == []
    dev.LOCK.write_text("thing==2\n")
    third = install(dev, monkeypatch)
    assert len(third) == 1, "the environment itself is kept"
    assert "--require-hashes" in third[0]
    dev.PYTHON.unlink()
    assert len(install(dev, monkeypatch)) == 2


def test_an_interrupted_installation_is_repeated(dev, monkeypatch):
    def fail(command, complaint, _env=None):
        if "pip" in command:
            raise dev.Failure(complaint)
        dev.PYTHON.parent.mkdir(parents=True)
        dev.PYTHON.touch()

    monkeypatch.setattr(dev, "run", fail)
    with pytest.raises(dev.Failure, match="Installing failed"):
        dev.make_sure_of_environment()
    assert len(install(dev, monkeypatch)) == 1


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import sys; print('one'); print('two', file=sys.stderr); sys.exit(3)", "It broke: two"),
        ("import sys; sys.exit(3)", "It broke: exit code 3"),
    ],
)
def test_a_failing_step_is_one_line(dev, monkeypatch, capsys, code, error):
    monkeypatch.undo()
    with pytest.raises(dev.Failure) as caught:
        dev.run([sys.executable, "-c", code], "It broke")
    assert str(caught.value) == error
    monkeypatch.setattr(dev, "demo", lambda: dev.run([sys.executable, "-c", code], "It broke"))
    assert dev.main(["demo"]) == 1
    assert capsys.readouterr() == ("", f"dev.py: {error}\n")


# The checks ------------------------------------------------------------------------------------


@pytest.fixture
def started(dev, monkeypatch):
    """The commands that `test` starts. Each ends with the code of `dev.code(command)`."""
    commands: list[list[str]] = []
    dev.code = lambda _command: 0

    def call(command, *, stdout, **_):
        commands.append(command[command.index("-m") + 1 :])
        if stdout is not None:
            stdout.write(f"ran {' '.join(command)}\n")
        return dev.code(commands[-1])

    monkeypatch.setattr(dev, "make_sure_of_system_packages", lambda _packages: None)
    monkeypatch.setattr(dev, "make_sure_of_environment", lambda: None)
    monkeypatch.setattr(dev, "can_try_packages", lambda: False)
    monkeypatch.setattr(subprocess, "call", call)
    return commands


def test_a_failed_check_is_named(dev, started, capsys):
    dev.code = lambda command: int(command[0] == "mypy")
    assert dev.main(["test"]) == 1
    assert [command[0] for command in started] == ["ruff", "ruff", "mypy"]
    assert capsys.readouterr().err == "dev.py: mypy failed; its output is above.\n"


@pytest.mark.parametrize(
    ("second", "result"), [(0, "passed the second time: flaky"), (1, "failed the second time")]
)
def test_a_second_try_is_reported_but_does_not_pass(dev, started, capsys, second, result):
    dev.code = lambda command: second if "--last-failed" in command else int("tests" in command)
    assert dev.main(["test"]) == 1
    first = next(command for command in started if "tests" in command)
    again = [command for command in started if "--last-failed" in command]
    assert again == [[*first, "--last-failed", "--last-failed-no-failures=none"]]
    output = capsys.readouterr()
    assert "== other tests: the failed tests once more\n" in output.out
    assert f"The failed tests {result}" in output.out
    assert output.err == "dev.py: other tests failed; the output is above.\n"


def test_flaky_tests_that_watch_the_clock_end_the_run(dev, started, capsys):
    dev.code = lambda command: int(dev.CLOCKED[0] in command and "--last-failed" not in command)
    assert dev.main(["test"]) == 1
    assert "passed the second time: flaky" in capsys.readouterr().out
    assert len(started) == 5


def test_a_crash_is_not_tried_again(dev, started):
    dev.code = lambda command: 139 if "tests" in command else 0
    assert dev.main(["test"]) == 1
    assert not any("--last-failed" in command for command in started)


def test_a_check_that_hangs_is_ended_and_fails(dev, started, monkeypatch, capsys):
    def hang_in_preview(command, *, timeout, **_):
        if "tests/ui/preview" in command:
            raise subprocess.TimeoutExpired(command, timeout)
        return 0

    monkeypatch.setattr(subprocess, "call", hang_in_preview)
    assert dev.main(["test"]) == 1
    output = capsys.readouterr()
    assert "== tests of the preview\nIt was ended after 40 minutes.\n" in output.out
    assert output.err == "dev.py: tests of the preview failed; the output is above.\n"


def test_all_checks_end_and_every_failed_one_is_named(dev, started, monkeypatch, capsys):
    monkeypatch.setattr(dev, "can_try_packages", lambda: True)
    dev.code = lambda command: int("packaging" in command or "tests/end_to_end" in command)
    assert dev.main(["test"]) == 1
    output = capsys.readouterr()
    failed = output.err.removeprefix("dev.py: ").removesuffix(" failed; the output is above.\n")
    assert set(failed.split(", ")) == {"packages", "end-to-end tests"}
    assert all(f"== {name}\nran " in output.out for name in ("packages", *dev.TESTS))
    assert "ran nice -n 10 " in output.out
    assert not any({"packaging", "--last-failed"} <= set(command) for command in started)


def test_packages_that_can_not_be_tried_here_are_left_out(dev, started, capsys):
    assert dev.main(["test"]) == 0
    assert "== packages\nLeft out: " in capsys.readouterr().out
    assert not any("packaging" in command for command in started)


def test_every_test_file_is_in_one_check(dev, started):
    assert dev.main(["test"]) == 0
    assert all((ROOT / path).exists() for path in dev.CLOCKED)

    def is_below(path: str, folders: list[str]) -> bool:
        return any(path == folder or path.startswith(f"{folder}/") for folder in folders)

    checks = [
        (
            [word for word in command if word.startswith("tests")],
            [word.removeprefix("--ignore=") for word in command if word.startswith("--ignore=")],
        )
        for command in started
        if command[0] == "pytest"
    ]
    for file in (ROOT / "tests").rglob("test_*.py"):
        path = file.relative_to(ROOT).as_posix()
        containing = [c for c in checks if is_below(path, c[0]) and not is_below(path, c[1])]
        assert len(containing) == 1, path


@pytest.mark.parametrize(
    ("uid", "linux", "disabled"), [(0, True, "1"), (1000, True, None), (0, False, None)]
)
def test_only_for_root_the_browsers_sandbox_is_off(dev, monkeypatch, uid, linux, disabled):
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: uid, raising=False)
    monkeypatch.setattr(dev, "LINUX", linux)
    assert dev.environment().get("QTWEBENGINE_DISABLE_SANDBOX") == disabled


# The locks -------------------------------------------------------------------------------------


def entries(lock: Path) -> list[tuple[Requirement, list[str]]]:
    """Each requirement of a lock file with its hashes."""
    text = lock.read_text("utf-8").replace("\\\n", " ")
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [
        (Requirement(line.partition("--hash")[0]), re.findall(r"--hash=(\S+)", line))
        for line in lines
        if line
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_one_version_and_its_hashes(lock):
    locked = entries(lock)
    assert len(locked) > 20
    for requirement, hashes in locked:
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert requirement.url is None
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), requirement


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_have_no_address(lock):
    text = lock.read_text("utf-8")
    assert "://" not in text
    options = re.findall(r"^\s*(-\S+)", text, re.MULTILINE)
    assert {option.partition("=")[0] for option in options} == {"--hash"}


def dependencies() -> dict[str, list[Requirement]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run_time = [Requirement(text) for text in project["project"]["dependencies"]]
    dev = [Requirement(text) for text in project["dependency-groups"]["dev"]]
    return {"requirements.txt": run_time, "requirements-dev.txt": run_time + dev}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_the_lock_has_the_projects_dependencies(lock):
    locked = {canonicalize_name(requirement.name): requirement for requirement, _ in entries(lock)}
    for wanted in dependencies()[lock.name]:
        found = locked.get(canonicalize_name(wanted.name))
        assert found is not None, f"{wanted.name} isn't locked"
        version = str(found.specifier).removeprefix("==")
        assert wanted.specifier.contains(version, prereleases=True), f"{wanted} but {found}"
        assert found.marker is None or found.marker.evaluate()


def test_both_locks_agree():
    run_time, dev = ({one.name: one for one, _ in entries(lock)} for lock in LOCKS)
    for name, wanted in run_time.items():
        assert dev[name].specifier == wanted.specifier
        # A tool may need on every system what the program needs on one.
        assert dev[name].marker in (wanted.marker, None)
    assert "pytest" not in run_time
    assert "seam" not in run_time, "the SDK is for tests"


def test_this_environment_is_the_locked_one():
    from importlib.metadata import version

    for requirement, _ in entries(LOCKS[1]):
        if requirement.marker is None or requirement.marker.evaluate():
            assert requirement.specifier.contains(version(requirement.name), prereleases=True)
