from __future__ import annotations

import pytest

from tests.support.postgresql import postgresql_server


@pytest.fixture(scope="session")
def postgresql():
    with postgresql_server() as server:
        yield server
