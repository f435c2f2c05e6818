"""The release workflow follows its schema and our rules; and the scripts that it runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

from tests.packaging.conftest import ROOT

from ci import check_release, publish, publish_updates, try_out  # isort: skip
from common import project, signing  # isort: skip
from macos import keychain, notary  # isort: skip
from windows import authenticode  # isort: skip

PATH = ROOT / ".github/workflows/release.yml"
WORKFLOW = yaml.safe_load(PATH.read_text("utf-8"))
JOBS = WORKFLOW["jobs"]
STEPS = [(name, step) for name, job in JOBS.items() for step in job["steps"]]
NAME = project.NAME


def test_it_follows_githubs_schema():
    lint = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*lint, PATH], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_step_is_a_script_of_ours_or_a_pinned_action():
    for _, step in STEPS:
        if "run" in step:
            assert re.fullmatch(r"python packaging/[a-z_/]+\.py( .*)?", step["run"]), step
        else:
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"]), step
    pinned = re.findall(
        r"uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$", PATH.read_text(), re.MULTILINE
    )
    assert len(pinned) == len([step for _, step in STEPS if "uses" in step])
    assert len({action for action, _, _ in pinned}) == len({digest for _, digest, _ in pinned})


def test_every_script_is_there():
    for _, step in STEPS:
        if "run" in step:
            assert (ROOT / step["run"].split()[1]).is_file(), step["run"]


def test_no_command_contains_an_expression():
    """GitHub replaces expressions before the shell reads the script."""
    for _, step in STEPS:
        assert "${{" not in step.get("run", "")


def test_each_job_has_only_the_permissions_that_it_needs():
    assert WORKFLOW["permissions"] == {}
    rights = {name: job["permissions"] for name, job in JOBS.items()}
    assert rights == {
        "check": {"contents": "read"},
        "build": {"contents": "read", "id-token": "write", "attestations": "write"},
        "publish": {"contents": "write"},
    }
    for name, step in STEPS:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False, name


def test_only_the_steps_that_sign_have_keys():
    with_keys = {
        step["name"]: set(step["env"]) for _, step in STEPS if "secrets." in json.dumps(step)
    }
    windows = {authenticode.SIGN_COMMAND, authenticode.CERTIFICATE, authenticode.PASSWORD}
    apple = {keychain.CERTIFICATE, keychain.PASSWORD, notary.KEY, notary.KEY_ID, notary.ISSUER}
    updates = {f"UPDATE_{role}_KEY" for role in ("TARGETS", "SNAPSHOT", "TIMESTAMP")}
    assert with_keys == {
        "Sign it and build it": windows,
        "Sign it, notarise it and build it": apple,
        "Sign the information about updates": updates,
        "Draft the release": {"GH_TOKEN", signing.KEY, signing.PASSPHRASE},
    }
    assert not [job for job in JOBS.values() if "env" in job]
    assert "env" not in WORKFLOW
    for _, step in STEPS:
        for name, value in step.get("env", {}).items():
            assert value in {"${{ github.token }}", f"${{{{ secrets.{name} }}}}"}


def test_a_release_needs_a_tag_and_all_builds():
    assert WORKFLOW[True]["push"] == {"tags": ["v*"]}  # YAML reads `on` as true
    assert JOBS["publish"]["if"] == "github.ref_type == 'tag'"
    assert JOBS["publish"]["needs"] == "build"
    assert JOBS["build"]["needs"] == "check"
    runs = [step["run"] for name, step in STEPS if name == "build" and "run" in step]
    assert runs.index("python packaging/ci/try_out.py") == len(runs) - 1


def test_each_system_has_its_runner():
    matrix = JOBS["build"]["strategy"]["matrix"]["include"]
    assert {one["machine"]: one["runner"] for one in matrix} == {
        "linux-x86_64": "ubuntu-22.04",
        "windows-x86_64": "windows-2022",
        "macos-arm64": "macos-15",
        "macos-x86_64": "macos-15-intel",
    }


def release(version: str, *, dated: bool):
    import datetime as dt

    return [project.Release(version, dt.date(2030, 1, 2) if dated else None, ("A point",))]


def test_a_release_needs_its_tag_and_its_date(monkeypatch):
    monkeypatch.setattr(project, "version", lambda: "1.2.3")
    monkeypatch.setattr(project, "releases", lambda: release("1.2.3", dated=True))
    check_release.check("v1.2.3")
    with pytest.raises(project.BuildError, match=r"must be v1\.2\.3"):
        check_release.check("v1.2.4")
    monkeypatch.setattr(project, "releases", lambda: release("1.2.3", dated=False))
    with pytest.raises(project.BuildError, match="no date"):
        check_release.check("v1.2.3")


def make_machine(folder: Path, machine: str, *packages: str) -> None:
    target = folder / machine
    target.mkdir(parents=True)
    stem = f"{NAME}-{project.version()}"
    names = [*packages, f"{stem}.cdx.json", f"{stem}-third-party-licences.txt"]
    for name in names:
        (target / name).write_text(f"{name} of {machine}")
    signing.write_checksums([target / name for name in names])


@pytest.fixture
def machines(tmp_path) -> Path:
    folder = tmp_path / "machines"
    make_machine(folder, "linux-x86_64", f"{NAME}.deb")
    make_machine(folder, "windows-x86_64", f"{NAME}-setup.exe")
    return folder


def test_only_what_was_built_is_published(machines, tmp_path):
    gathered = publish.gather(machines, tmp_path / "release")
    stem = f"{NAME}-{project.version()}"
    assert {path.name for path in gathered} == {
        f"{NAME}.deb",
        f"{NAME}-setup.exe",
        *(
            f"{stem}-{machine}{kind}"
            for machine in ("linux-x86_64", "windows-x86_64")
            for kind in (".cdx.json", "-third-party-licences.txt")
        ),
    }
    (machines / "windows-x86_64" / f"{NAME}-setup.exe").write_text("someone else's")
    with pytest.raises(project.BuildError, match="not what was built"):
        publish.gather(machines, tmp_path / "release")


def test_two_machines_must_not_make_the_same_file(machines, tmp_path):
    make_machine(machines, "other", f"{NAME}.deb")
    with pytest.raises(project.BuildError, match="more than one machine"):
        publish.gather(machines, tmp_path / "release")


def test_the_release_is_a_draft_with_one_list_of_checksums(machines, tmp_path, monkeypatch):
    monkeypatch.delenv(signing.KEY, raising=False)
    called = []
    monkeypatch.setattr(publish, "run", called.append)
    publish.main(machines, "v1.2.3")
    ((*create, tag),) = [call[:4] for call in called]
    assert (create, tag) == (["gh", "release", "create"], "v1.2.3")
    assert {"--draft", "--verify-tag"} <= set(called[0])
    files = {path.name for path in called[0] if isinstance(path, Path)}
    listed = (tmp_path / "release" / signing.CHECKSUMS).read_text().splitlines()
    assert {line.split("  ")[1] for line in listed} == files - {signing.CHECKSUMS}


def test_a_program_without_updates_publishes_none(machines, tmp_path, monkeypatch):
    monkeypatch.setattr(publish_updates, "SHIPPED", tmp_path / "nothing")
    publish_updates.main(machines)
    assert not (tmp_path / "updates").exists()


@pytest.mark.parametrize(
    ("version", "channels"), [("1.2.0", ["stable", "beta"]), ("1.2.0rc1", ["beta"])]
)
def test_a_final_version_is_in_both_channels(version, channels):
    assert publish_updates.channels(version) == channels


PROGRAM = """\
#!/bin/sh
while [ "$1" != --report ]; do shift; done
printf '{"steps": [{"name": "a link", "ok": %s, "ms": 1}]}' > "$2"
exit %s
"""


@pytest.mark.skipif(sys.platform != "linux", reason="uses the Linux packages")
@pytest.mark.parametrize(
    ("ok", "code", "complaint"),
    [("true", 0, None), ("false", 1, "a link"), ("true", 139, "139")],
)
def test_a_package_must_pass_its_self_test(tmp_path, monkeypatch, ok, code, complaint):
    tree = tmp_path / "tree" / "bin"
    tree.mkdir(parents=True)
    (tree / NAME).write_text(PROGRAM.replace("%s", ok, 1).replace("%s", str(code)))
    (tree / NAME).chmod(0o755)
    with tarfile.open(tmp_path / f"{NAME}-1.tar.xz", "w:xz") as tarball:
        tarball.add(tree.parent, f"{NAME}-1")
    monkeypatch.setattr(try_out, "_SCREEN", [])
    if complaint is None:
        try_out.main(tmp_path)
        return
    with pytest.raises(project.BuildError, match=complaint):
        try_out.main(tmp_path)


@pytest.mark.parametrize(
    "script", ["check_release", "tools", "try_out", "publish", "publish_updates", "audit"]
)
def test_each_script_finds_its_modules_by_itself(script, tmp_path):
    """Like the workflow starts it: from the checkout, without a PYTHONPATH."""
    code = f"import runpy; runpy.run_path('packaging/ci/{script}.py', run_name='imported')"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
