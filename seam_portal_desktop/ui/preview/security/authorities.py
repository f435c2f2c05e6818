"""Certificate authorities that count beside the engine's own, such as the company's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtNetwork import QSslCertificate


class Authorities:
    """None until `take` is called; pages that are opened afterwards go by them."""

    def __init__(self) -> None:
        self._pems: tuple[bytes, ...] = ()
        self._read: list[QSslCertificate] = []

    def take(self, pems: Sequence[bytes]) -> None:
        """Use these from now on: PEM texts, each of which may hold several certificates."""
        self._pems = tuple(pems)
        self._read = []

    def certificates(self) -> list[QSslCertificate]:
        """What could be read of them. The first call loads Qt's TLS library, some 200 ms."""
        if self._pems and not self._read:
            from PySide6.QtNetwork import QSslCertificate

            self._read = [one for pem in self._pems for one in QSslCertificate.fromData(pem)]
        return self._read
