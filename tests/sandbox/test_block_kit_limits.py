"""Every limit of Block Kit: what just fits passes, what does not is refused where it is."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.block_kit.validate import check_blocks, check_view
from tests.sandbox.kit import (
    actions,
    bars,
    button,
    confirm,
    field,
    home,
    modal,
    mrkdwn,
    options,
    pie,
    plain,
    section,
    select,
    table,
    text_field,
)

Json = dict[str, Any]
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A"}
LONG_URL = "https://example.com/" + "a" * 2980


def series(names: list[str], points: int = 1) -> Json:
    labels = [f"L{n}" for n in range(points)]
    data = [{"label": label, "value": 1} for label in labels]
    return {"series": [{"name": name, "data": data} for name in names], "axis_config": {"categories": labels}}


def group(label: str, start: int = 0, count: int = 1) -> Json:
    return {"label": plain(label), "options": options(count, start)}


def with_element(element: Json) -> Json:
    return actions(element)


def card(**fields: Any) -> Json:
    return {"type": "card", **fields}


def container(count: int, **more: Any) -> Json:
    return {
        "type": "container",
        "title": plain("C"),
        "child_blocks": [section() for _ in range(count)],
        **more,
    }


def data_table(rows: int, **more: Any) -> Json:
    cells = [{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 1}]
    return {"type": "data_table", "caption": "Numbers", "rows": [cells] * rows, **more}


# what it is about: (fits, does not fit, where Slack points)
MESSAGES: dict[str, tuple[list[Json], list[Json], str]] = {
    "50 blocks": ([section()] * 50, [section()] * 51, "/blocks"),
    "section text of 3000": ([section("a" * 3000)], [section("a" * 3001)], "/blocks/0/text/text"),
    "a section says something": ([section("a")], [section("")], "/blocks/0/text/text"),
    "a section has text or fields": (
        [{"type": "section", "fields": [mrkdwn()]}],
        [{"type": "section"}],
        "/blocks/0",
    ),
    "10 fields": (
        [{"type": "section", "fields": [mrkdwn()] * 10}],
        [{"type": "section", "fields": [mrkdwn()] * 11}],
        "/blocks/0/fields",
    ),
    "a field of 2000": (
        [{"type": "section", "fields": [mrkdwn("a" * 2000)]}],
        [{"type": "section", "fields": [mrkdwn("a" * 2001)]}],
        "/blocks/0/fields/0/text",
    ),
    "a header of 150": (
        [{"type": "header", "text": plain("a" * 150)}],
        [{"type": "header", "text": plain("a" * 151)}],
        "/blocks/0/text/text",
    ),
    "a header is plain": (
        [{"type": "header", "text": plain()}],
        [{"type": "header", "text": mrkdwn()}],
        "/blocks/0/text/type",
    ),
    "10 context elements": (
        [{"type": "context", "elements": [mrkdwn()] * 9 + [IMAGE]}],
        [{"type": "context", "elements": [mrkdwn()] * 11}],
        "/blocks/0/elements",
    ),
    "context is not empty": (
        [{"type": "context", "elements": [mrkdwn()]}],
        [{"type": "context", "elements": []}],
        "/blocks/0/elements",
    ),
    "25 actions": (
        [actions(*[button(f"a{n}") for n in range(25)])],
        [actions(*[button(f"a{n}") for n in range(26)])],
        "/blocks/0/elements",
    ),
    "no text input among actions": (
        [actions(button())],
        [actions(text_field())],
        "/blocks/0/elements/0/type",
    ),
    "an image has alt_text": (
        [IMAGE],
        [{"type": "image", "image_url": "https://example.com/a.png"}],
        "/blocks/0",
    ),
    "alt_text of 2000": (
        [{**IMAGE, "alt_text": "a" * 2000}],
        [{**IMAGE, "alt_text": "a" * 2001}],
        "/blocks/0/alt_text",
    ),
    "an image title of 2000": (
        [{**IMAGE, "title": plain("a" * 2000)}],
        [{**IMAGE, "title": plain("a" * 2001)}],
        "/blocks/0/title/text",
    ),
    "an image address of 3000": (
        [{**IMAGE, "image_url": LONG_URL}],
        [{**IMAGE, "image_url": LONG_URL + "a"}],
        "/blocks/0/image_url",
    ),
    "an image address is one": ([IMAGE], [{**IMAGE, "image_url": "a.png"}], "/blocks/0/image_url"),
    "a button's text of 75": (
        [actions(button(text=plain("a" * 75)))],
        [actions(button(text=plain("a" * 76)))],
        "/blocks/0/elements/0/text/text",
    ),
    "a button's text is plain": (
        [actions(button())],
        [actions(button(text=mrkdwn()))],
        "/blocks/0/elements/0/text/type",
    ),
    "a button's value of 2000": (
        [actions(button(value="a" * 2000))],
        [actions(button(value="a" * 2001))],
        "/blocks/0/elements/0/value",
    ),
    "a button's value is text": (
        [actions(button(value="1"))],
        [actions(button(value=1))],
        "/blocks/0/elements/0/value",
    ),
    "a button's address of 3000": (
        [actions(button(url=LONG_URL))],
        [actions(button(url=LONG_URL + "a"))],
        "/blocks/0/elements/0/url",
    ),
    "a button's style": (
        [actions(button(style="danger"))],
        [actions(button(style="green"))],
        "/blocks/0/elements/0/style",
    ),
    "an accessibility label of 75": (
        [actions(button(accessibility_label="a" * 75))],
        [actions(button(accessibility_label="a" * 76))],
        "/blocks/0/elements/0/accessibility_label",
    ),
    "an action_id of 255": (
        [actions(button("a" * 255))],
        [actions(button("a" * 256))],
        "/blocks/0/elements/0/action_id",
    ),
    "a block_id of 255": ([section(block_id="a" * 255)], [section(block_id="a" * 256)], "/blocks/0/block_id"),
    "block_ids differ": (
        [section(block_id="a"), section(block_id="b")],
        [section(block_id="a"), section(block_id="a")],
        "/blocks/1/block_id",
    ),
    "action_ids differ in a block": (
        [actions(button("a")), actions(button("a"))],
        [actions(button("a"), button("a"))],
        "/blocks/0",
    ),
    "a confirm title of 100": (
        [actions(button(confirm=confirm(title=plain("a" * 100))))],
        [actions(button(confirm=confirm(title=plain("a" * 101))))],
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "a confirm text of 300": (
        [actions(button(confirm=confirm(text=mrkdwn("a" * 300))))],
        [actions(button(confirm=confirm(text=mrkdwn("a" * 301))))],
        "/blocks/0/elements/0/confirm/text/text",
    ),
    "a confirm button of 30": (
        [actions(button(confirm=confirm(deny=plain("a" * 30))))],
        [actions(button(confirm=confirm(deny=plain("a" * 31))))],
        "/blocks/0/elements/0/confirm/deny/text",
    ),
    "a confirm is whole": (
        [actions(button(confirm=confirm()))],
        [actions(button(confirm={"title": plain()}))],
        "/blocks/0/elements/0/confirm",
    ),
    "100 options": ([actions(select(100))], [actions(select(101))], "/blocks/0/elements/0/options"),
    "a select has options": ([actions(select(1))], [actions(select(0))], "/blocks/0/elements/0/options"),
    "options or groups": (
        [actions(select(1))],
        [actions({"type": "static_select", "action_id": "a"})],
        "/blocks/0/elements/0",
    ),
    "option values differ": (
        [actions(select(2))],
        [actions(select(0, options=options(1) + options(1)))],
        "/blocks/0/elements/0/options/1/value",
    ),
    "an option's text of 75": (
        [actions(select(0, options=[{"text": plain("a" * 75), "value": "a"}]))],
        [actions(select(0, options=[{"text": plain("a" * 76), "value": "a"}]))],
        "/blocks/0/elements/0/options/0/text/text",
    ),
    "an option's value of 75": (
        [actions(select(0, options=[{"text": plain(), "value": "a" * 75}]))],
        [actions(select(0, options=[{"text": plain(), "value": "a" * 76}]))],
        "/blocks/0/elements/0/options/0/value",
    ),
    "an option's value is text": (
        [actions(select(0, options=[{"text": plain(), "value": "1"}]))],
        [actions(select(0, options=[{"text": plain(), "value": 1}]))],
        "/blocks/0/elements/0/options/0/value",
    ),
    "an option's description of 75": (
        [actions(select(0, options=[{"text": plain(), "value": "a", "description": plain("a" * 75)}]))],
        [actions(select(0, options=[{"text": plain(), "value": "a", "description": plain("a" * 76)}]))],
        "/blocks/0/elements/0/options/0/description/text",
    ),
    "a placeholder of 150": (
        [actions(select(1, placeholder=plain("a" * 150)))],
        [actions(select(1, placeholder=plain("a" * 151)))],
        "/blocks/0/elements/0/placeholder/text",
    ),
    "initial_option is an option": (
        [actions(select(2, initial_option=options(1)[0]))],
        [actions(select(2, initial_option=options(1, 7)[0]))],
        "/blocks/0/elements/0/initial_option",
    ),
    "100 groups": (
        [
            actions(
                {
                    "type": "static_select",
                    "action_id": "a",
                    "option_groups": [group(f"G{n}", n) for n in range(100)],
                }
            )
        ],
        [
            actions(
                {
                    "type": "static_select",
                    "action_id": "a",
                    "option_groups": [group(f"G{n}", n) for n in range(101)],
                }
            )
        ],
        "/blocks/0/elements/0/option_groups",
    ),
    "a group label of 75": (
        [actions({"type": "static_select", "action_id": "a", "option_groups": [group("a" * 75)]})],
        [actions({"type": "static_select", "action_id": "a", "option_groups": [group("a" * 76)]})],
        "/blocks/0/elements/0/option_groups/0/label/text",
    ),
    "5 overflow options": (
        [section(accessory={"type": "overflow", "action_id": "a", "options": options(5)})],
        [section(accessory={"type": "overflow", "action_id": "a", "options": options(6)})],
        "/blocks/0/accessory/options",
    ),
    "10 radio buttons": (
        [actions({"type": "radio_buttons", "action_id": "a", "options": options(10)})],
        [actions({"type": "radio_buttons", "action_id": "a", "options": options(11)})],
        "/blocks/0/elements/0/options",
    ),
    "10 checkboxes": (
        [actions({"type": "checkboxes", "action_id": "a", "options": options(10)})],
        [actions({"type": "checkboxes", "action_id": "a", "options": options(11)})],
        "/blocks/0/elements/0/options",
    ),
    "a real date": (
        [actions({"type": "datepicker", "action_id": "a", "initial_date": "2026-03-02"})],
        [actions({"type": "datepicker", "action_id": "a", "initial_date": "2.3.2026"})],
        "/blocks/0/elements/0/initial_date",
    ),
    "a real time": (
        [actions({"type": "timepicker", "action_id": "a", "initial_time": "23:59"})],
        [actions({"type": "timepicker", "action_id": "a", "initial_time": "24:00"})],
        "/blocks/0/elements/0/initial_time",
    ),
    "markdown of 12000 in all": (
        [{"type": "markdown", "text": "a" * 6000}] * 2,
        [{"type": "markdown", "text": "a" * 6000}, {"type": "markdown", "text": "a" * 6001}],
        "/blocks",
    ),
    "100 table rows": ([table(100)], [table(101)], "/blocks/0/rows"),
    "20 table columns": ([table(2, 20)], [table(2, 21)], "/blocks/0/rows/0"),
    "10000 table characters": ([table(10, 10, "a" * 100)], [table(10, 10, "a" * 101)], "/blocks"),
    "one table": ([table()], [table(), table()], "/blocks"),
    "rows as wide as the first": (
        [table(2, 2)],
        [{"type": "table", "rows": [*table(1, 2)["rows"], *table(1, 3)["rows"]]}],
        "/blocks/0/rows/1",
    ),
    "201 data_table rows": ([data_table(201)], [data_table(202)], "/blocks/0/rows"),
    "a data_table has a head and a row": ([data_table(2)], [data_table(1)], "/blocks/0/rows"),
    "a data_table's pages": (
        [data_table(2, page_size=100)],
        [data_table(2, page_size=101)],
        "/blocks/0/page_size",
    ),
    "two charts": ([bars(), bars()], [bars(), bars(), bars()], "/blocks"),
    "a chart title of 50": (
        [{**bars(), "title": "a" * 50}],
        [{**bars(), "title": "a" * 51}],
        "/blocks/0/title",
    ),
    "6 segments": ([pie(*[1] * 6)], [pie(*[1] * 7)], "/blocks/0/chart/segments"),
    "segments are more than nothing": ([pie(0.5)], [pie(0)], "/blocks/0/chart/segments/0/value"),
    "a chart label of 20": (
        [pie(1, label="a" * 18)],
        [pie(1, label="a" * 19)],
        "/blocks/0/chart/segments/0/label",
    ),
    "6 series": (
        [bars(**series(list("abcdef")))],
        [bars(**series(list("abcdefg")))],
        "/blocks/0/chart/series",
    ),
    "20 points": (
        [bars(**series(["a"], 20))],
        [bars(**series(["a"], 21))],
        "/blocks/0/chart/axis_config/categories",
    ),
    "series names differ": (
        [bars(**series(["a", "b"]))],
        [bars(**series(["a", "a"]))],
        "/blocks/0/chart/series/1/name",
    ),
    "labels are the categories": (
        [bars()],
        [bars(axis_config={"categories": ["Mon", "Wed"]})],
        "/blocks/0/chart/series/0/data",
    ),
    "numbers are numbers": (
        [pie(1)],
        [bars(series=[{"name": "a", "data": [{"label": "Mon", "value": "1"}]}])],
        "/blocks/0/chart/series/0/data/0/value",
    ),
    "an axis label of 50": (
        [bars(axis_config={"categories": ["Mon", "Tue"], "x_label": "a" * 50})],
        [bars(axis_config={"categories": ["Mon", "Tue"], "x_label": "a" * 51})],
        "/blocks/0/chart/axis_config/x_label",
    ),
    "a card shows something": ([card(title=plain())], [card(subtext=plain())], "/blocks/0"),
    "a card's title of 150": (
        [card(title=plain("a" * 150))],
        [card(title=plain("a" * 151))],
        "/blocks/0/title/text",
    ),
    "a card's 3 buttons": (
        [card(actions=[button(f"a{n}") for n in range(3)])],
        [card(actions=[button(f"a{n}") for n in range(4)])],
        "/blocks/0/actions",
    ),
    "10 cards": (
        [{"type": "carousel", "elements": [card(title=plain())] * 10}],
        [{"type": "carousel", "elements": [card(title=plain())] * 11}],
        "/blocks/0/elements",
    ),
    "10 blocks in a container": ([container(10)], [container(11)], "/blocks/0/child_blocks"),
    "known blocks": ([section()], [{"type": "text"}], "/blocks/0/type"),
    "known properties": ([section()], [section(colour="red")], "/blocks/0"),
    "known texts": (
        [section()],
        [{"type": "section", "text": {"type": "text", "text": "a"}}],
        "/blocks/0/text/type",
    ),
    "an alert only in modals": ([section()], [{"type": "alert", "text": mrkdwn()}], "/blocks/0/type"),
    "a file_input only in modals": (
        [field(text_field())],
        [field({"type": "file_input", "action_id": "a"})],
        "/blocks/0/element/type",
    ),
}

WIDE = "a" * 24
VIEWS: dict[str, tuple[Json, Json, str]] = {
    "100 blocks": (modal(*[section()] * 100), modal(*[section()] * 101), "/view/blocks"),
    "a title of 24": (modal(title=plain(WIDE)), modal(title=plain(WIDE + "a")), "/view/title/text"),
    "a submit of 24": (modal(submit=plain(WIDE)), modal(submit=plain(WIDE + "a")), "/view/submit/text"),
    "a close of 24": (modal(close=plain(WIDE)), modal(close=plain(WIDE + "a")), "/view/close/text"),
    "a title": (modal(), {key: part for key, part in modal().items() if key != "title"}, "/view"),
    "private_metadata of 3000": (
        modal(private_metadata="a" * 3000),
        modal(private_metadata="a" * 3001),
        "/view/private_metadata",
    ),
    "a callback_id of 255": (modal(callback_id="a" * 255), modal(callback_id="a" * 256), "/view/callback_id"),
    "an external_id of 255": (
        modal(external_id="a" * 255),
        modal(external_id="a" * 256),
        "/view/external_id",
    ),
    "a submit with inputs": (modal(), modal(submit=None), "/view"),
    "alerts with a level": (
        modal({"type": "alert", "text": mrkdwn(), "level": "warning"}),
        modal({"type": "alert", "text": mrkdwn(), "level": "loud"}),
        "/view/blocks/0/level",
    ),
    "no chart": (modal(section()), modal(bars()), "/view/blocks/0/type"),
    "no table": (modal(section()), modal(table()), "/view/blocks/0/type"),
    "no markdown block": (modal(section()), modal({"type": "markdown", "text": "a"}), "/view/blocks/0/type"),
    "a label of 2000": (
        modal(field(text_field(), label=plain("a" * 2000))),
        modal(field(text_field(), label=plain("a" * 2001))),
        "/view/blocks/0/label/text",
    ),
    "a label is plain": (modal(), modal(field(text_field(), label=mrkdwn())), "/view/blocks/0/label/type"),
    "a hint of 2000": (
        modal(field(text_field(), hint=plain("a" * 2000))),
        modal(field(text_field(), hint=plain("a" * 2001))),
        "/view/blocks/0/hint/text",
    ),
    "a max_length of 3000": (
        modal(field(text_field(max_length=3000))),
        modal(field(text_field(max_length=3001))),
        "/view/blocks/0/element/max_length",
    ),
    "a max_length of 1": (
        modal(field(text_field(max_length=1))),
        modal(field(text_field(max_length=0))),
        "/view/blocks/0/element/max_length",
    ),
    "min not over max": (
        modal(field(text_field(min_length=3, max_length=3))),
        modal(field(text_field(min_length=4, max_length=3))),
        "/view/blocks/0/element/min_length",
    ),
    "initial_value within max_length": (
        modal(field(text_field(initial_value="abc", max_length=3))),
        modal(field(text_field(initial_value="abcd", max_length=3))),
        "/view/blocks/0/element/initial_value",
    ),
    "initial_value of 3000": (
        modal(field(text_field(initial_value="a" * 3000))),
        modal(field(text_field(initial_value="a" * 3001))),
        "/view/blocks/0/element/initial_value",
    ),
    "a number_input says whether decimals": (
        modal(field({"type": "number_input", "action_id": "a", "is_decimal_allowed": True})),
        modal(field({"type": "number_input", "action_id": "a"})),
        "/view/blocks/0/element",
    ),
    "numbers as text": (
        modal(
            field(
                {"type": "number_input", "action_id": "a", "is_decimal_allowed": True, "initial_value": "1.5"}
            )
        ),
        modal(
            field(
                {"type": "number_input", "action_id": "a", "is_decimal_allowed": True, "initial_value": 1.5}
            )
        ),
        "/view/blocks/0/element/initial_value",
    ),
    "min_value not over max_value": (
        modal(
            field(
                {
                    "type": "number_input",
                    "action_id": "a",
                    "is_decimal_allowed": True,
                    "min_value": "2",
                    "max_value": "10",
                }
            )
        ),
        modal(
            field(
                {
                    "type": "number_input",
                    "action_id": "a",
                    "is_decimal_allowed": True,
                    "min_value": "10",
                    "max_value": "2",
                }
            )
        ),
        "/view/blocks/0/element/min_value",
    ),
    "10 files": (
        modal(field({"type": "file_input", "action_id": "a", "max_files": 10})),
        modal(field({"type": "file_input", "action_id": "a", "max_files": 11})),
        "/view/blocks/0/element/max_files",
    ),
    "no button as an input": (modal(), modal(field(button())), "/view/blocks/0/element/type"),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_blocks_that_just_fit_a_message_pass(name: str) -> None:
    assert check_blocks(MESSAGES[name][0], "message") == []


@pytest.mark.parametrize("name", MESSAGES)
def test_blocks_that_do_not_fit_a_message_are_refused_where_they_are(name: str) -> None:
    _, wrong, pointer = MESSAGES[name]
    assert f"[json-pointer:{pointer}]" in " ".join(check_blocks(wrong, "message"))


@pytest.mark.parametrize("name", VIEWS)
def test_views_that_just_fit_pass(name: str) -> None:
    assert check_view(VIEWS[name][0], "modal") == []


@pytest.mark.parametrize("name", VIEWS)
def test_views_that_do_not_fit_are_refused_where_they_are(name: str) -> None:
    _, wrong, pointer = VIEWS[name]
    assert f"[json-pointer:{pointer}]" in " ".join(check_view(wrong, "modal"))


def test_a_home_tab_takes_charts_and_tables_and_no_alerts() -> None:
    assert check_view(home(bars(), table()), "home") == []
    assert check_view(home({"type": "alert", "text": mrkdwn()}), "home") != []


def test_a_modal_is_not_a_home() -> None:
    assert check_view(home(), "modal") != []
    assert check_view(modal(), "home") != []


def test_a_type_that_is_switched_off_is_refused() -> None:
    assert check_blocks([bars()], "message", refused={"data_visualization"}) == [
        "unsupported type: data_visualization [json-pointer:/blocks/0/type]"
    ]


def test_blocks_that_are_no_list_are_refused() -> None:
    assert check_blocks({"type": "section"}, "message") == ["must be an array [json-pointer:/blocks]"]


def test_what_is_nested_is_not_shown_where_it_may_not_stand() -> None:
    inside = {"type": "container", "title": plain("C"), "child_blocks": [{"type": "alert", "text": mrkdwn()}]}
    assert check_blocks([inside], "message") != []
