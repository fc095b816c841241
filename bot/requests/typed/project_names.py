"""Which project somebody means by the words they begin with, misspelt or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.requests.typed.misspellings import fold
from bot.requests.typed.ordinary_words import ORDINARY_WORDS

MOST_GUESSES = 5
_MOST_WORDS = 6
# Whole phrases closer than this are looked at word by word; 0.75 is one slip in four letters.
_NEAR = 0.75

_LEAD = re.compile(
    r"(?:(?:for|für|re|regarding|client|project|projekt|kunde|bei)\b:?\s+|[#\[(\"“„']+\s*)", re.IGNORECASE
)
_SEPARATED = re.compile(r"[:,;\])\"”“]+$|^(?:-+|–|—|:|\||>)$")
_REQUEST_NUMBER = re.compile(r"([A-Za-z][A-Za-z0-9]*)-\d+[:,;.]?")
_STARTS_A_SEPARATOR = re.compile(r"[\s:,;|\-–—>\])\"”]+")


@dataclass(frozen=True)
class NamedProject:
    """A project as far as its names go."""

    id: UUID
    key: str
    name: str
    client: str


@dataclass(frozen=True)
class ProjectMatch:
    """What was meant: one project, or several to choose from (best first), or an unknown name; `rest` is all other words.

    `named` holds the words that name it and are not in `rest`; `unknown` the word that should have been a name.
    """

    project_id: UUID | None
    guesses: tuple[UUID, ...]
    named: str
    rest: str
    unknown: str = ""


@dataclass(frozen=True)
class _Alias:
    phrase: str
    rank: int  # a key outranks a name, a name its client
    project_id: UUID


@dataclass(frozen=True)
class _Lead:
    """The beginning of a text: its first words, and whether their reach is marked ("for acme, …", "acme: …")."""

    words: tuple[re.Match[str], ...]
    introduced: bool
    separated_after: int | None

    def phrase(self, count: int) -> str:
        return " ".join(filter(None, (fold(word[0]) for word in self.words[:count])))


class KnownNames:
    """Projects with every phrase that names them, looked up once: for whoever matches many texts."""

    def __init__(self, projects: Sequence[NamedProject]) -> None:
        self.projects = projects
        self.aliases = [alias for project in projects for alias in _aliases(project)]
        self.by_phrase = _by_phrase(self.aliases)


def match_project(
    text: str, known: Sequence[NamedProject] | KnownNames, *, home_project: UUID | None = None
) -> ProjectMatch:
    """The project that the first words of a text name; the home project if they clearly name no other."""
    names = known if isinstance(known, KnownNames) else KnownNames(known)
    projects, aliases, by_phrase = names.projects, names.aliases, names.by_phrase
    lead = _lead(text)
    for count in range(len(lead.words), 0, -1):
        meant = by_phrase.get(lead.phrase(count), [])
        if meant and _deliberate(lead, count, at_home=home_project is not None):
            return _settled(text, lead, count, meant, projects, home_project)
    if lead.words and (number := _REQUEST_NUMBER.fullmatch(lead.words[0][0])) is not None:
        keyed = [alias for alias in by_phrase.get(fold(number[1]), []) if alias.rank == 0]
        if keyed:
            return ProjectMatch(keyed[0].project_id, (keyed[0].project_id,), "", text.strip())
    for count in _counts_to_try(lead):
        near = _near(lead, count, aliases)
        if near:
            sure = home_project is None or count > 1 or lead.separated_after == count
            return _settled(text, lead, count, near, projects, home_project, sure=sure)
    guesses = _mentioned(text, by_phrase)
    if home_project is not None:
        others = tuple(guess for guess in guesses if guess != home_project)
        unknown = _unknown(text, lead, marked_only=True)
        return ProjectMatch(home_project, (home_project, *others)[:MOST_GUESSES], "", text.strip(), unknown)
    if len(guesses) == 1:
        return ProjectMatch(guesses[0], guesses, "", text.strip())
    unknown = "" if guesses else _unknown(text, lead, marked_only=False)
    return ProjectMatch(None, guesses or _resembling(unknown, aliases), "", text.strip(), unknown)


@lru_cache(maxsize=16_384)
def _aliases(project: NamedProject) -> tuple[_Alias, ...]:
    """Every phrase that names a project: key, name, client, client and name."""
    key, name, client = fold(project.key), fold(project.name), fold(project.client)
    phrases = {client: 2, f"{client} {name}": 1, name: 1, key: 0}
    return tuple(_Alias(phrase, rank, project.id) for phrase, rank in phrases.items() if phrase.strip())


def _lead(text: str) -> _Lead:
    start = 0
    introduced = False
    while (found := _LEAD.match(text, start)) is not None:
        start, introduced = found.end(), introduced or found[0][0].isalpha()
    start += len(text[start:]) - len(text[start:].lstrip())
    words: list[re.Match[str]] = []
    for word in re.compile(r"\S{1,200}").finditer(text, start, start + 400):
        if words and _SEPARATED.fullmatch(word[0]):
            return _Lead(tuple(words), introduced, len(words))
        words.append(word)
        if _SEPARATED.search(word[0]):
            return _Lead(tuple(words), introduced, len(words))
        if len(words) == _MOST_WORDS:
            break
    return _Lead(tuple(words), introduced, None)


def _deliberate(lead: _Lead, count: int, *, at_home: bool) -> bool:
    """Whether an exact name is meant as one: "target" begins many a request, "Target:" and "for Target" only one kind."""
    words, typed = lead.phrase(count).split(), lead.words[0][0]
    if any(word not in ORDINARY_WORDS and len(word) > 1 for word in words) or lead.separated_after == count:
        return True
    if len(lead.words) == count or (len(words) > 1 and not at_home):
        return True
    shouted = all(word[0].isupper() for word in lead.words)
    return (typed[0].isupper() and lead.introduced) or (typed.isupper() and len(typed) > 1 and not shouted)


def _counts_to_try(lead: _Lead) -> Iterator[int]:
    if lead.separated_after is not None and lead.separated_after <= 4:
        yield lead.separated_after
    yield from range(min(3, len(lead.words)), 0, -1)


def _near(lead: _Lead, count: int, aliases: list[_Alias]) -> list[_Alias]:
    """The aliases of which the first `count` words are a misspelling; the nearest only."""
    phrase = lead.phrase(count)
    marked = lead.separated_after == count or (lead.introduced and count == 1)
    if len(phrase) < (3 if marked else 4) or all(word in ORDINARY_WORDS for word in phrase.split()):
        return []
    found = process.extract(
        phrase,
        [alias.phrase for alias in aliases],
        scorer=OSA.normalized_similarity,
        score_cutoff=_NEAR,
        limit=12,
    )
    near = [(score, aliases[at]) for name, score, at in found if _misspelt(phrase, name, marked=marked)]
    if near:
        best = max(score for score, _ in near)
        return [alias for score, alias in near if score == best]
    if marked and count == 1:
        return [alias for alias in aliases if alias.phrase.startswith(phrase)][:MOST_GUESSES]
    return []


def _misspelt(typed: str, name: str, *, marked: bool) -> bool:
    """Whether each word is the name's or a slip of it: an ordinary word is no slip, nor is (unmarked) another ending."""
    typed_words, name_words = typed.split(), name.split()
    if len(typed_words) != len(name_words):
        return marked
    slips = 0
    for word, right in zip(typed_words, name_words, strict=True):
        if word == right:
            continue
        slips += 1
        if word in ORDINARY_WORDS or len(word) < 4 or OSA.distance(word, right) > (1 if len(word) < 8 else 2):
            return False
        if not marked and len(typed_words) == 1 and (word.startswith(right) or right.startswith(word)):
            return False
    return slips > 0 and (marked or len(typed) > 3)


def _settled(
    text: str,
    lead: _Lead,
    count: int,
    meant: list[_Alias],
    projects: Sequence[NamedProject],
    home_project: UUID | None,
    *,
    sure: bool = True,
) -> ProjectMatch:
    """The match that these aliases make, the home project preferred among equals."""
    rank = min(alias.rank for alias in meant)
    ids = list(dict.fromkeys(alias.project_id for alias in meant if alias.rank == rank))
    end = lead.words[count - 1].end()
    if not sure:
        first = [home_project] if home_project is not None else []
        return ProjectMatch(
            home_project, tuple(dict.fromkeys([*first, *ids]))[:MOST_GUESSES], "", text.strip()
        )
    ids = _narrowed(ids, lead, count, projects)
    if home_project in ids:
        ids = [home_project, *(other for other in ids if other != home_project)]
    chosen = ids[0] if len(ids) == 1 or ids[0] == home_project else None
    separator = _STARTS_A_SEPARATOR.match(text, end)
    rest = text[separator.end() if separator else end :]
    named = text[:end].strip()
    return ProjectMatch(chosen, tuple(ids[:MOST_GUESSES]), named, rest.strip())


def _narrowed(ids: list[UUID], lead: _Lead, count: int, projects: Sequence[NamedProject]) -> list[UUID]:
    """Of a client's several projects those whose name holds the next word: "acme app …"."""
    if len(ids) < 2 or len(lead.words) <= count:
        return ids
    following = fold(lead.words[count][0])
    names = {project.id: fold(project.name).split() for project in projects}
    return [one for one in ids if following in names[one]] or ids


def _by_phrase(aliases: list[_Alias]) -> dict[str, list[_Alias]]:
    named: dict[str, list[_Alias]] = {}
    for alias in aliases:
        named.setdefault(alias.phrase, []).append(alias)
    return named


def _mentioned(text: str, by_phrase: dict[str, list[_Alias]]) -> tuple[UUID, ...]:
    """The projects whose exact name stands behind a "for" later in the text: "a new hero for Acme by Friday"."""
    found: dict[UUID, None] = {}
    for intro in list(re.finditer(r"\b(?:for|für|bei)\s+", text[:1000], re.IGNORECASE))[:10]:
        lead = _lead(text[intro.end() : intro.end() + 200])
        for count in range(len(lead.words), 0, -1):
            phrase = lead.phrase(count)
            named = by_phrase.get(phrase, [])
            if named and not all(word in ORDINARY_WORDS for word in phrase.split()):
                best = min(alias.rank for alias in named)
                found.update(dict.fromkeys(alias.project_id for alias in named if alias.rank == best))
                break
    return tuple(found)[:MOST_GUESSES]


def _resembling(unknown: str, aliases: list[_Alias]) -> tuple[UUID, ...]:
    """The projects that an unknown name resembles too little to be taken for, but enough to be offered first."""
    if not unknown:
        return ()
    found = process.extract(
        fold(unknown),
        [alias.phrase for alias in aliases],
        scorer=OSA.normalized_similarity,
        score_cutoff=0.6,
        limit=9,
    )
    return tuple(dict.fromkeys(aliases[at].project_id for _, _, at in found))[:MOST_GUESSES]


def _unknown(text: str, lead: _Lead, *, marked_only: bool) -> str:
    """The words that stand where a project's name should, and are none."""
    if not lead.words or not fold(lead.words[0][0]) or lead.words[0][0].startswith(("<", "http", "=")):
        return ""
    marked = lead.separated_after is not None and lead.separated_after <= 2
    count = lead.separated_after if marked and lead.separated_after else 1
    if lead.phrase(1).split()[0] in ORDINARY_WORDS or (marked_only and not marked):
        return ""
    words = text[lead.words[0].start() : lead.words[count - 1].end()]
    return words.strip(':,;.!?)]"”“')[:80]
