"""Names of months and weekdays in the languages of the portal, from Unicode's CLDR.

They are written without accents and capitals. No name means two months in two languages.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_MONTHS = """\
ene enero gen gennaio jan janeiro januar januari january janv janvier janner sty styczen stycznia \
ιαν ιανουαριοσ ιανουαριου янв январь января
feb febbraio febrero februar februari february fev fevereiro fevr fevrier lut lutego luty φεβ \
φεβρουαριοσ φεβρουαριου фев февр февраль февраля
maart mar march marca marco mars marz marzec marzo mrt mrz maerz μαρ μαρτιοσ μαρτιου мар март марта
abr abril apr april aprile avr avril kwi kwiecien kwietnia απρ απριλιοσ απριλιου апр апрель апреля
mag maggio mai maio maj maja may mayo mei μαι μαιοσ μαιου маи мая
cze czerwca czerwiec giu giugno juin jun june junho juni junio ιουν ιουνιοσ ιουνιου июн июнь июня
juil juillet jul julho juli julio july lip lipca lipiec lug luglio ιουλ ιουλιοσ ιουλιου июл июль \
июля
ago agosto aout aug august augustus sie sierpien sierpnia αυγ αυγουστοσ αυγουστου авг август августа
sep sept september septembre septiembre set setembro settembre wrz wrzesien wrzesnia σεπ \
σεπτεμβριοσ σεπτεμβριου сен сент сентябрь сентября
oct october octobre octubre okt oktober ott ottobre out outubro paz pazdziernik pazdziernika οκτ \
οκτωβριοσ οκτωβριου окт октябрь октября
lis listopad listopada nov november novembre novembro noviembre νοε νοεμβριοσ νοεμβριου ноя нояб \
ноябрь ноября
dec december decembre dez dezember dezembro dic dicembre diciembre gru grudnia grudzien δεκ \
δεκεμβριοσ δεκεμβριου дек декабрь декабря"""

_WEEKDAYS = """\
lun lundi lunedi lunes ma maandag mo mon monday montag pon poniedziałek seg segunda-feira δευ \
δευτερα пн понедельник
di dienstag dinsdag mar mardi martedi martes ter terca-feira tue tues tuesday wt wtorek τρι τριτη \
вт вторник
mer mercoledi mercredi mi mie miercoles mittwoch qua quarta-feira sr sroda wed wednesday wo \
woensdag τετ τεταρτη ср среда
czw czwartek do donderdag donnerstag gio giovedi jeu jeudi jue jueves qui quinta-feira thu thur \
thurs thursday πεμ πεμπτη четверг чт
fr freitag fri friday piatek pt sex sexta-feira ven vendredi venerdi vie viernes vr vrijdag παρ \
παρασκευη пт пятница
sa sab sabado sabato sam samedi samstag sat saturday sob sobota za zaterdag σαβ σαββατο сб суббота
dim dimanche dom domenica domingo nd niedz niedziela so sonntag sun sunday zo zondag κυρ κυριακη \
воскресенье вс"""


def month_number(name: str) -> int | None:
    """1 for ``Jan``, ``janvier`` or ``января``."""
    return _months().get(_plain(name))


def weekday_number(name: str) -> int | None:
    """0 for ``Mon`` or ``lundi``."""
    return _weekdays().get(_plain(name))


@cache
def _months() -> dict[str, int]:
    lines = enumerate(_MONTHS.split("\n"), start=1)
    return {name: month for month, line in lines for name in line.split()}


@cache
def _weekdays() -> dict[str, int]:
    lines = enumerate(_WEEKDAYS.split("\n"))
    return {name: weekday for weekday, line in lines for name in line.split()}


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each)).strip(".")
