"""The features of a portal in the portal's languages, for messages to customers."""

from __future__ import annotations

_WORDS = {
    "en": ("Connect accounts", "Organize devices", "Stays and access", "Automations", "Devices"),
    "de": (
        "Konten verbinden",
        "Geräte zuordnen",
        "Aufenthalte und Zugänge",
        "Automatisierungen",
        "Geräte",
    ),
    "fr": (
        "Connexion des comptes",
        "Organisation des appareils",
        "Séjours et accès",
        "Automatisations",
        "Appareils",
    ),
    "it": (
        "Collegamento degli account",
        "Organizzazione dei dispositivi",
        "Soggiorni e accessi",
        "Automazioni",
        "Dispositivi",
    ),
    "es": (
        "Conexión de cuentas",
        "Organización de dispositivos",
        "Estancias y accesos",
        "Automatizaciones",
        "Dispositivos",
    ),
    "pt": (
        "Ligação de contas",
        "Organização de dispositivos",
        "Estadias e acessos",
        "Automatizações",
        "Dispositivos",
    ),
    "nl": (
        "Accounts koppelen",
        "Apparaten indelen",
        "Verblijven en toegang",
        "Automatiseringen",
        "Apparaten",
    ),
    "el": (
        "Σύνδεση λογαριασμών",
        "Οργάνωση συσκευών",
        "Διαμονές και πρόσβαση",
        "Αυτοματισμοί",
        "Συσκευές",
    ),
    "pl": (
        "Łączenie kont",
        "Porządkowanie urządzeń",
        "Pobyty i dostęp",
        "Automatyzacje",
        "Urządzenia",
    ),
    "ru": (
        "Подключение аккаунтов",
        "Распределение устройств",
        "Проживание и доступ",
        "Автоматизация",
        "Устройства",
    ),
}

_NAMES = ("connect", "organize", "manage", "configure", "manage_devices")
"""The features as requests name them, in the order of the words above."""


def feature_words(names: frozenset[str], locale: str) -> tuple[str, ...]:
    """The features with these names of a request, for a customer with this portal locale.

    English is used for an unknown locale, and unknown names are left out.
    """
    words = _WORDS.get(locale.partition("-")[0], _WORDS["en"])
    return tuple(word for name, word in zip(_NAMES, words, strict=True) if name in names)
