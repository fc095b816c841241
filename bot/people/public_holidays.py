"""Public holidays: of a country (`DE`) or a part of one (`DE-BY`), as the `holidays` package knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale


@dataclass(frozen=True)
class Place:
    """Somewhere with public holidays of its own."""

    code: str
    name: str


@lru_cache(maxsize=256)
def days_off(code: str, year: int) -> frozenset[date]:
    """The public holidays of a place in a year; none for an empty code or a place nobody knows."""
    if not is_place(code):
        return frozenset()
    # Costs 0.4 s and 26 MB, and most workspaces never ask.
    from holidays import country_holidays

    country, _, part = code.partition("-")
    return frozenset(country_holidays(country, subdiv=part or None, years=year))


def is_place(code: str) -> bool:
    """Whether the holidays of this place are known."""
    return bool(code) and code in _by_code()


def name_of(code: str) -> str:
    """What a place is called, in English; the code itself for one that nobody knows."""
    place = _by_code().get(code) if code else None
    return place.name if place else code


def search(typed: str, *, limit: int) -> list[Place]:
    """The places whose name or code holds what was typed: what begins with it first, countries before their parts."""
    wanted = typed.strip().casefold()
    fitting = [
        place
        for place in _by_code().values()
        if wanted in place.name.casefold() or wanted == place.code.casefold()
    ]

    def rank(place: Place) -> tuple[bool, bool, bool, str]:
        begins = place.name.casefold().startswith(wanted)
        return place.code.casefold() != wanted, not begins, "-" in place.code, place.name

    return sorted(fitting, key=rank)[:limit]


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Place]:
    # As above.
    from holidays import country_holidays, list_supported_countries

    names = Locale("en").territories
    found: dict[str, Place] = {}
    for country, parts in list_supported_countries(include_aliases=False).items():
        name = names.get(country, country)
        found[country] = Place(country, name)
        if not parts:
            continue
        aliases = getattr(country_holidays(country), "subdivisions_aliases", {})
        called = {code: alias for alias, code in reversed(aliases.items())}
        found |= {
            f"{country}-{part}": Place(f"{country}-{part}", f"{name} · {called.get(part, part)}")
            for part in parts
        }
    return found
