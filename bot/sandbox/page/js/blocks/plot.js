/** Axes, bars, lines and areas of the charts that have an x-axis. */
import { s } from "../dom.js";
import { figureText } from "../text.js";

const HEIGHT = 232;
const LETTER = 6.4;

/** Measures the drawing: scale, margins, and where each category stands. */
export function frame(data, width) {
  const series = data.series ?? [];
  const categories = data.axis_config?.categories ?? (series[0]?.data ?? []).map((point) => point.label);
  const values = series.map((one) =>
    categories.map((label) => (one.data ?? []).find((point) => point.label === label)?.value ?? null),
  );
  const all = values.flat().filter((v) => v !== null);
  const ticks = scale(Math.min(0, ...all), Math.max(0, ...all));
  const left =
    14 +
    LETTER * Math.max(...ticks.map((tick) => figureText(tick).length)) +
    (data.axis_config?.y_label ? 18 : 0);
  const box = { left, right: width - 10, top: 12, bottom: HEIGHT - (data.axis_config?.x_label ? 46 : 28) };
  const [low, high] = [ticks[0], ticks.at(-1)];
  const band = (box.right - box.left) / Math.max(1, categories.length);
  return {
    data,
    series,
    categories,
    values,
    ticks,
    box,
    band,
    width,
    height: HEIGHT,
    x: (at) => box.left + band * (at + 0.5),
    y: (value) => box.bottom - ((value - low) / (high - low || 1)) * (box.bottom - box.top),
  };
}

/** Round steps that cover the values. */
function scale(low, high) {
  const span = high - low || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const ticks = [];
  for (let at = Math.floor(low / step); at <= Math.ceil(high / step); at += 1)
    ticks.push(Number((at * step).toPrecision(10)));
  return ticks.length > 1 ? ticks : [0, 1];
}

export function drawAxes(area) {
  const { box, ticks, categories, band, data } = area;
  const longest = Math.max(...categories.map((label) => label.length), 1);
  const room = Math.max(1, Math.floor((band - 4) / LETTER));
  const every =
    longest <= room ? 1 : Math.min(categories.length, Math.ceil((Math.min(longest, 12) * LETTER + 8) / band));
  const fits = Math.floor((band * every - 6) / LETTER);
  const shown = (label) => (label.length > fits ? `${label.slice(0, Math.max(1, fits - 1))}…` : label);
  return s(
    "g",
    { class: "axes", "aria-hidden": "true" },
    ticks.map((tick) => [
      s("line", {
        class: tick === 0 ? "axis-zero" : "axis-grid",
        x1: box.left,
        x2: box.right,
        y1: area.y(tick),
        y2: area.y(tick),
      }),
      s("text", { x: box.left - 8, y: area.y(tick) + 4, "text-anchor": "end" }, figureText(tick)),
    ]),
    categories.map((label, at) =>
      at % every
        ? null
        : s(
            "text",
            { x: area.x(at), y: box.bottom + 18, "text-anchor": "middle" },
            shown(label),
            s("title", null, label),
          ),
    ),
    data.axis_config?.x_label
      ? s(
          "text",
          { class: "axis-label", x: (box.left + box.right) / 2, y: HEIGHT - 6, "text-anchor": "middle" },
          data.axis_config.x_label,
        )
      : null,
    data.axis_config?.y_label
      ? s(
          "text",
          {
            class: "axis-label",
            transform: `translate(12 ${(box.top + box.bottom) / 2}) rotate(-90)`,
            "text-anchor": "middle",
          },
          data.axis_config.y_label,
        )
      : null,
  );
}

export function drawSeries(area) {
  const draw = { bar: bars, line: lines, area: areas }[area.data.type] ?? lines;
  return s("g", { class: "series" }, draw(area));
}

const name = (area, at, index) =>
  `${area.series[at].name}, ${area.categories[index]}: ${figureText(area.values[at][index])}`;
const colour = (at) => `series-${(at % 6) + 1}`;

function bars(area) {
  const many = area.series.length;
  const group = Math.min(area.band * 0.72, 26 * many + 2 * (many - 1));
  const thick = Math.max(2, (group - 2 * (many - 1)) / many);
  return area.values.map((values, at) =>
    values.map((value, index) => {
      if (value === null) return null;
      const top = Math.min(area.y(value), area.y(0));
      const tall = Math.max(value === 0 ? 0 : 1.5, Math.abs(area.y(value) - area.y(0)));
      const x = area.x(index) - group / 2 + at * (thick + 2);
      return s(
        "rect",
        { class: `bar ${colour(at)}`, x, y: top, width: thick, height: tall, rx: Math.min(3, thick / 3) },
        s("title", null, name(area, at, index)),
      );
    }),
  );
}

/** Runs of neighbouring points; a missing value breaks the line. */
function runs(area, at) {
  const found = [[]];
  area.values[at].forEach((value, index) => {
    if (value === null) found.push([]);
    else found.at(-1).push([area.x(index), area.y(value), index]);
  });
  return found.filter((run) => run.length);
}

const path = (run) => `M${run.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

function lines(area) {
  return area.series.map((_, at) => [
    runs(area, at).map((run) => s("path", { class: `stroke ${colour(at)}`, d: path(run) })),
    runs(area, at)
      .flat()
      .map(([x, y, index]) =>
        s(
          "circle",
          { class: `dot ${colour(at)}`, cx: x, cy: y, r: 3.5 },
          s("title", null, name(area, at, index)),
        ),
      ),
  ]);
}

function areas(area) {
  return [
    area.series.map((_, at) =>
      runs(area, at).map((run) =>
        s("path", {
          class: `wash ${colour(at)}`,
          d: `${path(run)}L${run.at(-1)[0].toFixed(1)} ${area.y(0).toFixed(1)}L${run[0][0].toFixed(1)} ${area.y(0).toFixed(1)}Z`,
        }),
      ),
    ),
    lines(area),
  ];
}
