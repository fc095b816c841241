"""The words that dates are made of, in English and German, and the shapes that they take in a pattern."""

from __future__ import annotations

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag",
            "tuesday tues tue dienstag",
            "wednesday wed mittwoch",
            "thursday thurs thur thu donnerstag",
            "friday fri freitag",
            "saturday sat samstag sonnabend",
            "sunday sun sonntag",
        )
    )
    for name in names.split()
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner",
            "february feb februar",
            "march mar märz mär maerz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sept sep",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "a an one ein eine einem einer einen",
            "two zwei",
            "three drei",
            "four vier",
            "five fünf",
            "six sechs",
            "seven sieben",
            "eight acht",
        ),
        start=1,
    )
    for word in words.split()
}


def _one_of(names: dict[str, int]) -> str:
    return "(?:" + "|".join(sorted(names, key=len, reverse=True)) + ")"


WEEKDAY, MONTH, NUMBER = _one_of(WEEKDAYS), _one_of(MONTHS), rf"(?:\d{{1,3}}|{_one_of(NUMBERS)})"
THIS = (
    r"(?:the |this |the coming |coming |der |dieser |diesen |dieses |diese |des |dem |kommenden |kommende )"
)
NEXT = r"(?:next |the next |nächsten |nächster |nächstes |nächste |des nächsten |der nächsten )"
SPAN = r"week|month|quarter|year|woche|monats?|quartals?|jahre?s?"
YEAR = r"(?: (?:of )?(\d{4}|'?\d{2}))?"
DAY_END = r"(?:eod|cob|eob|eop|(?:the )?end of (?:the )?(?:business |working )?day|close of (?:business|play)|tagesende|ende des tages|feierabend)"
CLOCK = (
    r"(?:(?:at |um |gegen |@ ?)?(?:\d{1,2}(?:[:.]\d{2})? ?(?:am|pm|uhr)|\d{1,2}:\d{2}|noon|midday|lunchtime|midnight)"
    r"(?: (?:[ecmp][sd]?t|gmt|utc|cet|cest|bst))?|(?:at|um) \d{1,2})"
)
PART_OF_DAY = (
    r"(?:in the )?(?:morning|afternoon|evening|night|noon|lunch|früh|vormittag|mittag|nachmittag|abend)"
)
