"""Signing with a test's certificate: the program, the uninstaller, the installer."""

from __future__ import annotations

import base64
import datetime as dt
import os
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.packaging.windows.conftest import STUB

from common import project  # isort: skip
from windows import authenticode, facts, packages  # isort: skip

pytestmark = pytest.mark.packaging

PASSPHRASE = "a test's passphrase"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A folder with an untrusted certificate: key.p12 and authority.pem."""
    folder = tmp_path_factory.mktemp("certificate")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A test's own publisher")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        .sign(key, hashes.SHA256())
    )
    bundle = pkcs12.serialize_key_and_certificates(
        b"test", key, signed, None, serialization.BestAvailableEncryption(PASSPHRASE.encode())
    )
    (folder / "key.p12").write_bytes(bundle)
    pem = signed.public_bytes(serialization.Encoding.PEM)
    (folder / "authority.pem").write_bytes(pem)
    return folder


def is_signed(program: Path, certificate: Path) -> bool:
    command = ["osslsigncode", "verify", "-CAfile", certificate / "authority.pem", "-in", program]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def with_key(certificate, monkeypatch):
    """The environment has the key."""
    encoded = base64.b64encode((certificate / "key.p12").read_bytes()).decode()
    monkeypatch.setenv(authenticode.CERTIFICATE, encoded)
    monkeypatch.setenv(authenticode.PASSWORD, PASSPHRASE)
    monkeypatch.setenv(authenticode.TIMESTAMP_URL, "")


def test_the_program_and_its_installer_are_signed(wine, payload, certificate, with_key, tmp_path):
    made = packages.package(payload, tmp_path / "work", tmp_path, quick=True, stub=STUB)
    assert is_signed(made, certificate)
    assert not is_signed(payload / facts.PROGRAM, certificate), "the frozen program is not changed"
    assert wine.run(made, "/S") == 0
    folder = wine.local_data / "Programs" / "Seam Portal Desktop"
    for name in (facts.PROGRAM, "uninstall.exe"):
        assert is_signed(folder / name, certificate), name
    with (folder / facts.PROGRAM).open("r+b") as program:
        program.seek(-20_000, os.SEEK_END)
        program.write(b"someone else's code")
    assert not is_signed(folder / facts.PROGRAM, certificate)
    wine.uninstall(folder, "/S")


def test_the_program_is_signed_first_and_the_installer_last(payload, tmp_path, monkeypatch):
    log, tool = tmp_path / "log", tmp_path / "sign tool"
    tool.write_text('#!/bin/sh\necho "$2" >> "$1"\n')
    tool.chmod(0o755)
    monkeypatch.setenv(authenticode.SIGN_COMMAND, f'"{tool}" "{log}" {{file}}')
    made = packages.package(payload, tmp_path / "work", tmp_path, quick=True)
    program, uninstaller, last = log.read_text().splitlines()
    assert program == str(tmp_path / "work/windows/program" / facts.PROGRAM)
    assert last == str(made)
    assert uninstaller not in {program, last}


def test_a_wrong_passphrase_is_not_in_the_error(payload, with_key, monkeypatch):
    monkeypatch.setenv(authenticode.PASSWORD, "not the passphrase")
    with pytest.raises(project.BuildError) as raised:
        authenticode.sign([payload / facts.PROGRAM])
    assert "not the passphrase" not in str(raised.value)
