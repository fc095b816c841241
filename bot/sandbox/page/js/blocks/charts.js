/** The data_visualization block: pie, bar, line and area charts as inline SVG, with a table for screen readers. */
import { h, put, s, uid } from "../dom.js";
import { figureText } from "../text.js";
import { drawAxes, drawSeries, frame } from "./plot.js";

const NARROWEST = 260;
const WIDEST = 640;

export function chart(block) {
  const data = block.chart ?? {};
  const pie = data.type === "pie";
  const canvas = h("div", { class: "chart-canvas" });
  const figure = h(
    "figure",
    { class: `chart chart-${data.type}` },
    h("figcaption", { class: "chart-title", dir: "auto" }, block.title ?? ""),
    canvas,
    pie ? null : legend(data.series ?? []),
    asTable(block.title, data),
  );
  let drawn = 0;
  const draw = () => {
    const width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, canvas.clientWidth || 560)));
    if (width === drawn) return;
    drawn = width;
    put(canvas, pie ? pieChart(data, block.title) : plot(data, width, block.title));
  };
  draw();
  new ResizeObserver(draw).observe(canvas);
  return figure;
}

const colour = (at) => `series-${(at % 6) + 1}`;

function legend(series) {
  if (series.length < 2 && !series[0]?.name) return null;
  return h(
    "ul",
    { class: "legend", "aria-hidden": "true" },
    series.map((one, at) =>
      h("li", null, h("span", { class: `swatch ${colour(at)}` }), h("span", { dir: "auto" }, one.name ?? "")),
    ),
  );
}

/** What the picture shows, in words. */
function summary(data) {
  if (data.type === "pie")
    return (data.segments ?? [])
      .map((segment) => `${segment.label}: ${figureText(segment.value)}`)
      .join("; ");
  return (data.series ?? [])
    .map(
      (one) =>
        `${one.name}: ${(one.data ?? []).map((point) => `${point.label} ${figureText(point.value)}`).join(", ")}`,
    )
    .join("; ");
}

function picture(data, title, width, height, ...children) {
  const [name, text] = [uid("chart"), uid("chart")];
  return s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-labelledby": `${name} ${text}` },
    s("title", { id: name }, title ?? "Chart"),
    s("desc", { id: text }, summary(data)),
    ...children,
  );
}

function plot(data, width, title) {
  const area = frame(data, width);
  return picture(data, title, area.width, area.height, drawAxes(area), drawSeries(area));
}

function pieChart(data, title) {
  const segments = data.segments ?? [];
  const total = segments.reduce((sum, segment) => sum + Math.max(0, segment.value), 0) || 1;
  const [size, radius, hole] = [184, 88, 52];
  let turn = -Math.PI / 2;
  const slices = segments.map((segment, at) => {
    const angle = (Math.max(0, segment.value) / total) * Math.PI * 2;
    const path = slice(size / 2, radius, hole, turn, turn + Math.min(angle, Math.PI * 2 - 0.0001));
    turn += angle;
    return s(
      "path",
      { d: path, class: `slice ${colour(at)}` },
      s("title", null, `${segment.label}: ${figureText(segment.value)}`),
    );
  });
  return h(
    "div",
    { class: "pie" },
    picture(data, title, size, size, slices),
    h(
      "ul",
      { class: "legend legend-column", "aria-hidden": "true" },
      segments.map((segment, at) =>
        h(
          "li",
          null,
          h("span", { class: `swatch ${colour(at)}` }),
          h("span", { class: "legend-label", dir: "auto" }, segment.label),
          h(
            "span",
            { class: "legend-value" },
            `${figureText(segment.value)} · ${Math.round((segment.value / total) * 100)} %`,
          ),
        ),
      ),
    ),
  );
}

function slice(centre, outer, inner, from, to) {
  const at = (radius, angle) =>
    `${(centre + radius * Math.cos(angle)).toFixed(2)} ${(centre + radius * Math.sin(angle)).toFixed(2)}`;
  const large = to - from > Math.PI ? 1 : 0;
  return `M${at(outer, from)}A${outer} ${outer} 0 ${large} 1 ${at(outer, to)}L${at(inner, to)}A${inner} ${inner} 0 ${large} 0 ${at(inner, from)}Z`;
}

/** The same figures for those who cannot see the picture. */
function asTable(title, data) {
  const rows =
    data.type === "pie"
      ? (data.segments ?? []).map((segment) => [segment.label, figureText(segment.value)])
      : (data.axis_config?.categories ?? []).map((category) => [
          category,
          ...(data.series ?? []).map((one) => {
            const point = (one.data ?? []).find((p) => p.label === category);
            return point ? figureText(point.value) : "";
          }),
        ]);
  const head =
    data.type === "pie"
      ? ["Part", "Value"]
      : [data.axis_config?.x_label ?? "", ...(data.series ?? []).map((one) => one.name)];
  return h(
    "div",
    { class: "visually-hidden" },
    h(
      "table",
      null,
      h("caption", null, title ?? "Chart"),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          head.map((c) => h("th", { scope: "col" }, c ?? "")),
        ),
      ),
      h(
        "tbody",
        null,
        rows.map((row) =>
          h(
            "tr",
            null,
            row.map((c) => h("td", null, c)),
          ),
        ),
      ),
    ),
  );
}
