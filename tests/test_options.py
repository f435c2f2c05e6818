from __future__ import annotations

from pathlib import Path

import pytest

from seam_portal_desktop import __version__
from seam_portal_desktop.options import Options, parse_arguments


def test_no_argument_gives_the_defaults():
    assert parse_arguments([]) == Options()


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["--demo"], Options(demo=True)),
        (["--data-dir", "kept here"], Options(data_dir=Path("kept here"))),
        (["--data-dir=x", "--demo"], Options(demo=True, data_dir=Path("x"))),
        (["--self-test"], Options(self_test=True)),
        (
            ["--self-test", "--report", "r.json", "--screenshot", "s.png"],
            Options(self_test=True, report=Path("r.json"), screenshot=Path("s.png")),
        ),
        (["--software-rendering"], Options(software_rendering=True)),
    ],
)
def test_every_option(arguments, options):
    assert parse_arguments(arguments) == options


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["file.txt"], "unrecognized arguments: file.txt"),
        ([""], "unrecognized arguments"),
        (["--data-dir"], "expected one argument"),
        (["--dem"], "unrecognized arguments: --dem"),
        (["--demo=yes"], "ignored explicit argument"),
        (["--report", "r.json"], "go with --self-test"),
        (["--demo", "--screenshot", "s.png"], "go with --self-test"),
        (["--demo", "--self-test"], "not allowed with"),
    ],
)
def test_a_wrong_argument_gets_a_usage_line(arguments, message, capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(arguments)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: seam-portal-desktop ")
    assert message in err


def test_help_names_every_option(capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    for name in set(Options._fields) - {"address"}:
        assert f"--{name.replace('_', '-')}" in out
    assert "portal/PORTAL_ID" in out


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"seam-portal-desktop {__version__}\n"
