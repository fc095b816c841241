"""The data_visualization block.

Found on Slack's page (reference/block-kit/blocks/data-visualization-block) and in three client libraries that
follow it: title at most 50; chart is pie {segments 1-6 of {label, value}} or bar, line, area {series 1-6 of
{name, data 1-20 of {label, value}}, axis_config {categories, x_label?, y_label?}}; labels at most 20, axis labels 50;
names of series differ; the labels of every series are the categories; at most two such blocks in a message;
messages and Home only. A third-party client allows 12 segments and series: the page's six hold here.
Not found: whether a series may leave out a category (here: no), whether a pie accepts zero (here: only more than 0).
"""

from __future__ import annotations

from bot.sandbox.block_kit import limits
from bot.sandbox.block_kit.schema import array, complain, number, shape, string, tagged
from bot.sandbox.wire import JsonObject

_label = string(most=limits.CHART_LABEL, least=1)
_point = shape(required={"label": _label, "value": number})


def _positive(segment: JsonObject, at: str, out: list[str]) -> None:
    if segment["value"] <= 0:
        complain(out, "must be greater than 0", f"{at}/value")


_segment = shape(required={"label": _label, "value": number}, rules=(_positive,))
_series = shape(
    required={
        "name": string(most=limits.CHART_LABEL, least=1),
        "data": array(_point, least=1, most=limits.CHART_POINTS),
    }
)
_axis_config = shape(
    required={"categories": array(_label, least=1, most=limits.CHART_POINTS)},
    optional={
        "x_label": string(most=limits.CHART_AXIS_LABEL),
        "y_label": string(most=limits.CHART_AXIS_LABEL),
    },
)


def _series_match_axis(chart: JsonObject, at: str, out: list[str]) -> None:
    categories = chart["axis_config"]["categories"]
    names: set[str] = set()
    for position, series in enumerate(chart["series"]):
        if series["name"] in names:
            complain(out, f"duplicate series name: {series['name']}", f"{at}/series/{position}/name")
        names.add(series["name"])
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            complain(out, "labels must match axis_config categories", f"{at}/series/{position}/data")


_pie = shape(required={"segments": array(_segment, least=1, most=limits.CHART_SEGMENTS)})
_plotted = shape(
    required={"series": array(_series, least=1, most=limits.CHART_SERIES), "axis_config": _axis_config},
    rules=(_series_match_axis,),
)

data_visualization = shape(
    required={
        "title": string(most=limits.CHART_TITLE, least=1),
        "chart": tagged({"pie": _pie, "bar": _plotted, "line": _plotted, "area": _plotted}, "chart"),
    },
    optional={"block_id": string(most=limits.ID, least=1)},
)
