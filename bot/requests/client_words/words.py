"""The words that AMs send to clients: which of them a workspace wrote itself, and what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.people.models import Actor
from bot.people.settings import require_settings_owner
from bot.portfolio.languages import Language
from bot.requests.client_words.words_models import Step, WordTemplate
from bot.requests.refusals import Missing
from bot.requests.typed.typed_text import without_controls

LONGEST = 2_500
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

_EVERYWHERE = ("contact", "client", "title", "am")
_WORK = ("hours", "fee", "date", "cost", "delivery")
# What may stand in curly brackets at each step: nothing else is known then, and nothing internal is among it.
PLACEHOLDERS: Mapping[Step, tuple[str, ...]] = {
    Step.HOLDING: (*_EVERYWHERE, "date"),
    Step.ASKED: (*_EVERYWHERE, "question", "date"),
    Step.COUNTERED: (*_EVERYWHERE, "options", "date"),
    Step.ACCEPTED: (*_EVERYWHERE, "opening", *_WORK, "next"),
    Step.CONDITIONAL: (*_EVERYWHERE, "condition", "until", *_WORK, "next"),
    Step.DECLINED: (*_EVERYWHERE, "opening", "bridge", "date"),
    Step.DEFERRED: (*_EVERYWHERE, "again", "date"),
    Step.REOPENED: (*_EVERYWHERE, "date"),
}


@dataclass
class UnknownPlaceholder(Refusal):
    """Something in curly brackets that is not known at this step."""

    found: str
    known: tuple[str, ...]


@dataclass
class WordsTooLong(Refusal):
    """More words than a message to a client can be offered in."""

    length: int
    most: int


def placeholders_in(text: str) -> list[str]:
    """The names in curly brackets, in order."""
    return _PLACEHOLDER.findall(text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder replaced once: what stands in a value is not looked at again."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def check_words(step: Step, text: str) -> str:
    """The text as it is kept.

    Raises `WrongFields` (words): `Missing`, `WordsTooLong`, `UnknownPlaceholder`.
    """
    kept = without_controls(text).strip()
    why: Refusal | None = None
    unknown = [name for name in placeholders_in(kept) if name not in PLACEHOLDERS[step]]
    if not kept:
        why = Missing()
    elif len(kept) > LONGEST:
        why = WordsTooLong(len(kept), LONGEST)
    elif unknown:
        why = UnknownPlaceholder(unknown[0], PLACEHOLDERS[step])
    if why is not None:
        raise WrongFields([WrongField("words", why)])
    return kept


def change_words(
    session: Session, actor: Actor, *, step: Step, language: Language, text: str
) -> WordTemplate:
    """Use these words at a step from now on; whoever may change the workspace's settings may.

    Raises `ExternalPerson`, `UnknownPerson`, `NotYourSettings`, and `WrongFields` (words).
    """
    require_settings_owner(session, actor)
    kept = check_words(step, text)
    known = session.get(WordTemplate, (actor.workspace_id, step, language))
    template = known or WordTemplate(workspace_id=actor.workspace_id, step=step, language=language)
    template.text, template.changed_by, template.changed_at = kept, actor.person_id, actor.now
    session.add(template)
    return template


def reset_words(session: Session, actor: Actor, *, step: Step, language: Language) -> None:
    """Use our words again; raises `ExternalPerson`, `UnknownPerson`, `NotYourSettings`."""
    require_settings_owner(session, actor)
    template = session.get(WordTemplate, (actor.workspace_id, step, language))
    if template is not None:
        session.delete(template)


def own_words(session: Session, *, workspace_id: str, step: Step, language: Language) -> str | None:
    """What this workspace says at a step, where it does not say ours."""
    return session.scalar(
        select(WordTemplate.text).where(
            WordTemplate.workspace_id == workspace_id,
            WordTemplate.step == step,
            WordTemplate.language == language,
        )
    )


def own_steps(session: Session, *, workspace_id: str) -> set[tuple[Step, Language]]:
    """Where this workspace says something else than we."""
    query = select(WordTemplate.step, WordTemplate.language).where(WordTemplate.workspace_id == workspace_id)
    return {(step, language) for step, language in session.execute(query)}
