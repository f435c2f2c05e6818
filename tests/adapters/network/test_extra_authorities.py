from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.network.extra_authorities import extra_authorities

ONE = b"-----BEGIN CERTIFICATE-----\nMQ==\n-----END CERTIFICATE-----\n"
OTHER = ONE.replace(b"MQ==", b"Mg==")


@pytest.fixture
def anchors(tmp_path):
    place = tmp_path / "anchors"
    (place / "company").mkdir(parents=True)
    (place / "company" / "root.crt").write_bytes(ONE)
    (place / "again.pem").write_bytes(ONE)
    (place / "README").write_bytes(ONE)
    (place / "der.crt").write_bytes(b"\x30\x82")
    return str(place)


def test_each_added_authority_is_found_once(anchors):
    assert extra_authorities({}, [anchors, "/nowhere"]) == (ONE,)


def test_the_named_file_comes_first(anchors, tmp_path):
    named = tmp_path / "bundle"
    named.write_bytes(OTHER)
    assert extra_authorities({"SSL_CERT_FILE": str(named)}, [anchors]) == (OTHER, ONE)


@pytest.mark.parametrize("named", ["/nowhere/at-all", "/", "\0"])
def test_a_missing_file_is_ignored(named):
    assert extra_authorities({"SSL_CERT_FILE": named}, []) == ()


def test_a_too_large_file_is_ignored(tmp_path):
    large = tmp_path / "large.pem"
    large.write_bytes(ONE + b"\n" * 4_000_000)
    assert extra_authorities({"SSL_CERT_FILE": str(large)}, []) == ()


def test_there_are_none_on_other_systems(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert extra_authorities({}) == ()
