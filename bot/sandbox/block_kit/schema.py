"""A small language for the shapes of Block Kit: checks that are put together, and Slack's way of complaining."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.wire import JsonObject

Check = Callable[[Any, str, list[str]], None]
Rule = Callable[[JsonObject, str, list[str]], None]

_URL = re.compile(r"^(?:https?|slack|mailto|tel):[^\s]+$")


def complain(out: list[str], text: str, pointer: str) -> None:
    """Adds one complaint in the form Slack answers with."""
    out.append(f"{text} [json-pointer:{pointer}]")


def anything(value: Any, at: str, out: list[str]) -> None:
    """Accepts whatever comes: for parts of Slack this stand-in does not judge."""


def boolean(value: Any, at: str, out: list[str]) -> None:
    """Demands true or false."""
    if not isinstance(value, bool):
        complain(out, "must be a boolean", at)


def string(*, most: int | None = None, least: int = 0) -> Check:
    """Demands a string of some length."""

    def check(value: Any, at: str, out: list[str]) -> None:
        if not isinstance(value, str):
            complain(out, "must be a string", at)
        elif len(value) < least:
            complain(out, f"must be more than {least - 1} characters", at)
        elif most is not None and len(value) > most:
            complain(out, f"must be less than {most + 1} characters", at)

    return check


def url(most: int) -> Check:
    """Demands an address."""
    length = string(most=most, least=1)

    def check(value: Any, at: str, out: list[str]) -> None:
        before = len(out)
        length(value, at, out)
        if len(out) == before and not _URL.match(value):
            complain(out, "must be a valid URL", at)

    return check


def pattern(expression: str, what: str) -> Check:
    """Demands a string of a form."""
    compiled = re.compile(expression)

    def check(value: Any, at: str, out: list[str]) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            complain(out, f"must be a valid {what}", at)

    return check


def integer(least: int | None = None, most: int | None = None) -> Check:
    """Demands a whole number between two."""

    def check(value: Any, at: str, out: list[str]) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            complain(out, "must be an integer", at)
        elif least is not None and value < least:
            complain(out, f"must be at least {least}", at)
        elif most is not None and value > most:
            complain(out, f"must be no more than {most}", at)

    return check


def number(value: Any, at: str, out: list[str]) -> None:
    """Demands a finite number."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value != value:
        complain(out, "must be a number", at)


def choice(*allowed: str) -> Check:
    """Demands one of some words."""

    def check(value: Any, at: str, out: list[str]) -> None:
        if value not in allowed:
            complain(out, f"must be one of: {', '.join(allowed)}", at)

    return check


def array(item: Check, *, least: int = 0, most: int | None = None) -> Check:
    """Demands a list of so many things."""

    def check(value: Any, at: str, out: list[str]) -> None:
        if not isinstance(value, list):
            complain(out, "must be an array", at)
            return
        if len(value) < least:
            complain(out, f"no fewer than {least} items allowed", at)
        if most is not None and len(value) > most:
            complain(out, f"no more than {most} items allowed", at)
            return
        for position, entry in enumerate(value):
            item(entry, f"{at}/{position}", out)

    return check


def shape(
    *,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    rules: tuple[Rule, ...] = (),
) -> Check:
    """Demands an object with these properties and no others; rules look at it as a whole."""
    must = dict(required or {})
    known = {**must, **(optional or {})}

    def check(value: Any, at: str, out: list[str]) -> None:
        if not isinstance(value, dict):
            complain(out, "must be an object", at)
            return
        before = len(out)
        for name in must:
            if value.get(name) is None:
                complain(out, f"missing required field: {name}", at)
        _check_parts(value, known, at, out)
        if len(out) == before:
            for rule in rules:
                rule(value, at, out)

    return check


def _check_parts(value: JsonObject, known: Mapping[str, Check], at: str, out: list[str]) -> None:
    for name, part in value.items():
        inner = known.get(name)
        if inner is None:
            if name != "type":
                complain(out, f"invalid additional property: {name}", at)
        elif part is not None:
            inner(part, f"{at}/{name}", out)


def tagged(table: Mapping[str, Check], what: str) -> Check:
    """Demands an object whose type is one of the table's, and then what the table says."""

    def check(value: Any, at: str, out: list[str]) -> None:
        if not isinstance(value, dict):
            complain(out, "must be an object", at)
            return
        kind = value.get("type")
        inner = table.get(kind) if isinstance(kind, str) else None
        if inner is None:
            complain(
                out, f"unsupported type: {kind}" if kind else f"missing type of the {what}", f"{at}/type"
            )
            return
        inner(value, at, out)

    return check


def one_of(*names: str) -> Rule:
    """Demands that at least one of some properties is there."""

    def rule(value: JsonObject, at: str, out: list[str]) -> None:
        if not any(value.get(name) for name in names):
            complain(out, f"must have at least one of: {', '.join(names)}", at)

    return rule


def exactly_one_of(*names: str) -> Rule:
    """Demands that just one of some properties is there."""

    def rule(value: JsonObject, at: str, out: list[str]) -> None:
        if sum(1 for name in names if value.get(name) is not None) != 1:
            complain(out, f"must have exactly one of: {', '.join(names)}", at)

    return rule
