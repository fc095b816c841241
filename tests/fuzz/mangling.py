"""Mangled JSON: a document that was right, with something in it lost, swapped, doubled or replaced by rubbish."""

from __future__ import annotations

import copy
import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

# How many inputs in all; the short form is for every run, the long one for `HANDOFF_FUZZ=100000`.
INPUTS = int(os.environ.get("HANDOFF_FUZZ", "0"))


def form_of(share: float, *, short: int) -> settings:
    """Settings for a test that gets this share of all inputs; in the short form, `short` of them, always the same."""
    return settings(
        max_examples=max(1, round(INPUTS * share)) if INPUTS else short,
        derandomize=not INPUTS,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


# What breaks readers: nothing, the wrong kind, the edges of text and of numbers.
TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "\x00",
            "\ud800",
            "\u202eabc",
            "<!channel> <@U0PETE> <https://evil.example|x>",
            "'; DROP TABLE events; --",
            "=HYPERLINK(1)",
            "9" * 400,
            "-1",
            "1e999",
            "nan",
            "٣",
            "½",
            "2026-13-45",
            "9999-12-31",
            "0001-01-01",
            "a:b:c",
            ":",
            "::::",
            "{}",
            "[]",
            "null",
            "%s %d {0}",
            "\r\n\t",
            "🏳️‍🌈" * 40,
            "x" * 9_000,
            "00000000-0000-0000-0000-000000000000:1",
            "acme newsletter by friday ~3h urgent",
        ]
    ),
    st.text(max_size=30),
)
RUBBISH = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just({"id": []}),
    st.recursive(
        st.none() | st.integers() | TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
)


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a document."""
    found = [here] if here else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        found += places(one, (*here, key))
    return found


@st.composite
def mangled(draw: st.DrawFn, document: Any, *, most: int = 3) -> Any:
    """The document with up to so many things wrong in it."""
    broken = copy.deepcopy(document)
    for _ in range(draw(st.integers(0, most))):
        all_places = places(broken)
        if not all_places:
            break
        path = draw(st.sampled_from(all_places))
        parent = broken
        for key in path[:-1]:
            parent = parent[key]
        match draw(st.sampled_from(["lose", "replace", "replace", "replace", "wrap", "move"])):
            case "lose":
                del parent[path[-1]]
            case "replace":
                parent[path[-1]] = copy.deepcopy(draw(RUBBISH))
            case "wrap":
                parent[path[-1]] = [parent[path[-1]]] if draw(st.booleans()) else {"id": parent[path[-1]]}
            case "move":
                other = draw(st.sampled_from(all_places))
                parent[path[-1]] = copy.deepcopy(_at(broken, other))
    return broken


def _at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document
