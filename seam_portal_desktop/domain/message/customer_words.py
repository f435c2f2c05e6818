"""Words around a QR code, in the ten languages of Seam's portals.

They are for customers, so the program's own language doesn't matter.
"""

from __future__ import annotations

from typing import NamedTuple


class CustomerWords(NamedTuple):
    """`expiry` stands above the time at which the link ends."""

    scan: str
    expiry: str
    private: str


_ENGLISH = CustomerWords(
    "Scan this code with your phone’s camera to open your portal.",
    "The link works until",
    "Anyone who has this code can open your portal, so please don’t pass it on.",
)

_WORDS = {
    "en": _ENGLISH,
    "de": CustomerWords(
        "Öffnen Sie Ihr Portal, indem Sie diesen Code mit der Kamera Ihres Telefons scannen.",
        "Der Link gilt bis",
        "Wer diesen Code hat, kann Ihr Portal öffnen. Bitte geben Sie ihn nicht weiter.",
    ),
    "fr": CustomerWords(
        "Scannez ce code avec l’appareil photo de votre téléphone pour ouvrir votre portail.",
        "Le lien est valable jusqu’au",
        "Toute personne disposant de ce code peut ouvrir votre portail : merci de ne pas le "
        "transmettre.",
    ),
    "it": CustomerWords(
        "Inquadri questo codice con la fotocamera del telefono per aprire il suo portale.",
        "Il link è valido fino a",
        "Chiunque abbia questo codice può aprire il suo portale: la preghiamo di non cederlo ad "
        "altri.",
    ),
    "es": CustomerWords(
        "Escanee este código con la cámara de su teléfono para abrir su portal.",
        "El enlace es válido hasta el",
        "Cualquiera que tenga este código puede abrir su portal; por favor, no lo comparta.",
    ),
    "pt": CustomerWords(
        "Leia este código com a câmara do seu telemóvel para abrir o seu portal.",
        "A ligação é válida até",
        "Quem tiver este código pode abrir o seu portal. Por favor, não o partilhe.",
    ),
    "nl": CustomerWords(
        "Scan deze code met de camera van uw telefoon om uw portaal te openen.",
        "De link is geldig tot",
        "Iedereen met deze code kan uw portaal openen. Geef hem daarom niet door.",
    ),
    "el": CustomerWords(
        "Σαρώστε αυτόν τον κωδικό με την κάμερα του κινητού σας για να ανοίξετε την πύλη σας.",
        "Ο σύνδεσμος ισχύει έως:",
        "Όποιος έχει αυτόν τον κωδικό μπορεί να ανοίξει την πύλη σας. Παρακαλούμε μην τον δώσετε "
        "σε άλλους.",
    ),
    "pl": CustomerWords(
        "Zeskanuj ten kod aparatem telefonu, aby otworzyć swój portal.",
        "Link jest ważny do:",
        "Każdy, kto ma ten kod, może otworzyć Twój portal. Prosimy nie przekazywać go dalej.",
    ),
    "ru": CustomerWords(
        "Отсканируйте этот код камерой телефона, чтобы открыть свой портал.",
        "Ссылка действует до:",
        "Любой, у кого есть этот код, может открыть ваш портал. Пожалуйста, не передавайте его "
        "другим.",
    ),
}


def customer_words(locale: str) -> CustomerWords:
    """The words for a portal locale such as ``pt-PT``; English for an unknown one."""
    return _WORDS.get(locale.partition("-")[0], _ENGLISH)
