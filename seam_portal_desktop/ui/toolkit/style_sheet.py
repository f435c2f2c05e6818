"""The application's style sheet, made from the theme's colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from seam_portal_desktop.paths import resource


class SheetColors(NamedTuple):
    """Colours as #rrggbb; `radius` in device-independent pixels.

    `edge` outlines fields and buttons; `tones`, `tints` and `strong` (a hovered tone) map a tone's
    name to its colour.
    """

    dark: bool
    radius: int
    window: str
    base: str
    text: str
    faded: str
    border: str
    edge: str
    hover: str
    pressed: str
    highlight: str
    highlighted_text: str
    tool_tip: str
    tool_tip_text: str
    on_solid: str
    tones: Mapping[str, str]
    tints: Mapping[str, str]
    strong: Mapping[str, str]


def style_sheet(colors: SheetColors, *, icon: int, native: bool) -> str:
    """The sheet for widgets with a `kind`, and without a native style also for plain controls.

    `icon` is the side of a button's icon in pixels, as tall as the text: Qt's default size doesn't
    grow with the font. On Windows and macOS controls without a kind keep the platform's style.
    """
    plain = "" if native else _plain(colors) + _choices(colors)
    icons = f"QPushButton[kind] {{ icon-size: {icon}px; }}"
    return icons + _kinds(colors) + _tones(colors) + plain + _compound(colors) + _invalid(colors)


def _kinds(colors: SheetColors) -> str:
    accent, strong = colors.tones["accent"], colors.strong["accent"]
    return f"""
        *[kind="muted"] {{ color: {colors.faded}; }}
        QFrame[kind="card"] {{
            background: {colors.base}; border: 1px solid {colors.border};
            border-radius: {colors.radius}px;
        }}
        {_filled("primary", accent, strong, colors)}
        {_filled("danger", colors.tones["danger"], colors.strong["danger"], colors)}
        {_button("secondary", colors.base, colors.edge, colors)}
        QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{
            background: transparent; color: {colors.text}; border: 1px solid transparent;
            border-radius: {colors.radius}px; padding: 5px 9px;
        }}
        QToolButton[kind="quiet"] {{ padding: 5px; }}
        QToolButton[kind="quiet"]::menu-indicator {{ image: none; }}
        QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover,
        QToolButton[kind="quiet"]:checked {{ background: {colors.hover}; }}
        QPushButton[kind="quiet"]:pressed, QToolButton[kind="quiet"]:pressed {{
            background: {colors.pressed};
        }}
        QPushButton[kind="quiet"]:disabled, QToolButton[kind="quiet"]:disabled,
        QPushButton[kind="link"]:disabled {{
            background: transparent; color: {colors.faded}; border-color: transparent;
        }}
        QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus {{
            border: 2px solid {accent}; padding: 4px 8px;
        }}
        QToolButton[kind="quiet"]:focus {{ padding: 4px; }}
        QPushButton[kind="link"] {{
            background: transparent; color: {accent}; border: 1px solid transparent;
            border-radius: {colors.radius}px; padding: 2px 4px; text-align: left;
        }}
        QPushButton[kind="link"]:hover {{
            background: transparent; color: {strong}; text-decoration: underline;
        }}
        QPushButton[kind="link"]:focus {{ border: 2px solid {accent}; padding: 1px 3px; }}
    """


def _filled(kind: str, fill: str, strong: str, colors: SheetColors) -> str:
    button = f'QPushButton[kind="{kind}"]'
    return f"""
        {button} {{
            background: {fill}; color: {colors.on_solid}; border: 2px solid {fill};
            border-radius: {colors.radius}px; padding: 4px 13px; font-weight: 600;
        }}
        {button}:hover {{ background: {strong}; border-color: {strong}; }}
        {button}:pressed {{ background: {colors.text}; border-color: {colors.text};
            color: {colors.base}; }}
        {button}:focus {{ border: 2px solid {colors.text}; }}
        {button}:disabled {{
            background: {colors.border}; color: {colors.faded}; border-color: {colors.border};
        }}
    """


def _button(kind: str, fill: str, edge: str, colors: SheetColors) -> str:
    button = f'QPushButton[kind="{kind}"]' if kind else "QPushButton"
    return f"""
        {button} {{
            background: {fill}; color: {colors.text}; border: 1px solid {edge};
            border-radius: {colors.radius}px; padding: 5px 14px;
        }}
        {button}:hover {{ background: {colors.hover}; }}
        {button}:pressed, {button}:checked {{ background: {colors.pressed}; }}
        {button}:focus {{ border: 2px solid {colors.tones["accent"]}; padding: 4px 13px; }}
        {button}:disabled {{
            background: transparent; color: {colors.faded}; border-color: {colors.border};
        }}
    """


def _tones(colors: SheetColors) -> str:
    return "".join(
        f"""
        QFrame[kind="banner"][tone="{tone}"] {{
            background: {colors.tints[tone]}; border: 1px solid {color};
            border-radius: {colors.radius}px;
        }}
        QLabel[kind="tone"][tone="{tone}"] {{ color: {color}; }}
        """
        for tone, color in colors.tones.items()
    )


def _plain(colors: SheetColors) -> str:
    accent = colors.tones["accent"]
    scheme = "dark" if colors.dark else "light"
    down, up = (resource(f"style/chevron-{way}-{scheme}.svg").as_posix() for way in ("down", "up"))
    field = "QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QDateEdit"
    focused = ", ".join(f"{part}:focus" for part in field.split(", "))
    disabled = ", ".join(f"{part}:disabled" for part in field.split(", "))
    return f"""
        {_button("", colors.base, colors.edge, colors)}
        {field} {{
            background: {colors.base}; color: {colors.text}; border: 1px solid {colors.edge};
            border-radius: {colors.radius}px; padding: 5px 7px;
            placeholder-text-color: {colors.faded};
            selection-background-color: {colors.highlight};
            selection-color: {colors.highlighted_text};
        }}
        {focused}, QComboBox:on {{ border: 2px solid {accent}; padding: 4px 6px; }}
        {disabled} {{ background: {colors.window}; color: {colors.faded};
            border-color: {colors.border}; }}
        QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{
            border: none; padding: 0; background: transparent;
        }}
        QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: 24px; }}
        QComboBox::down-arrow, QDateEdit::down-arrow {{
            image: url("{down}"); width: 16px; height: 16px;
        }}
        QComboBoxPrivateContainer, QListView[kind="popup"] {{
            background: {colors.base}; border: 1px solid {colors.edge};
        }}
        QComboBox QAbstractItemView {{ border: none; padding: 4px; }}
        QComboBox QAbstractItemView, QListView[kind="popup"] {{
            background: {colors.base}; color: {colors.text}; outline: none;
        }}
        QListView[kind="popup"] {{ padding: 1px; }}
        QListView[kind="popup"]::item {{ padding: 4px 6px; }}
        QListView[kind="popup"]::item:selected {{
            background: {colors.pressed}; color: {colors.text};
        }}
        QHeaderView {{ background: {colors.base}; border: none; }}
        QHeaderView::section {{
            background: {colors.base}; color: {colors.faded}; border: none;
            border-bottom: 1px solid {colors.border}; padding: 6px 8px;
        }}
        QHeaderView::section:first {{ padding-left: 12px; }}
        QHeaderView::section:hover {{ background: {colors.hover}; color: {colors.text}; }}
        QHeaderView::down-arrow {{ image: url("{down}"); width: 12px; height: 12px;
            subcontrol-position: center right; right: 4px; }}
        QHeaderView::up-arrow {{ image: url("{up}"); width: 12px; height: 12px;
            subcontrol-position: center right; right: 4px; }}
        QMenu {{ background: {colors.base}; color: {colors.text};
            border: 1px solid {colors.edge}; padding: 4px; }}
        QMenu::item {{ padding: 5px 20px 5px 10px; border-radius: 4px; }}
        QMenu::icon {{ padding-left: 8px; }}
        QMenu::item:selected {{ background: {colors.pressed}; color: {colors.text}; }}
        QMenu::item:disabled {{ color: {colors.faded}; }}
        QMenu::separator {{ height: 1px; background: {colors.border}; margin: 4px 8px; }}
        QToolTip {{ background: {colors.tool_tip}; color: {colors.tool_tip_text};
            border: none; padding: 4px 8px; }}
        QToolBar {{ border: none; spacing: 8px; }}
        QStatusBar::item {{ border: none; }}
        QSplitter::handle {{ background: transparent; }}
        QSplitter::handle:hover {{ background: {colors.border}; }}
        QSplitter[kind="comparison"]::handle {{ background: {colors.border}; }}
        QAbstractScrollArea::corner {{ background: transparent; border: none; }}
        QScrollBar {{ background: transparent; border: none; margin: 0; }}
        QScrollBar:vertical {{ width: 12px; }}
        QScrollBar:horizontal {{ height: 12px; }}
        QScrollBar::handle {{ background: {colors.edge}; border-radius: 3px; margin: 3px; }}
        QScrollBar::handle:hover {{ background: {colors.faded}; }}
        QScrollBar::handle:vertical {{ min-height: 32px; }}
        QScrollBar::handle:horizontal {{ min-width: 32px; }}
        QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
            width: 0; height: 0; background: none;
        }}
    """


def _choices(colors: SheetColors) -> str:
    # Fusion outlines its boxes in a darker window colour, which can't be seen on a dark window.
    accent, scheme = colors.tones["accent"], "dark" if colors.dark else "light"
    check, dot = (resource(f"style/{mark}-{scheme}.svg").as_posix() for mark in ("check", "dot"))
    box = "QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator"

    def in_state(state: str) -> str:
        return ", ".join(part + state for part in box.split(", "))

    return f"""
        QCheckBox, QRadioButton {{ spacing: 7px; }}
        {box} {{
            width: 1.1em; height: 1.1em; background: {colors.base};
            border: 1px solid {colors.edge};
        }}
        QCheckBox::indicator, QTableView::indicator {{ border-radius: 4px; }}
        QRadioButton::indicator {{ border-radius: 0.55em; }}
        {in_state(":hover")} {{ border-color: {accent}; }}
        {in_state(":checked")} {{ background: {accent}; border-color: {accent}; }}
        QCheckBox::indicator:checked, QTableView::indicator:checked {{ image: url("{check}"); }}
        QRadioButton::indicator:checked {{ image: url("{dot}"); }}
        {in_state(":disabled")} {{ background: {colors.window}; border-color: {colors.border}; }}
        {in_state(":checked:disabled")} {{ background: {colors.faded}; }}
        {in_state(":focus")} {{ border: 2px solid {colors.text}; }}
    """


def _compound(colors: SheetColors) -> str:
    """Progress bars, segments, tokens, the headers of folded sections, lists and tables."""
    accent, inner = colors.tones["accent"], colors.radius - 1
    return f"""
        QProgressBar {{
            background: {colors.border}; border: none; border-radius: 4px;
            min-height: 8px; max-height: 8px;
        }}
        QProgressBar::chunk {{ background: {accent}; border-radius: 4px; }}
        QFrame[kind="segments"] {{
            background: {colors.hover}; border: 1px solid {colors.border};
            border-radius: {colors.radius}px;
        }}
        QRadioButton[kind="segment"] {{
            color: {colors.faded}; border: 1px solid transparent; border-radius: {inner}px;
            padding: 4px 10px; spacing: 0;
        }}
        QRadioButton[kind="segment"]::indicator {{
            width: 0; height: 0; border: none; image: none; background: transparent;
        }}
        QRadioButton[kind="segment"]:hover {{ color: {colors.text}; }}
        QRadioButton[kind="segment"]:checked {{
            background: {colors.base}; color: {colors.text}; border-color: {colors.border};
        }}
        QRadioButton[kind="segment"][tone="accent"]:checked {{
            background: {colors.tints["accent"]}; color: {accent}; border-color: {accent};
        }}
        QRadioButton[kind="segment"]:focus {{ border: 2px solid {accent}; padding: 3px 9px; }}
        QRadioButton[kind="segment"]:disabled {{ color: {colors.faded}; }}
        QRadioButton[kind="segment"][tone="accent"]:checked:disabled {{
            background: {colors.base}; color: {colors.faded}; border-color: {colors.edge};
        }}
        QRadioButton[kind="device"] {{
            color: {colors.faded}; border: 1px solid transparent; border-radius: {inner}px;
            padding: 4px 6px; spacing: 0;
        }}
        QRadioButton[kind="device"]::indicator {{
            width: 0; height: 0; border: none; image: none; background: transparent;
        }}
        QRadioButton[kind="device"]:hover {{ background: {colors.base}; color: {colors.text}; }}
        QRadioButton[kind="device"]:checked {{
            background: {colors.tints["accent"]}; color: {accent}; border-color: {accent};
        }}
        QRadioButton[kind="device"]:focus {{ border: 2px solid {accent}; padding: 3px 5px; }}
        QToolButton[kind="token"] {{
            background: {colors.hover}; color: {colors.text}; border: 1px solid {colors.border};
            border-radius: {colors.radius}px; padding: 2px 6px;
        }}
        QToolButton[kind="token"]:hover {{ border-color: {colors.edge}; }}
        QToolButton[kind="token"]:focus {{ border: 2px solid {accent}; padding: 1px 5px; }}
        QTabBar[kind="tabs"]::tab {{
            background: transparent; color: {colors.faded}; border: none; margin: 0;
            border-bottom: 2px solid transparent; padding: 7px 10px 6px 10px;
        }}
        QTabBar[kind="tabs"]::tab:hover {{ color: {colors.text}; }}
        QTabBar[kind="tabs"]::tab:selected {{
            color: {colors.text}; border-bottom-color: {accent};
        }}
        QTabBar[kind="tabs"]::tab:disabled {{ color: {colors.edge}; }}
        QTabBar[kind="tabs"]::tab:selected:focus {{
            border: 2px solid {accent}; border-radius: {inner}px; padding: 5px 8px 6px 8px;
        }}
        QStackedWidget[kind="pages"] {{ border: none; border-top: 1px solid {colors.border}; }}
        QSplitter[kind="columns"]::handle {{ background: {colors.border}; }}
        QPushButton[kind="fold"] {{
            background: transparent; border: 1px solid transparent;
            border-radius: {colors.radius}px; padding: 0; text-align: left;
        }}
        QPushButton[kind="fold"]:hover {{ background: {colors.hover}; }}
        QPushButton[kind="fold"]:focus {{ border: 2px solid {accent}; padding: 0; }}
        QListWidget[kind="choices"] {{
            background: {colors.base}; border: 1px solid {colors.edge};
            border-radius: {colors.radius}px; padding: 3px; outline: none;
        }}
        QListWidget[kind="choices"]::item {{
            color: {colors.text}; border: 1px solid transparent; border-radius: 4px;
            padding: 5px 6px;
        }}
        QListWidget[kind="choices"]::item:hover {{ background: {colors.hover}; }}
        QListWidget[kind="choices"]::item:selected {{ background: {colors.pressed}; }}
        QListWidget[kind="choices"]:focus {{ border: 2px solid {accent}; padding: 2px; }}
        QListWidget[kind="contents"] {{
            background: {colors.window}; border: none; padding: 12px 8px; outline: none;
        }}
        QListWidget[kind="contents"]::item {{
            color: {colors.text}; border: 2px solid transparent;
            border-radius: {colors.radius}px; padding: 6px 8px;
        }}
        QListWidget[kind="contents"]::item:hover {{ background: {colors.hover}; }}
        QListWidget[kind="contents"]::item:selected {{ background: {colors.pressed}; }}
        QListWidget[kind="contents"]::item:selected:focus {{ border-color: {accent}; }}
        QTextBrowser[kind="page"] {{ border: none; border-radius: 0; padding: 0; }}
        QTableView[kind="sheet"] {{
            background: {colors.base}; alternate-background-color: {colors.base};
            border: 1px solid {colors.edge}; border-radius: {colors.radius}px;
            gridline-color: {colors.border}; selection-background-color: {colors.pressed};
            selection-color: {colors.text};
        }}
        QTableView[kind="sheet"]:focus {{ border: 2px solid {accent}; }}
        QTableView[kind="sheet"] QTableCornerButton::section {{
            background: {colors.base}; border: none; border-bottom: 1px solid {colors.border};
        }}
        QTableView[kind="sheet"] QHeaderView::section:vertical {{
            padding: 0 6px; border-bottom: none; border-right: 1px solid {colors.border};
        }}
        QLineEdit[kind="cell"] {{ border: 2px solid {accent}; border-radius: 0; padding: 0 4px; }}
    """


def _invalid(colors: SheetColors) -> str:
    danger = colors.tones["danger"]
    return f"""
        QLineEdit[invalid="true"], QComboBox[invalid="true"], QPlainTextEdit[invalid="true"],
        QTableView[invalid="true"] {{ border-color: {danger}; }}
    """
