"""The two languages of the screens: Simplified Chinese (default) and English.

Source strings are English; ``zh_CN/*.po`` hold the Chinese (gettext). Numbers, dates and percents follow the locale
(Babel); its patterns are cached here, because ``babel.support.Format`` parses them anew for every number.

    tr = translator("zh_CN")
    tr("Openings")                                   # 招聘人数
    tr("{n} people waiting", n=tr.number(1204))      # 1,204 人等待
    tr.plural("{n} week", "{n} weeks", 3)            # 3 周
    translator("en").name("荷风社区")                # Hefeng 荷风社区
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, get_day_names
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import NumberPattern, parse_pattern

from core.locale.romanized import bilingual, romanized
from core.terms import Term

__all__ = ["BUREAU_ZONE", "DEFAULT", "LANGUAGES", "N_", "Translator", "bureau_day", "translator"]

LANGUAGES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"
FOLDER = Path(__file__).parent
BUREAU_ZONE = ZoneInfo("Asia/Shanghai")


def bureau_day(moment: date) -> date:
    """The day of ``moment`` where the bureau is: 23:30 UTC is already tomorrow there. Days stay as they are."""
    if not isinstance(moment, datetime):
        return moment
    return (moment if moment.tzinfo is None else moment.astimezone(BUREAU_ZONE)).date()


def N_(text: str) -> str:  # noqa: N802  (gettext's name)
    """Mark ``text`` for translation where it is declared; translate it where it is shown."""
    return text


@cache
def translations(lang: str) -> NullTranslations:
    """Every ``.po`` file of the language as one gettext catalogue.

    The files are compiled in memory, so that there is no build step and plural forms are the language's own. English
    has no files: its texts are the source strings.
    """
    catalogue = Catalog(locale=lang)
    for path in sorted((FOLDER / lang).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=lang):
                if message.id:
                    catalogue[message.id] = message
    if not len(catalogue):
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse(lang)  # parsing costs more than formatting


@cache
def _pattern(text: str) -> NumberPattern:
    return parse_pattern(text)


def _decimal(digits: int) -> str:
    """The pattern of a grouped number with so many digits after the point."""
    return "#,##0" + ("." + "0" * digits if digits else "")


@lru_cache(10_000)
def _formatted(pattern: str, value: float, lang: str) -> str:
    """A number as its pattern has it; a page shows the same ones in each run. ``value``: not −0.0, which equals 0.0."""
    return str(_pattern(pattern).apply(value, _locale(lang)))


@dataclass(frozen=True)
class Translator:
    """Text, numbers and dates in one language. Hashable, so that caches may be keyed by it."""

    lang: str

    @property
    def is_english(self) -> bool:
        return self.lang == "en"

    def __call__(self, text: str, /, **values: object) -> str:
        """``text`` translated, its ``{places}`` filled."""
        translated = translations(self.lang).gettext(text) if text else ""  # gettext("") is the catalogue's header
        return translated.format(**values) if values else translated

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form for ``n``; ``{n}`` is filled with the grouped number."""
        return translations(self.lang).ngettext(one, many, n).format(n=self.number(n), **values)

    def term(self, term: Term) -> str:
        """Label of a coded value."""
        return term.label(self.lang)

    def name(self, stored: str) -> str:
        """A stored name of a community, workshop or enterprise: '荷风社区', in English 'Hefeng 荷风社区'."""
        return bilingual(stored) if self.is_english else stored

    def short_name(self, stored: str) -> str:
        """The same where there is no room for both: '荷风社区', in English 'Hefeng'."""
        return romanized(stored) if self.is_english else stored

    def join(self, names: Iterable[str]) -> str:
        """'A, B' or 'A、B'."""
        return (", " if self.is_english else "、").join(names)

    def sentences(self, *texts: str) -> str:
        """Sentences one after the other: with a space between in English, with none in Chinese; empty ones left out."""
        return (" " if self.is_english else "").join(filter(None, texts))

    def number(self, value: float, digits: int = 0) -> str:
        """1204.5 → '1,204.5' with one digit."""
        return _formatted(_decimal(digits), value + 0, self.lang)

    def percent(self, share: float, digits: int = 1) -> str:
        """0.33 → '33.0%'."""
        return _formatted(_decimal(digits) + "%", share + 0, self.lang)

    def signed(self, value: float, digits: int = 1) -> str:
        """A change: '+0.5', '−0.5', '0.0' (a true minus sign)."""
        text = self.number(abs(value), digits)
        if not any(c in "123456789" for c in text):
            return text
        return ("+" if value > 0 else "−") + text

    def day(self, day: date, style: str = "medium") -> str:
        """2025-12-28 → '2025年12月28日' or 'Dec 28, 2025'; style 'short' → '12月28日' or 'Dec 28'."""
        day = bureau_day(day)
        if style == "short":
            return format_date(day, "MMM d" if self.is_english else "M月d日", locale=_locale(self.lang))
        return format_date(day, "medium", locale=_locale(self.lang))

    def month(self, day: date) -> str:
        """The month of a day: '2025年12月' or 'Dec 2025'."""
        return format_date(bureau_day(day), "MMM y" if self.is_english else "y年M月", locale=_locale(self.lang))

    def weekday(self, n: int) -> str:
        """A day of the week, 0 = Monday: '周一' or 'Mon'."""
        return str(get_day_names("abbreviated", locale=_locale(self.lang))[n])

    def time(self, moment: datetime) -> str:
        """'2025-12-28 07:30', in the bureau's time zone."""
        return format_datetime(moment, "yyyy-MM-dd HH:mm", tzinfo=BUREAU_ZONE, locale=_locale(self.lang))

    def week(self, day: date) -> str:
        """The ISO week of a day: '2025年第52周' or '2025 week 52'."""
        year, week, _ = bureau_day(day).isocalendar()
        return f"{year} week {week}" if self.is_english else f"{year}年第{week}周"


@cache
def translator(lang: str = DEFAULT) -> Translator:
    """The translator of ``lang``; an unknown language falls back to Chinese."""
    return Translator(lang if lang in LANGUAGES else DEFAULT)
