"""Brightside, a made-up agency: its people, channels, clients and projects, for Slack's stand-in and for Handoff.

Dates are counted in calendar days from the last day of the story, so that the demo is always of today.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.portfolio.forms import ScopeLine
from bot.sandbox import AppSeed, ChannelSeed, PersonSeed, WorkspaceSeed
from bot.slack.manifest import manifest

MADRID, LONDON, NEW_YORK = "Europe/Madrid", "Europe/London", "America/New_York"
# Where the agency's week begins: its digests and its months go by this zone.
HOME_ZONE: Final = MADRID
TEAM: Final = "T0BRIGHT01"

ANA, BEN, GRACE = "U0ANA00001", "U0BEN00001", "U0GRACE001"
PETE, OLGA, MAX = "U0PETE0001", "U0OLGA0001", "U0MAX00001"
# The client's own person, who reads along in a shared channel.
JO: Final = "U0JO000001"
DIRECTOR: Final = MAX

GENERAL, LEADS = "C0GENERAL1", "C0LEADS001"
ALMA_WEB, ALMA_APP = "C0ALMAWEB1", "C0ALMAAPP1"
SOL_BRAND, SOL_PORTAL = "C0SOLBRND1", "C0SOLPORT1"
KV_SHOP, KV_LAUNCH = "C0KVSHOP01", "C0KVLNCH01"
OAK_WEB, OAK_CARE = "C0OAKWEB01", "C0OAKCARE1"

PEOPLE: Final = (
    PersonSeed(ANA, "Ana", "Ana Alonso", "Account manager", MADRID, "ana@brightside.example", "b5485d"),
    PersonSeed(PETE, "Pete", "Pete Lindgren", "Project manager", MADRID, "pete@brightside.example", "2f6f9f"),
    PersonSeed(BEN, "Ben", "Ben Carter", "Account manager", LONDON, "ben@brightside.example", "3d7a4f"),
    PersonSeed(
        GRACE, "Grace", "Grace Kim", "Account manager", NEW_YORK, "grace@brightside.example", "8a5aa8"
    ),
    PersonSeed(OLGA, "Olga", "Olga Petrova", "Project manager", LONDON, "olga@brightside.example", "c0742b"),
    PersonSeed(MAX, "Max", "Max Ferrer", "Director", MADRID, "max@brightside.example", "4f5d75"),
    PersonSeed(JO, "Jo", "Jo Hartley", "Kestrel & Vane", LONDON, is_external=True, color="7c7f2d"),
)
EVERYBODY: Final = tuple(person.id for person in PEOPLE if not person.is_external)
ZONES: Final = {person.id: person.tz for person in PEOPLE}

CHANNELS: Final = (
    ChannelSeed(GENERAL, "general", "All of Brightside", members=EVERYBODY),
    ChannelSeed(LEADS, "agency-leads", "Scope and deadlines of all projects", True, members=EVERYBODY),
    ChannelSeed(
        ALMA_WEB, "almarena-website", "Almarena Hotels: the new website", members=(ANA, PETE, OLGA, MAX)
    ),
    ChannelSeed(ALMA_APP, "almarena-app", "Almarena Hotels: the booking app", members=(ANA, OLGA, PETE, MAX)),
    ChannelSeed(
        SOL_BRAND, "solbrook-brand", "Solbrook: rebrand, confidential", True, members=(ANA, PETE, MAX)
    ),
    ChannelSeed(SOL_PORTAL, "solbrook-portal", "Solbrook: customer portal", members=(ANA, OLGA, PETE, MAX)),
    ChannelSeed(
        KV_SHOP,
        "kestrel-webshop",
        "Kestrel & Vane: the shop, shared with Jo",
        is_ext_shared=True,
        members=(BEN, PETE, JO),
    ),
    ChannelSeed(KV_LAUNCH, "kestrel-launch", "Kestrel & Vane: sofa campaign", members=(BEN, ANA, PETE, MAX)),
    ChannelSeed(OAK_WEB, "oakline-website", "Oakline Clinics: website care", members=(GRACE, OLGA, MAX)),
    # The bot is not in here yet: Grace is told how to invite it.
    ChannelSeed(
        OAK_CARE,
        "oakline-open-day",
        "Oakline Clinics: open day",
        members=(GRACE, PETE, OLGA, MAX),
        has_bot=False,
    ),
)


@dataclass(frozen=True)
class DemoClient:
    """A client: `renews_in` days; `goodwill` hours a month."""

    name: str
    am: str
    contact: str
    currency: str
    renews_in: int
    goodwill: int


@dataclass(frozen=True)
class DemoProject:
    """A project: hours and budget (whole units of the client's currency), start and due day in days from the end."""

    key: str
    name: str
    client: str
    pm: str
    channel: str
    hours: int
    budget: int
    starts: int
    due: int
    scope: tuple[ScopeLine, ...]


ALMARENA, SOLBROOK = "Almarena Hotels", "Solbrook Energy"
KESTREL, OAKLINE = "Kestrel & Vane", "Oakline Clinics"

CLIENTS: Final = (
    DemoClient(ALMARENA, ANA, "Lucía", "EUR", renews_in=128, goodwill=8),
    DemoClient(SOLBROOK, ANA, "Jonas", "EUR", renews_in=31, goodwill=6),
    DemoClient(KESTREL, BEN, "Jo", "GBP", renews_in=203, goodwill=6),
    DemoClient(OAKLINE, GRACE, "Dana", "USD", renews_in=74, goodwill=8),
)


def _out(text: str) -> ScopeLine:
    return ScopeLine(text, is_included=False)


PROJECTS: Final = (
    DemoProject(
        "ALMA",
        "Almarena Website",
        ALMARENA,
        PETE,
        ALMA_WEB,
        hours=340,
        budget=37_400,
        starts=-124,
        due=25,
        scope=(
            ScopeLine("Design of twelve page templates", rounds=2),
            ScopeLine("Build on their content system, Spanish and English"),
            ScopeLine("Move of 60 hotel pages from the old site"),
            _out("Copywriting and translation"),
            _out("Photography"),
        ),
    ),
    DemoProject(
        "BOOK",
        "Almarena Booking App",
        ALMARENA,
        OLGA,
        ALMA_APP,
        hours=520,
        budget=62_400,
        starts=-118,
        due=67,
        scope=(
            ScopeLine("Search, booking and payment for iOS and Android"),
            ScopeLine("Screen design", rounds=2),
            ScopeLine("Connection to their reservation system, as documented in version 4"),
            _out("Loyalty programme"),
        ),
    ),
    DemoProject(
        "SOL",
        "Solbrook Rebrand",
        SOLBROOK,
        PETE,
        SOL_BRAND,
        hours=180,
        budget=21_600,
        starts=-110,
        due=-11,
        scope=(
            ScopeLine("Name, logo and colour system", rounds=3),
            ScopeLine("Brand guidelines, 40 pages"),
            _out("Vehicle and building signs"),
        ),
    ),
    DemoProject(
        "GRID",
        "Solbrook Customer Portal",
        SOLBROOK,
        OLGA,
        SOL_PORTAL,
        hours=460,
        budget=52_900,
        starts=-96,
        due=53,
        scope=(
            ScopeLine("Sign-in, meter readings, bills as PDF"),
            ScopeLine("Screen design", rounds=2),
            _out("Moving old customer accounts"),
        ),
    ),
    DemoProject(
        "KV",
        "Kestrel Webshop",
        KESTREL,
        PETE,
        KV_SHOP,
        hours=280,
        budget=26_600,
        starts=-120,
        due=18,
        scope=(
            ScopeLine("Shop with 140 products, one currency"),
            ScopeLine("Product configurator for two sofas", rounds=2),
            _out("Product photography"),
        ),
    ),
    DemoProject(
        "LAUNCH",
        "Kestrel Sofa Campaign",
        KESTREL,
        BEN,
        KV_LAUNCH,
        hours=90,
        budget=8_100,
        starts=-75,
        due=6,
        scope=(ScopeLine("Campaign idea and key visual", rounds=2), ScopeLine("Twelve social posts")),
    ),
    DemoProject(
        "OAK",
        "Oakline Website Care",
        OAKLINE,
        OLGA,
        OAK_WEB,
        hours=240,
        budget=31_200,
        starts=-122,
        due=60,
        scope=(
            ScopeLine("20 hours a month for updates and small improvements"),
            ScopeLine("Accessibility check every quarter"),
            _out("New sections of the site"),
        ),
    ),
    DemoProject(
        "OPEN",
        "Oakline Open Day",
        OAKLINE,
        PETE,
        OAK_CARE,
        hours=70,
        budget=9_100,
        starts=-20,
        due=40,
        scope=(ScopeLine("Invitation, landing page, signs for nine clinics", rounds=1),),
    ),
)


def workspace_seed() -> WorkspaceSeed:
    """The agency's Slack workspace, with Handoff installed as its manifest says."""
    return WorkspaceSeed(
        people=PEOPLE,
        channels=CHANNELS,
        app=AppSeed.from_manifest(manifest()),
        team_id=TEAM,
        team_name="Brightside",
        team_domain="brightside",
    )
