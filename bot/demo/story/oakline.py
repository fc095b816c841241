"""What Oakline Clinics asked for: website care on a retainer (Olga decides) and an open day (Pete decides)."""

from __future__ import annotations

from bot.demo.agency import GRACE, OLGA
from bot.demo.story.rows import (
    ALTERNATIVE,
    GOODWILL,
    HOLDING,
    OUR_ERROR,
    PROMISED,
    RETAINER,
    Accepted,
    Asked,
    Declined,
)
from bot.requests.models import Reason

CARE = (
    Asked(
        "OAK",
        74,
        "09:48",
        "Form to ask for a repeat appointment",
        then=Accepted(1, "14:15", hours=8, paid=RETAINER, told=(1, "11:10")),
        hours=8,
    ),
    Asked(
        "OAK",
        67,
        "11:36",
        "Doctors' profiles in Spanish",
        "31 doctors; Dana delivers the translations in two parts.",
        Accepted(1, "15:52", hours=12, paid=RETAINER, told=(2, "09:25")),
        hours=12,
    ),
    Asked(
        "OAK",
        59,
        "10:29",
        "Bigger phone number on small screens",
        then=Accepted(1, "10:37", hours=3, paid=RETAINER, told=(1, "09:40")),
        reason=Reason.CLARIFICATION,
        hours=2,
    ),
    Asked(
        "OAK",
        47,
        "12:42",
        "A section about clinical studies",
        "Six pages with a search. New, so beyond the retainer; Dana has a budget for it.",
        Accepted(2, "11:18", hours=30, fee=3_900, delay=7, told=(2, "10:50")),
        hours=26,
        promise=HOLDING,
        talk=(
            (OLGA, 1, "16:25", "Does the search have to know synonyms? That is half of the work."),
            (GRACE, 1, "12:40", "No, plain words are fine for the first year."),
        ),
    ),
    Asked(
        "OAK",
        35,
        "08:52",
        "Wrong opening hours after the holiday",
        then=Accepted(0, "15:05", hours=1, paid=OUR_ERROR, told=(0, "11:20")),
        reason=Reason.AGENCY_ERROR,
        hours=1,
        promise=PROMISED,
    ),
    Asked(
        "OAK",
        25,
        "10:14",
        "A chat window on every page",
        then=Declined(
            2,
            "13:26",
            "Somebody at Oakline would have to answer within a minute, and there is nobody. A form that is read "
            "every hour does more.",
            bridge=(ALTERNATIVE, "A form that somebody reads every hour."),
            told=(2, "10:00"),
        ),
        hours=10,
    ),
    Asked(
        "OAK",
        15,
        "09:31",
        "The list of insurers changed again",
        then=Accepted(0, "16:12", hours=4, paid=RETAINER, told=(1, "09:05")),
        reason=Reason.CLIENT_INPUT,
        hours=4,
    ),
    Asked(
        "OAK",
        10,
        "10:06",
        "Banner for the four new doctors",
        then=Accepted(1, "13:34", hours=2, paid=GOODWILL, told=(1, "11:20")),
        hours=2,
    ),
    Asked(
        "OAK",
        4,
        "11:15",
        "Twelve patient stories instead of eight",
        then=Accepted(1, "12:48", hours=10, fee=1_300, told=(1, "10:15")),
        hours=10,
        needed=15,
    ),
    Asked(
        "OAK",
        1,
        "10:58",
        "Holiday notice for all nine clinics",
        "Each clinic closes on other days. Dana sends the list tomorrow.",
        hours=2,
        needed=7,
        promise=PROMISED,
    ),
)

OPEN_DAY = (
    Asked(
        "OPEN",
        3,
        "10:20",
        "Signs in Spanish too",
        "Same format, second side. The printer needs the files ten days before.",
        hours=5,
        needed=9,
        promise=HOLDING,
    ),
)
