"""Make the files in `files/` with LibreOffice, without its window.

The tests need the files, not LibreOffice. Run this after a change of this script, with LibreOffice
Calc installed (on Debian: libreoffice-calc-nogui), and look at the difference:

    python tests/support/tables/make_libreoffice_files.py
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

FILES = Path(__file__).parent / "files"

# The names of LibreOffice's languages and of its encodings are numbers.
LANGUAGES = {"en-US": 1033, "de-DE": 1031, "pl-PL": 1045, "fr-FR": 1036, "ru-RU": 1049}
LANGUAGES |= {"el-GR": 1032, "tr-TR": 1055, "cs-CZ": 1029, "ja-JP": 1041, "es-ES": 3082}
ENCODINGS = {"utf-8": 76, "utf-16": 65535, "cp1252": 1, "cp1250": 33, "cp1251": 34, "cp1253": 35}
ENCODINGS |= {"cp1254": 36, "cp932": 64, "mac_roman": 2}

NAMES = {
    "en-US": ("Ann Miller", "Bob O’Neill"),
    "de-DE": ("Jürgen Müller", "Käthe Groß"),
    "pl-PL": ("Łukasz Dąbrowski", "Żaneta Wójcik"),
    "fr-FR": ("François Lefèvre", "Zoé Châtelain"),
    "ru-RU": ("Иван Петров", "Анна Сидорова"),
    "el-GR": ("Γιώργος Παπαδόπουλος", "Μαρία Νικολάου"),
    "tr-TR": ("Ayşe Yıldız", "Çağrı Öztürk"),
    "cs-CZ": ("Jiří Dvořák", "Šárka Nováková"),
    "ja-JP": ("山田太郎", "鈴木花子"),
    "es-ES": ("José Muñoz", "María Ibáñez"),
}

# What is made as text: locale, encoding, separator, whether each text is quoted.
TEXTS = (
    ("en-US", "utf-8", ",", False),
    ("en-US", "utf-8", ",", True),
    ("en-US", "utf-16", "\t", False),
    ("de-DE", "utf-8", ";", False),
    ("de-DE", "cp1252", ";", False),
    ("pl-PL", "utf-8", ";", False),
    ("pl-PL", "cp1250", ";", True),
    ("fr-FR", "cp1252", ";", False),
    ("fr-FR", "mac_roman", ";", False),
    ("ru-RU", "cp1251", ";", False),
    ("el-GR", "cp1253", ";", False),
    ("tr-TR", "cp1254", ";", False),
    ("cs-CZ", "cp1250", ";", False),
    ("ja-JP", "cp932", ",", False),
    ("es-ES", "cp1252", ";", False),
    ("es-ES", "utf-8", "|", False),
)
WORKBOOKS = ("xlsx", "xls", "ods", "html")


def text_name(locale: str, encoding: str, separator: str, *, quoted: bool) -> str:
    word = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[separator]
    return f"{locale}-{encoding}-{word}{'-quoted' if quoted else ''}.csv"


def main() -> None:
    FILES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for locale, encoding, separator, quoted in TEXTS:
            form = _text_filter(locale, encoding, separator, quoted=quoted)
            made = _convert(folder, locale, form, "csv")
            made.replace(FILES / text_name(locale, encoding, separator, quoted=quoted))
        for kind in WORKBOOKS:
            _convert(folder, "de-DE", kind, kind).replace(FILES / f"workbook.{kind}")


def _text_filter(locale: str, encoding: str, separator: str, *, quoted: bool) -> str:
    options = [ord(separator), 34, ENCODINGS[encoding], 1, "", LANGUAGES[locale]]
    # Cells as they are shown, formulas as results, no spaces removed.
    options += ["true" if quoted else "false", "true", "true", "false"]
    return "csv:Text - txt - csv (StarCalc):" + ",".join(map(str, options))


def _convert(folder: Path, locale: str, form: str, ending: str) -> Path:
    source = folder / "source.fods"
    source.write_text(_document(locale), "utf-8")
    profile = folder / f"profile-{locale}"
    _set_locale(profile, locale)
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"),
            *("--convert-to", form, "--outdir", str(folder), str(source)),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / f"source.{ending}"


def _set_locale(profile: Path, locale: str) -> None:
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"'
        f' oor:op="fuse"><value>{locale}</value></prop></item></oor:items>',
        "utf-8",
    )


def _document(locale: str) -> str:
    """A flat OpenDocument sheet. Its dates and numbers are shown as in this locale."""
    first, second = NAMES[locale]
    rows = (
        _row(*map(_text, ("Key", "Name", "Email", "Arrival", "Nights", "Note", "Vip", "Code"))),
        _row(
            _text("007"),
            _text(first),
            _text("ann@example.com"),
            _cell("date", 'office:date-value="2026-03-04T15:00:00" table:style-name="moment"'),
            _cell("float", 'office:value="2"'),
            _text('The "Nest", 2; floor\n+ garden'),
            _cell("boolean", 'office:boolean-value="true" table:style-name="logical"'),
            _cell("float", 'office:value="423" table:style-name="code"'),
        ),
        _row(),
        _row(
            _text("g-2"),
            _text(second),
            _text("ann@example.com", 'table:formula="of:=[.C2]"'),
            _cell("date", 'office:date-value="2026-12-31" table:style-name="day"'),
            _cell("float", 'table:formula="of:=[.E2]*1.25" office:value="2.5"'),
            _cell("string", 'table:formula="of:=NA()" office:string-value=""'),
            _cell("boolean", 'office:boolean-value="false" table:style-name="logical"'),
            _cell("float", 'office:value="12345" table:style-name="code"'),
        ),
        _row(_text("g-3"), _text(" two  spaces ")),
    )
    hidden = _row(_text("Hidden"))
    language, country = locale.split("-")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {_NAMESPACES} office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
<number:date-style style:name="N1" number:language="{language}" number:country="{country}"
 number:automatic-order="true" number:format-source="language"><number:day
 number:style="long"/><number:text>/</number:text><number:month
 number:style="long"/><number:text>/</number:text><number:year
 number:style="long"/><number:text> </number:text><number:hours
 number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/>
</number:date-style>
<number:date-style style:name="N2" number:language="{language}" number:country="{country}"
 number:automatic-order="true" number:format-source="language"><number:day/>
<number:text>/</number:text><number:month/><number:text>/</number:text><number:year
 number:style="long"/></number:date-style>
<style:style style:name="moment" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="day" style:family="table-cell" style:data-style-name="N2"/>
<number:boolean-style style:name="N3"><number:boolean/></number:boolean-style>
<style:style style:name="logical" style:family="table-cell" style:data-style-name="N3"/>
<number:number-style style:name="N4"><number:number number:decimal-places="0"
 number:min-integer-digits="4"/></number:number-style>
<style:style style:name="code" style:family="table-cell" style:data-style-name="N4"/>
<style:style style:name="shown" style:family="table"><style:table-properties
 table:display="true"/></style:style>
<style:style style:name="hidden" style:family="table"><style:table-properties
 table:display="false"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>
<table:table table:name="Gäste &amp; 客" table:style-name="shown">{"".join(rows)}</table:table>
<table:table table:name="Archive" table:style-name="hidden">{hidden}</table:table>
<table:table table:name="Empty" table:style-name="shown">{_row()}</table:table>
</office:spreadsheet></office:body></office:document>"""


_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}"'
    for prefix, name in (
        *(("office", "office:1.0"), ("table", "table:1.0"), ("text", "text:1.0")),
        *(("style", "style:1.0"), ("number", "datastyle:1.0"), ("of", "of:1.2")),
    )
)


def _row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells) or '<table:table-cell/>'}</table:table-row>"


def _cell(kind: str, attributes: str) -> str:
    return f"<table:table-cell office:value-type={quoteattr(kind)} {attributes}/>"


def _text(text: str, attributes: str = "") -> str:
    lines = "".join(
        f"<text:p>{escape(line).replace(' ', '<text:s/>')}</text:p>" for line in text.split("\n")
    )
    start = f'<table:table-cell office:value-type="string" {attributes}>'
    return f"{start}{lines}</table:table-cell>"


if __name__ == "__main__":
    main()
