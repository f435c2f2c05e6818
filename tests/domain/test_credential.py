from __future__ import annotations

import pytest

from seam_portal_desktop.domain.credential import Credential, CredentialKind, recognise_credential
from seam_portal_desktop.domain.secret import Secret

KEY, TOKEN = CredentialKind.API_KEY, CredentialKind.PERSONAL_ACCESS_TOKEN


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("seam_test_not_a_real_key", KEY),
        ("seam_x", KEY),
        ("seam_apikey1_not_real", KEY),
        ("seam_CST_not_real", KEY),
        ("seam_at_not_real", TOKEN),
        ("seam_atx", TOKEN),
        ("  seam_x  ", KEY),
        ("\tseam_at_x\r\n", TOKEN),
    ],
)
def test_kinds_are_recognised(text, kind):
    shape = recognise_credential(text)
    assert (shape.kind, shape.problem) == (kind, None)


@pytest.mark.parametrize("text", ["", " ", "\n", " \t\r\n", "\u00a0"])
def test_an_empty_text_is_no_problem(text):
    shape = recognise_credential(text)
    assert (shape.kind, shape.problem) == (None, None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("seam_cst_not_real", "client session token"),
        ("seam_cst", "client session token"),
        ("seam_pk_not_real", "publishable key"),
        ("seam_pk1", "publishable key"),
        ("eyNotReal.eyNotReal.not", "JSON Web Token"),
        ("http://portal.example/portals/1", "web address"),
        ("https://portal.example/portals/1?token=seam_cst_not_real", "web address"),
        (" https://se.am/1234", "web address"),
        ("seam_", "rest of the credential is missing"),
        ("seam_at", "rest of the credential is missing"),
        ("seam", "starts with seam_"),
        ("sea", "starts with seam_"),
        ("Seam_x", "starts with seam_"),
        ("sk_live_not_real", "starts with seam_"),
        ("Bearer", "starts with seam_"),
        ('"seam_x"', "starts with seam_"),
        ("Bearer seam_x", "one word"),
        ("seam_x seam_y", "one word"),
        ("seam_x\nseam_y", "one word"),
        ("seam_\u200bx", "one word"),
        ("\ufeffseam_x", "one word"),
        ("seam_ключ", "one word"),
        ("seam_x…", "one word"),
        ("seam_x\0", "one word"),
        ("seam_\x1b[1m", "one word"),
        ("seam_x\x7fy", "one word"),
    ],
)
def test_a_refused_text_gets_a_sentence_that_does_not_quote_it(text, sentence):
    shape = recognise_credential(text)
    assert shape.kind is None
    assert shape.problem is not None
    assert sentence in shape.problem
    assert shape.problem[-1] in ".?"
    assert "not_real" not in shape.problem


@pytest.mark.parametrize(("kind", "workspace_id"), [(KEY, "workspace"), (TOKEN, None), (TOKEN, "")])
def test_only_a_token_has_a_workspace_id(kind, workspace_id):
    with pytest.raises(ValueError, match="workspace id") as caught:
        Credential(kind, Secret("seam_test_not_a_real_key"), workspace_id)
    assert "seam_test" not in str(caught.value)


def test_credentials_are_compared_by_their_secret_too():
    assert Credential(KEY, Secret("seam_x")) == Credential(KEY, Secret("seam_x"))
    assert Credential(KEY, Secret("seam_x")) != Credential(KEY, Secret("seam_y"))
