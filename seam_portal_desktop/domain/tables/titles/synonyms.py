"""The words in the titles of other programs' tables, in English and the languages of portals.

English, German, French, Italian, Spanish, Portuguese, Dutch, Greek, Polish and Russian. Words are
listed as they are written; `title_words` folds case and accents. A word in a title has one sense.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from seam_portal_desktop.domain.tables.titles.text import title_words


class Sense(StrEnum):
    """What a word in a title stands for."""

    NAME = "name"
    FULL = "full name"
    FIRST = "first"
    MIDDLE = "middle"
    LAST = "last"
    KEY = "key"
    EMAIL = "email"
    PHONE = "phone"
    START = "start"
    END = "end"
    DATE = "date"
    TIME = "time"
    STAY = "stay"
    CONTACT = "contact"
    """A name, a phone number or an email address: the cells tell which."""

    ADDRESS = "address"
    TIME_ZONE = "time zone"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    CODE = "door code"
    COUNT = "count"
    OTHER = "other"
    """A word for what Seam has no field for. It keeps similar words from being typing errors."""

    LINK = "of"
    """A word that changes nothing."""

    SOFT = "main"
    """A word that changes little: the title is alike, no synonym."""

    GUEST = "guest"
    TENANT = "tenant"
    RESIDENT = "resident"
    USER = "user"
    STAFF = "staff_member"
    ROOM = "room"
    UNIT = "unit"
    LISTING = "listing"
    PROPERTY = "property"
    SPACE = "space"
    BUILDING = "building"
    SITE = "site"
    COMMON_AREA = "common_area"
    FACILITY = "facility"


PERSONS = frozenset({Sense.GUEST, Sense.TENANT, Sense.RESIDENT, Sense.USER, Sense.STAFF})
PLACES = frozenset(
    {
        Sense.ROOM,
        Sense.UNIT,
        Sense.LISTING,
        Sense.PROPERTY,
        Sense.SPACE,
        Sense.BUILDING,
        Sense.SITE,
        Sense.COMMON_AREA,
        Sense.FACILITY,
    }
)

# Separated by commas. Several words in a row are one sense together, before each alone is.
_WORDS: dict[Sense, str] = {
    Sense.NAME: """
        name, names, nom, noms, nome, nombre, naam, namen, όνομα, ονόματος, imię, имя, имени,
        nazwa, наименование, название, denominazione""",
    Sense.FULL: """
        full name, fullname, display name, complete name, first and last name,
        vollständiger name, vor- und nachname, vorname und nachname, vorname nachname,
        nom complet, nom et prénom, nom prénom, prénom et nom,
        nome completo, nome e cognome, cognome e nome, nombre completo, nombre y apellidos,
        nombre y apellido, apellidos y nombre, nome e apelido, nome e sobrenome,
        volledige naam, voor- en achternaam, ονοματεπώνυμο, πλήρες όνομα,
        imię i nazwisko, nazwisko i imię, pełne imię, фио, ф.и.о., полное имя,
        имя и фамилия, фамилия и имя""",
    Sense.FIRST: """
        first name, firstname, guest first, client first, customer first, member first,
        tenant first, given name, given names, forename, fname, vorname, rufname,
        prénom, prénoms, nome proprio, nombre de pila, primeiro nome, voornaam, roepnaam,
        μικρό όνομα, pierwsze imię""",
    Sense.MIDDLE: """
        middle name, middlename, second name, zweiter vorname, deuxième prénom, secondo nome,
        segundo nombre, tussenvoegsel, drugie imię, отчество, πατρώνυμο""",
    Sense.LAST: """
        last name, lastname, guest last, client last, customer last, member last, tenant last,
        surname, family name, lname, nachname, familienname, zuname,
        nom de famille, cognome, apellido, apellidos, sobrenome, apelido, último nome,
        achternaam, familienaam, επώνυμο, επίθετο, nazwisko, фамилия""",
    Sense.KEY: """
        id, ids, key, code, number, num, no, nr, n, ref, reference, identifier, uuid, guid,
        schlüssel, nummer, kennung, referenz, code, clé, numéro, référence, identifiant,
        chiave, codice, numero, riferimento, identificativo, clave, código, número, referencia,
        identificador, localizador, chave, referência, sleutel, kenmerk, referentie,
        κωδικός, κλειδί, αριθμός, klucz, kod, numer, identyfikator, ключ, код, номер,
        идентификатор""",
    Sense.EMAIL: """
        email, e-mail, mail, emails, e-mails, email address, e-mail address, mail address,
        mailadresse, email-adresse, e-mail-adresse, emailadresse, courriel,
        adresse e-mail, adresse email, adresse mail, adresse électronique, adresse de courriel,
        posta elettronica, indirizzo email, indirizzo e-mail, indirizzo di posta elettronica,
        correo, correo electrónico, dirección de correo electrónico, dirección de correo,
        correio eletrónico, correio eletrônico, endereço de e-mail, endereço de email,
        e-mailadres, emailadres, mailadres, διεύθυνση email, διεύθυνση e-mail,
        ηλεκτρονικό ταχυδρομείο, ηλεκτρονική διεύθυνση, ηλ. ταχυδρομείο, adres e-mail,
        adres email, adres mailowy, poczta elektroniczna, электронная почта, эл. почта,
        адрес электронной почты, почта, имейл, e-mail адрес, email адрес""",
    Sense.PHONE: """
        phone, phones, telephone, tel, mobile, cell, cellphone, cell phone, mobile phone,
        home phone, work phone, contact number, telefon, handy, mobil, mobiltelefon, rufnummer,
        mobilnummer,
        téléphone, tél, portable, téléphone portable, mobile, telefono, cellulare,
        recapito telefonico,
        teléfono, móvil, celular, teléfono móvil, telefone, telemóvel, contacto telefónico,
        telefoon, gsm, mobiel, τηλέφωνο, τηλεφώνου, κινητό, κινητού, τηλ, telefonu, komórka,
        telefon komórkowy, tel. komórkowy, телефон, телефона, тел, мобильный, мобильный телефон""",
    Sense.START: """
        arrival, arrive, arrives, arriving, arr, check-in, checkin, checks in, start, starts,
        begin, begins, move-in, movein, valid from, from date, start of stay, lease from, rent from,
        booking from, reservation from, stay from, contract from,
        ankunft, anreise, beginn, einzug, mietbeginn, gültig ab, gültig von,
        arrivée, début, entrée, arrivo, inizio, llegada, entrada, inicio, chegada, início,
        aankomst, incheck, inchecken, begin, άφιξη, άφιξης, έναρξη, έναρξης,
        przyjazd, przyjazdu, zameldowanie, zameldowania, początek, rozpoczęcia,
        заезд, заезда, прибытие, прибытия, начало, начала, въезд, заселение, заселения""",
    Sense.END: """
        departure, depart, departs, departing, dep, check-out, checkout, checks out, end, ends,
        move-out, moveout, valid until, valid to, to date, until date, end of stay, lease to,
        rent to, booking to, reservation to, stay to, contract to, lease until, stay until,
        abreise, ende, auszug, mietende, gültig bis, départ, date de fin, date fin, sortie,
        partenza, data fine, data di fine, fine soggiorno, salida, fecha fin, fecha de fin, saída,
        partida, data fim, data de fim, término, vertrek, uitcheck, uitchecken, einde,
        αναχώρηση, αναχώρησης, λήξη, λήξης, wyjazd, wyjazdu, wymeldowanie, wymeldowania, koniec,
        zakończenia, выезд, выезда, отъезд, отъезда, окончание, окончания, выселение""",
    Sense.DATE: "date, datum, data, fecha, ημερομηνία, дата, datę, jour, día, dia, tag, day",
    Sense.TIME: """
        time, hour, uhrzeit, zeit, heure, ora, orario, hora, tijd, ώρα, godzina, время, час, eta,
        etd""",
    Sense.STAY: """
        reservation, booking, confirmation, book, res, resv, conf, confirm, bkg, lease, membership,
        access grant, buchung, reservierung, bestätigung, mietvertrag, réservation, bail,
        prenotazione, conferma, reserva, reservación, confirmación, confirmação, boeking,
        reservering, bevestiging, huurcontract, κράτηση, κράτησης, rezerwacja, rezerwacji,
        potwierdzenia, бронь, брони, бронирование, бронирования, подтверждения""",
    Sense.CONTACT: """
        contact, contacts, kontakt, kontaktdaten, ansprechpartner, contatto, recapito, contacto,
        contato, contactpersoon, επαφή, επικοινωνία, контакт, контакты""",
    Sense.ADDRESS: """
        address, street address, full address, adresse, anschrift, indirizzo, dirección, endereço,
        morada, adres, διεύθυνση, адрес""",
    Sense.TIME_ZONE: """
        time zone, timezone, tz, zeitzone, fuseau horaire, fuseau, fuso orario, zona horaria,
        huso horario, fuso horário, tijdzone, ζώνη ώρας, strefa czasowa, часовой пояс""",
    Sense.LATITUDE: "latitude, lat, breitengrad, latitudine, latitud, breedtegraad, szerokość",
    Sense.LONGITUDE: "longitude, lng, lon, längengrad, longitudine, longitud, lengtegraad",
    Sense.CODE: """
        door code, access code, entry code, lock code, pin, pin code, keypad code, passcode,
        türcode, zugangscode, code d'accès, code porte, codice di accesso, codice porta,
        código de acceso, código de la puerta, código de acesso, código da porta, deurcode,
        toegangscode, κωδικός πόρτας, κωδικός πρόσβασης, kod do drzwi, kod dostępu, код двери,
        код доступа, пин, пин-код""",
    Sense.COUNT: """
        count, qty, quantity, total number, number of, no of, num of, amount of,
        anzahl, nbre, nb, quantité, quantità,
        cantidad, quantidade, qtd, aantal, πλήθος, liczba, ilość, количество, кол-во,
        число, adults, adult, children, child, kids, infants, infant, babies, pets, nights, night,
        persons, people, pax, guests, beds, bedrooms, bathrooms, occupants, occupancy, visitors,
        erwachsene, kinder, babys, haustiere, nächte, übernachtungen, gäste, personen,
        adultes, enfants, bébés, animaux, nuits, nuitées, voyageurs, personnes,
        adulti, bambini, neonati, animali, notti, ospiti, persone,
        adultos, niños, bebés, mascotas, noches, huéspedes, personas, viajeros,
        crianças, bebês, animais, noites, hóspedes, pessoas,
        volwassenen, kinderen, huisdieren, nachten, gasten,
        ενήλικες, ενηλίκων, παιδιά, παιδιών, νύχτες, διανυκτερεύσεις, επισκέπτες, επισκεπτών,
        άτομα, ατόμων, dorośli, dorosłych, dzieci, noce, nocy, goście, gości, osób, osoby,
        взрослые, взрослых, дети, детей, ночей, ночи, гости, гостей, человек,
        rooms, units, zimmeranzahl, chambres, camere, habitaciones, quartos, kamers, δωμάτια,
        δωματίων, pokoje, pokoi, комнат, номеров""",
    Sense.OTHER: """
        price, amount, total, stats, status, state,
        type, note, notes, comment, comments, remark, remarks,
        currency, source, channel, city, town, country, zip, zip code, postcode, postal code,
        region, street, house number, street number, language, nationality, gender, sex, birthday,
        birth date, date of birth, dob, age, company, balance, deposit, rate, tax, fee, fees,
        commission, payment, paid, invoice, created, updated, modified, booked, cancelled, canceled,
        checked in, checked out, stars, rating, review, vip, tags, title, salutation, fax, website,
        url, description, plan, floor, category, season, revenue,
        preis, betrag, bemerkung, bemerkungen, notiz, notizen, ort, stadt, land, plz, postleitzahl,
        straße, hausnummer, sprache, geschlecht, geburtsdatum, firma, saldo, anzahlung, steuer,
        provision, zahlung, rechnung, rechnungsnummer, buchungsdatum, reservierungsdatum, kategorie,
        typ, quelle, herkunft, kanal, titel, anrede, alter, etage, währung,
        prix, montant, statut, état, remarque, remarques, commentaire, ville, pays, code postal,
        langue, nationalité, sexe, date de naissance, société, solde, acompte, taxe, paiement,
        facture, catégorie, canal, titre, âge, rue, étage, devise,
        prezzo, importo, stato, città, paese, cap, lingua, nazionalità, sesso, data di nascita, età,
        azienda, caparra, tassa, pagamento, fattura, tipo, canale, via, numero civico, valuta,
        precio, importe, estado, observaciones, ciudad, país, código postal, idioma, nacionalidad,
        sexo, fecha de nacimiento, empresa, depósito, pago, factura, origen, fuente, edad, calle,
        moneda, preço, valor, observações, cidade, língua, nacionalidade, data de nascimento,
        fatura, idade, rua, moeda, prijs, bedrag, opmerking, opmerkingen, plaats, woonplaats, taal,
        geslacht, geboortedatum, bedrijf, betaling, factuur, soort, straat, huisnummer, leeftijd,
        τιμή, ποσό, κατάσταση, σχόλια, πόλη, χώρα, τκ, γλώσσα, φύλο, εταιρεία, πληρωμή, τιμολόγιο,
        τύπος, ηλικία, οδός, cena, kwota, uwagi, miasto, kraj, kod pocztowy, język, płeć,
        data urodzenia, płatność, faktura, rodzaj, źródło, wiek, ulica, waluta,
        цена, сумма, статус, город, страна, индекс, комментарий, примечание, примечания, язык, пол,
        дата рождения, возраст, компания, оплата, счет, тип, источник, улица, номер дома, валюта""",
    Sense.LINK: """
        of, the, a, an, and, for, on, s, de, du, des, d, la, le, les, l, et, der, die, das, des,
        dem, den, und, di, del, della, dello, dell, degli, da, do, dos, das, el, los, las, y, e, o,
        van, het, een, en, i, z, w, της, του, των, η, ο, το, και, и, на, в""",
    Sense.SOFT: """
        primary, main, lead, principal, local, utc, planned, scheduled, expected, required,
        optional, mandatory, pflichtfeld, haupt, erwartete, geplante, principale, previsto,
        prevista, 1""",
    Sense.GUEST: """
        guest, customer, client, traveler, traveller, visitor, gast, gastes, kunde, kunden,
        besucher, hôte, voyageur, ospite, cliente, viaggiatore, huésped, viajero, hóspede,
        viajante, klant, bezoeker, επισκέπτης, επισκέπτη, πελάτης, πελάτη, gość, gościa, klient,
        klienta, гость, гостя, клиент, клиента""",
    Sense.TENANT: """
        tenant, lessee, renter, mieter, mieters, locataire, inquilino, affittuario, arrendatario,
        locatário, huurder, ενοικιαστής, ενοικιαστή, najemca, najemcy, арендатор, арендатора,
        наниматель""",
    Sense.RESIDENT: """
        resident, bewohner, bewohners, résident, residente, residente, bewoner, κάτοικος,
        mieszkaniec, mieszkańca, жилец, жильца""",
    Sense.USER: """
        user, member, nutzer, benutzer, mitglied, mitglieds, utilisateur, membre, adhérent, utente,
        membro, socio, usuario, miembro, sócio, usuário, utilizador, gebruiker, lid, χρήστης, μέλος,
        μέλους, użytkownik, członek, członka, пользователь, пользователя, участник, участника""",
    Sense.STAFF: """
        staff, staff member, employee, mitarbeiter, mitarbeiterin, employé, dipendente, empleado,
        funcionário, medewerker, εργαζόμενος, υπάλληλος, pracownik, pracownika, сотрудник,
        сотрудника""",
    Sense.ROOM: """
        room, rm, zimmer, zimmers, chambre, camera, stanza, habitación, quarto, kamer, δωμάτιο,
        δωματίου, pokój, pokoju, комната, комнаты""",
    Sense.UNIT: """
        unit, apartment, apt, flat, wohnung, einheit, wohneinheit, mieteinheit, apartment,
        appartement, logement, lot, appartamento, unità, apartamento, piso, unidad, unidade, fração,
        woning, eenheid, διαμέρισμα, διαμερίσματος, μονάδα, mieszkanie, mieszkania, lokal, lokalu,
        квартира, квартиры, апартаменты""",
    Sense.LISTING: """
        listing, rental, inserat, anzeige, annonce, annuncio, anuncio, anúncio, advertentie,
        καταχώρηση, καταχώριση, καταχώρισης, ogłoszenie, ogłoszenia, объявление, объявления""",
    Sense.PROPERTY: """
        property, accommodation, house, objekt, unterkunft, haus, propriété, hébergement, maison,
        bien, proprietà, struttura, alloggio, propiedad, alojamiento, propriedade, alojamento,
        accommodatie, verblijf, ακίνητο, ακινήτου, κατάλυμα, καταλύματος, obiekt, obiektu,
        nieruchomość, объект, объекта, объект размещения""",
    Sense.SPACE: "space",
    Sense.BUILDING: """
        building, gebäude, bâtiment, immeuble, edificio, edifício, prédio, gebouw, κτίριο, κτιρίου,
        budynek, budynku, здание, здания""",
    Sense.SITE: "site, standort, campus",
    Sense.COMMON_AREA: "common area, gemeinschaftsfläche, espace commun, area comune, zona común",
    Sense.FACILITY: "facility, amenity",
}

_WHOLE_TITLES = {
    Sense.START: "from, von, ab, du, dal, dalla data, desde, van, από, od, с",
    Sense.END: "to, until, till, bis, au, al, fino al, hasta, até, tot, έως, μέχρι, do, по",
}
"""Words that are this only when they are the whole title: many are articles elsewhere."""


_TOTALS = """
    total, totals, grand total, sum, summe, gesamt, gesamtsumme, total général, totale, totali,
    totales, suma, totais, soma, totaal, σύνολο, razem, łącznie, итого, всего"""


def _folded(lists: dict[Sense, str]) -> dict[tuple[str, ...], Sense]:
    return {
        title_words(phrase): sense for sense, words in lists.items() for phrase in words.split(",")
    }


@cache
def phrases() -> dict[tuple[str, ...], Sense]:
    """The sense of each word, or of several words in a row, folded."""
    return _folded(_WORDS)


@cache
def whole_titles() -> dict[tuple[str, ...], Sense]:
    return _folded(_WHOLE_TITLES)


@cache
def totals() -> frozenset[tuple[str, ...]]:
    """What begins the row with the sums of a table, folded."""
    return frozenset(title_words(word) for word in _TOTALS.split(","))
