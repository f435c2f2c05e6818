"""The package on newer releases than that of the build: installed, used, removed."""

from __future__ import annotations

import shutil

import pytest

from tests.support.clean_root import DEBIAN_13, UBUNTU_24_04, CleanRoot, what_is_missing
from tests.support.desktop_session import NAME, PACKAGES, assert_self_test_is_green, copy_into_root

PROFILE = f"/etc/apparmor.d/{NAME}"


@pytest.fixture(params=[DEBIAN_13, UBUNTU_24_04], ids=lambda suite: suite.name)
def root(request, built, tmp_path):
    if (reason := what_is_missing()) is not None:
        pytest.skip(reason)
    if not request.param.keyring.exists():
        pytest.skip(f"{request.param.keyring}, which the archive needs, is not installed")
    yield CleanRoot(tmp_path / "root", request.param)
    shutil.rmtree(tmp_path / "root")


def test_it_is_installed_does_the_main_job_and_is_removed(root, built):
    (package,) = built.glob("*.deb")
    root.apt("install", *PACKAGES, "apparmor")
    root.apt("install", copy_into_root(root, package))
    # The parser can check the profile without AppArmor in the kernel.
    root.run(["apparmor_parser", "--skip-kernel-load", "--skip-cache", PROFILE])
    assert_self_test_is_green(root)
    root.apt("purge", NAME)
    left = [file for file in root.files_named_like(NAME) if not file.startswith("/var/log/")]
    assert left == []
