"""What an account manager types after `/ask`, and what is understood of it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from time import thread_time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.requests.typed.typed_text import unescape_slack, without_controls
from bot.requests.typed.wording import (
    LONGEST_TITLE,
    AskDraft,
    NamedProject,
    WarningKind,
    match_project,
    nearest,
    parse_ask,
    warm_up,
)

NAMES = {
    "ACME": ("Acme Website", "Acme"),
    "GLX": ("Globex App", "Globex"),
    "INI": ("Initech Brand", "Initech"),
    "TGT": ("Target Store", "Target"),
    "UMB": ("Relaunch", "Umbrella"),
    "UMA": ("Mobile App", "Umbrella"),
    "NEW": ("News Portal", "Daily Planet"),
    "MUS": ("Onlineshop", "Müller & Söhne"),
}
PROJECTS = [NamedProject(UUID(int=n), key, *NAMES[key]) for n, key in enumerate(NAMES, start=1)]
ID = {project.key: project.id for project in PROJECTS}
KEY = {project.id: project.key for project in PROJECTS}
NOW = datetime(2026, 11, 18, 19, 30, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def ask(
    text: str, *, home: str | None = None, now: datetime = NOW, zone: str = "America/New_York"
) -> AskDraft:
    return parse_ask(
        text,
        projects=PROJECTS,
        now=now,
        zone=ZoneInfo(zone),
        home_project=ID[home] if home is not None else None,
    )


# text: project, title, needed by, minutes
UNDERSTOOD: dict[str, tuple[str | None, str, str | None, int | None]] = {
    "acme add a newsletter sign-up by Friday ~3h": ("ACME", "Add a newsletter sign-up", "2026-11-20", 180),
    "ACME add a newsletter sign-up ~3h by Friday": ("ACME", "Add a newsletter sign-up", "2026-11-20", 180),
    "acme website: new hero": ("ACME", "New hero", None, None),
    "Acme - new hero": ("ACME", "New hero", None, None),
    "acme: new hero, tomorrow, 2h": ("ACME", "New hero", "2026-11-19", 120),
    "globx app dark mode asap": ("GLX", "Dark mode asap", None, None),
    "globx dark mode": ("GLX", "Dark mode", None, None),
    "amce new hero": ("ACME", "New hero", None, None),
    "intech: new logo": ("INI", "New logo", None, None),
    "glo: new logo": ("GLX", "New logo", None, None),
    "for Acme, add a banner": ("ACME", "Add a banner", None, None),
    "for acme add a banner": ("ACME", "Add a banner", None, None),
    "für Acme: neuer Banner bis Freitag, ca. 2 Stunden": ("ACME", "Neuer Banner", "2026-11-20", 120),
    "#acme new hero": ("ACME", "New hero", None, None),
    "[ACME] new hero": ("ACME", "New hero", None, None),
    "muller sohne neue Farbe": ("MUS", "Neue Farbe", None, None),
    "Müller & Söhne: neue Farbe": ("MUS", "Neue Farbe", None, None),
    "umbrella app fix footer": ("UMA", "App fix footer", None, None),
    "umbrella relaunch: fix footer": ("UMB", "Fix footer", None, None),
    "Target: new hero": ("TGT", "New hero", None, None),
    "for Target new hero": ("TGT", "New hero", None, None),
    "target store new hero": ("TGT", "New hero", None, None),
    "NEW hero image": ("NEW", "Hero image", None, None),
    "ACME-12 needs a bigger logo": ("ACME", "ACME-12 needs a bigger logo", None, None),
    "add a sign-up for Globex by Friday": ("GLX", "Add a sign-up for Globex", "2026-11-20", None),
    "~3h acme new hero": ("ACME", "New hero", None, 180),
    "acme logo (by Friday, ~3h) in red": ("ACME", "Logo in red", "2026-11-20", 180),
    "acme logo by Friday or Monday": ("ACME", "Logo by Friday or Monday", "2026-11-20", None),
    "acme logo 2h by Friday 5pm": ("ACME", "Logo by Friday 5pm", "2026-11-20", 120),
    "acme call at the fair on 3 Dec, logo by Friday": (
        "ACME",
        "Call at the fair on 3 Dec, logo",
        "2026-11-20",
        None,
    ),
    "acme iPhone mock-up by eow": ("ACME", "iPhone mock-up", "2026-11-20", None),
    "acme banner for black friday by eod friday 2d": ("ACME", "Banner for black friday", "2026-11-20", 960),
    # what only looks like a project
    "target the new audience": (None, "Target the new audience", None, None),
    "new hero banner": (None, "New hero banner", None, None),
    "NEW HERO BANNER NOW": (None, "NEW HERO BANNER NOW", None, None),
    "globe animation on home": (None, "Globe animation on home", None, None),
    "for new customers add a page": (None, "For new customers add a page", None, None),
    "add a page": (None, "Add a page", None, None),
    "urgent: fix the login": (None, "Urgent: fix the login", None, None),
    "initial scroll is wrong": (None, "Initial scroll is wrong", None, None),
    # what only looks like an effort
    "acme 3 hero images": ("ACME", "3 hero images", None, None),
    "acme 24h support page": ("ACME", "24h support page", None, None),
    "acme open 24h": ("ACME", "Open 24h", None, None),
    "acme answer within 24 hours": ("ACME", "Answer within 24 hours", None, None),
    "acme redirect every 2 hours": ("ACME", "Redirect every 2 hours", None, None),
    "acme article about 3 days in Berlin": ("ACME", "Article about 3 days in Berlin", None, None),
    "acme make the logo 3d": ("ACME", "Make the logo 3d", None, None),
    "acme make the logo 3D": ("ACME", "Make the logo 3D", None, None),
    "acme post 3 times a day": ("ACME", "Post 3 times a day", None, None),
    "acme banner shown for 2 days": ("ACME", "Banner shown for 2 days", None, None),
    "acme raise budget to 5m": ("ACME", "Raise budget to 5m", None, None),
    # what only looks like a date
    "acme we may need the sat nav page": ("ACME", "We may need the sat nav page", None, None),
    "acme support 24/7": ("ACME", "Support 24/7", None, None),
    "acme by the 3rd party provider": ("ACME", "By the 3rd party provider", None, None),
}


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_a_typed_line_is_understood(text: str) -> None:
    project, title, needed_by, minutes = UNDERSTOOD[text]
    draft = ask(text)
    assert (KEY.get(draft.project_id) if draft.project_id else None, draft.title) == (project, title)
    assert draft.needed_by == (date.fromisoformat(needed_by) if needed_by else None)
    assert draft.minutes == minutes
    assert draft.details == ""
    assert draft.warnings == ()


@pytest.mark.parametrize(
    ("effort", "minutes"),
    [
        ("~3h", 180),
        ("~ 3 h", 180),
        ("≈3h", 180),
        ("3 hours", 180),
        ("3h.", 180),
        ("(3h)", 180),
        ("about 1.5 h", 90),
        ("approx. 2 hrs", 120),
        ("1,5h", 90),
        ("½h", 30),
        ("1½ h", 90),
        ("1h30", 90),
        ("1h 30m", 90),
        ("90 min", 90),
        ("~30m", 30),
        ("2d", 960),
        ("2 days", 960),
        ("two days", 960),
        ("~1 day", 480),
        ("about a day", 480),
        ("about an hour", 60),
        ("half a day", 240),
        ("half an hour", 30),
        ("a day and a half", 720),
        ("2-3 hours", 180),
        ("est. 4h", 240),
        ("effort: 4h", 240),
        ("ca. 2 Stunden", 120),
        ("halber Tag", 240),
        ("3 Std", 180),
        ("for ~3h", 180),
        (", 3d", 1440),
        ("~24h", 1440),
    ],
)
def test_an_effort_at_the_end_becomes_minutes(effort: str, minutes: int) -> None:
    draft = ask(f"acme new hero {effort}")
    assert (draft.minutes, draft.title) == (minutes, "New hero")


@pytest.mark.parametrize("effort", ["0h", "~0 min", "9999h", "~99999h", "three", "~3", "3 m"])
def test_what_is_no_effort_stays_in_the_title(effort: str) -> None:
    draft = ask(f"acme new hero {effort}")
    assert (draft.minutes, draft.title) == (None, f"New hero {effort}")


def test_the_persons_own_day_counts() -> None:
    now = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)  # Thursday 23:30 in New York, Friday 05:30 in Berlin
    assert ask("acme hero tomorrow", now=now).needed_by == date(2026, 11, 20)
    assert ask("acme hero by Friday", now=now).needed_by == date(2026, 11, 20)
    assert ask("acme hero tomorrow", now=now, zone="Europe/Berlin").needed_by == date(2026, 11, 21)
    assert ask("acme hero by Friday", now=now, zone="Europe/Berlin").needed_by == date(2026, 11, 27)
    assert ask("acme hero today", now=now, zone="Pacific/Kiritimati").needed_by == date(2026, 11, 20)


def test_a_past_date_is_told_and_its_words_stay() -> None:
    draft = ask("acme new hero by 16/11 ~3h")
    assert (draft.needed_by, draft.title, draft.minutes) == (None, "New hero by 16/11", 180)
    warning = draft.warning(WarningKind.PAST_DATE)
    assert warning is not None
    assert (warning.words, warning.day) == ("16/11", date(2026, 11, 16))


def test_the_home_project_needs_no_name() -> None:
    draft = ask("new hero by Friday", home="ACME")
    assert (draft.project_id, draft.title) == (ID["ACME"], "New hero")


@pytest.mark.parametrize(
    "text",
    ["globex: new hero", "globx: new hero", "GLX new hero", "globx app new hero", "for Globex, new hero"],
)
def test_another_project_that_is_clearly_named_wins_over_home(text: str) -> None:
    assert ask(text, home="ACME").project_id == ID["GLX"]


@pytest.mark.parametrize(
    "text", ["globx hero", "same footer as the Globex site", "same footer for Globex", "target store link"]
)
def test_what_may_name_another_project_leaves_the_home_project_and_every_word(text: str) -> None:
    draft = ask(text, home="ACME")
    assert draft.project_id == ID["ACME"]
    assert draft.title.casefold() == text.casefold()


def test_a_client_with_two_projects_is_a_question_unless_one_is_at_home() -> None:
    draft = ask("umbrella: fix footer")
    assert (draft.project_id, set(draft.project_guesses)) == (None, {ID["UMB"], ID["UMA"]})
    assert draft.warning(WarningKind.AMBIGUOUS_PROJECT) is not None
    assert draft.title == "Fix footer"
    assert ask("umbrella: fix footer", home="UMA").project_id == ID["UMA"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("foobar: new hero", "foobar"),
        ("for Foobar, a hero", "Foobar"),
        ("initrode add a page", "initrode"),
        ("Foo Bar: x", "Foo Bar"),
    ],
)
def test_an_unknown_project_is_named_and_its_words_stay(text: str, word: str) -> None:
    draft = ask(text)
    warning = draft.warning(WarningKind.UNKNOWN_PROJECT)
    assert warning is not None
    assert warning.words == word
    assert draft.project_id is None
    assert word.casefold() in draft.title.casefold()


def test_a_name_too_far_off_to_be_taken_is_offered() -> None:
    draft = ask("acm new hero")
    assert (draft.project_id, draft.project_guesses, draft.title) == (None, (ID["ACME"],), "Acm new hero")


def test_several_lines_become_title_and_details() -> None:
    draft = ask("acme: new hero\nwith a video\n\n  - and sound\nby Friday ~3h")
    assert (draft.title, draft.details) == ("New hero", "with a video\n\n  - and sound")
    assert (draft.needed_by, draft.minutes) == (date(2026, 11, 20), 180)
    draft = ask("acme\nnew hero by Friday\nwith a video on Monday")
    assert (draft.title, draft.details) == ("New hero", "with a video on Monday")
    assert draft.needed_by == date(2026, 11, 20)


def test_a_long_line_is_cut_at_a_word_and_the_rest_is_kept_whole() -> None:
    words = " ".join(f"word{n}" for n in range(8000))
    draft = ask("acme " + words)
    assert len(draft.title) <= LONGEST_TITLE
    assert (draft.title + " " + draft.details).casefold() == words
    assert draft.warning(WarningKind.TEXT_LONG) is not None


@pytest.mark.parametrize("text", ["https://example.com/" + "a" * 300, "字" * 40_000])
def test_a_text_without_spaces_is_whole_in_the_details(text: str) -> None:
    draft = ask("acme: " + text)
    assert (draft.title, draft.details) == (text[:LONGEST_TITLE], text)


@pytest.mark.parametrize(
    "text",
    [
        "<!channel> new hero",
        "=cmd()|' /C calc'!A0",
        "<@U1|ana> wants a hero",
        "<#C1|acme> new hero",
        "*bold* _new_ `hero`",
        "🎉👩‍👩‍👧 party page",
        "أضف صفحة جديدة للعميل",
        "הוסף דף חדש",
        "&nbsp; and &copy;",
    ],
)
def test_odd_text_is_kept_as_it_is(text: str) -> None:
    draft = ask("acme: " + text)
    assert (draft.project_id, draft.title, draft.details) == (ID["ACME"], text, "")
    assert ask(text).title == text


def test_control_characters_go_and_line_ends_stay() -> None:
    draft = ask("acme: new\x00 he\x07ro\u202e\ud800\r\nmore\x1b[31m\ttext\u2028end")
    assert (draft.title, draft.details) == ("New hero", "more[31m text\nend")


def test_entities_are_undone_exactly_once() -> None:
    assert unescape_slack("&amp;lt; &lt;b&gt; &amp;amp; &quot; R&amp;D") == "&lt; <b> &amp; &quot; R&D"
    assert ask("acme: R&amp;D &lt;page&gt;").title == "R&D <page>"


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\n", "\x00", "~", "by", ":", "()", "~3h", "by friday", "acme", "acme:"]
)
def test_next_to_nothing_is_a_draft_too(text: str) -> None:
    assert ask(text).details == ""


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError):
        parse_ask("x", projects=PROJECTS, now=datetime(2026, 1, 1), zone=NEW_YORK)  # noqa: DTZ001


def test_a_project_is_matched_before_other_words() -> None:
    match = match_project("acme open", PROJECTS)
    assert (match.project_id, match.named, match.rest) == (ID["ACME"], "acme", "open")
    assert match_project("open", PROJECTS).project_id is None
    assert match_project("GLX", PROJECTS).rest == ""
    assert match_project("target", PROJECTS).project_id == ID["TGT"]
    assert match_project("acme", []).unknown == "acme"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("lst", "list"),
        ("lsit", "list"),
        ("LIST", "list"),
        ("halp", "help"),
        ("projct", "project"),
        ("digst", "digest"),
        ("shwo", "show"),
        ("mines", "mine"),
        ("proj", "project"),
        ("banana", None),
        ("x", None),
        ("", None),
        ("🎉", None),
    ],
)
def test_the_nearest_word_is_found_or_none(word: str, meant: str | None) -> None:
    assert nearest(word, ["list", "mine", "show", "help", "project", "client", "digest"]) == meant


def test_nothing_is_near_to_no_choices() -> None:
    assert nearest("list", []) is None


def test_a_line_among_500_projects_takes_under_6_ms_and_40_000_characters_no_second() -> None:
    many = [
        NamedProject(UUID(int=n), f"K{n}", f"{word}{n} Website", f"{word}{n} Group")
        for n, word in enumerate(["Vandelay", "Hooli", "Soylent", "Tyrell", "Cyberdyne"] * 100)
    ]
    warm_up()
    lines = [
        "hooli1 website add a sign-up by Friday ~3h",
        "hoolli1 websit new hero in two weeks",
        "frobnicate this page, 2h",
    ]
    for line in lines:
        best = 1.0
        for _ in range(7):
            begun = thread_time()
            parse_ask(line, projects=many, now=NOW, zone=NEW_YORK)
            best = min(best, thread_time() - begun)
        assert best < 0.006
    for endless in (
        "by " * 13_000,
        "~3h by Friday " * 2_900,
        "a" * 40_000,
        "for acme " * 4_444,
        "(" * 40_000,
    ):
        begun = thread_time()
        parse_ask(endless, projects=many, now=NOW, zone=NEW_YORK)
        assert thread_time() - begun < 1


TYPED = """acme ACME globx app for target umbrella: new hero, add a by until due Friday friday. on 27 Nov 27.11. 16/11 next week
    end of month the 3rd ~3h 3 hours about 1,5h (by Friday) half a day ~ ( ) , ; : - – . 5pm noon or and may sat <!channel>
    =cmd() <@U1|ana> <#C1|acme> &amp; &lt; 🎉 שלום مرحبا iPhone ß ǆ İ https://example.com/a_b?c=d ACME-12 2d 24h asap"""
PIECES = st.sampled_from(TYPED.split())
TEXTS = st.lists(
    PIECES | st.sampled_from(["\n", "\n\n", "\t", "word " * 30]) | st.text(max_size=10), max_size=30
).map(" ".join)


def words_of(text: str) -> Counter[str]:
    text = unicodedata.normalize("NFC", text).casefold()
    return Counter(
        word for word in re.findall(r"[^\s,;:()\[\]–—-]+", text) if any(char.isalnum() for char in word)
    )


@given(TEXTS, st.sampled_from([None, "ACME"]))
@example("acme (by Friday) x", None)
@example("acme x (~3h, by Friday)", None)
def test_every_word_typed_is_in_the_title_the_details_or_a_recognised_part(
    text: str, home: str | None
) -> None:
    draft = ask(text, home=home)
    kept = words_of("\n".join([draft.title, draft.details, *draft.recognised]))
    assert not words_of(without_controls(unescape_slack(text))) - kept


@given(TEXTS, st.sampled_from([None, "ACME"]))
def test_every_draft_is_sound(text: str, home: str | None) -> None:
    draft = ask(text, home=home)
    assert len(draft.title) <= LONGEST_TITLE
    assert "\n" not in draft.title
    assert draft.needed_by is None or draft.needed_by >= date(2026, 11, 18)
    assert draft.minutes is None or draft.minutes > 0
    assert draft.project_id is None or draft.project_id in draft.project_guesses
    (draft.title + draft.details).encode()
    assert draft.title or not draft.details
