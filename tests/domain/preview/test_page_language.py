from __future__ import annotations

import json

import pytest

from seam_portal_desktop.domain.preview.page_language import language_of
from seam_portal_desktop.sandbox.portal_page.catalogue import LOCALES_DIR
from seam_portal_desktop.sandbox.portal_page.data import LOCALES

SENTENCES = {
    "de": "Willkommen. Hier sehen Sie die Zimmer und die Buchungen, die für Sie eingerichtet sind.",
    "en": "Welcome. Here you can see the rooms and the bookings that have been set up for you.",
    "fr": "Bienvenue. Vous voyez les chambres et les réservations qui sont pour vous.",
    "es": "Le damos la bienvenida. Aquí puede ver las habitaciones y las reservas que hay para el.",
    "it": "Benvenuto. Qui puoi vedere le camere e le prenotazioni che sono per gli ospiti.",
    "pt": "Aqui pode ver os quartos e as reservas que foram criados para si, com a sua chave.",
    "nl": "Welkom. Hier ziet u de kamers en het overzicht van wat er voor uw gasten is geboekt.",
    "pl": "Witamy. Tutaj są pokoje oraz rezerwacje, które być może nie są jeszcze dla Ciebie.",
    "el": "Καλώς ήρθατε. Εδώ βλέπετε τα δωμάτια και τις κρατήσεις σας στο Harbor Hotel.",
    "ru": "Добро пожаловать. Здесь видны номера и бронирования для Harbor Hotel.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_two_sentences_are_enough(language):
    assert language_of(SENTENCES[language]) == language


@pytest.mark.parametrize("locale", LOCALES)
def test_the_sandboxs_texts_are_recognised_in_every_language(locale):
    texts = json.loads((LOCALES_DIR / f"{locale}.json").read_text("utf-8")).values()
    words = (text if isinstance(text, str) else " ".join(text.values()) for text in texts)
    assert language_of("\n".join(words)) == locale[:2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "…",
        "12345 67890",
        "Harbor Hotel",
        "Casa de la Playa",
        "https://portal.example/portals/1",
        SENTENCES["de"] + SENTENCES["en"] + SENTENCES["fr"],
        "🏨🔑" * 50,
        "東京 大阪 京都",
    ],
)
def test_an_unclear_text_has_no_language(text):
    assert language_of(text) is None
