/** The table and data_table blocks. */
import { h, put } from "../dom.js";
import { icon } from "../icons.js";
import { withEmoji } from "../emoji.js";
import { richText } from "./richtext.js";

function cell(content) {
  if (!content) return "";
  if (content.type === "rich_text") return richText(content);
  if (content.type === "raw_number") return content.text ?? String(content.value ?? content.number ?? "");
  return withEmoji(content.text ?? "");
}

/** The words of a cell, to sort by. */
function words(content) {
  if (!content) return "";
  if (content.type === "rich_text")
    return (content.elements ?? [])
      .flatMap((e) => e.elements ?? [])
      .map((e) => e.text ?? "")
      .join("");
  return content.text ?? String(content.value ?? content.number ?? "");
}

export function table(block) {
  const [head, ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const look = (at) =>
    `align-${settings[at]?.align ?? "left"}${settings[at]?.is_wrapped ? " is-wrapped" : ""}`;
  return h(
    "div",
    { class: "table-box", tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      { class: "table" },
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          (head ?? []).map((c, at) => h("th", { class: look(at), scope: "col", dir: "auto" }, cell(c))),
        ),
      ),
      h(
        "tbody",
        null,
        rows.map((row) =>
          h(
            "tr",
            null,
            row.map((c, at) => h("td", { class: look(at), dir: "auto" }, cell(c))),
          ),
        ),
      ),
    ),
  );
}

/** A table with pages, sorted by a press on a column's head. */
export function dataTable(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? 5;
  const named = block.row_header_column_index ?? 0;
  const numeric = head.map(
    (_, at) =>
      rows.some((r) => words(r[at])) && rows.every((r) => r[at]?.type === "raw_number" || !words(r[at])),
  );
  let page = 0;
  let sorted = { by: -1, down: false };
  const box = h("div", { class: "data-table" });

  function order(a, b) {
    const [x, y] = [words(a[sorted.by]), words(b[sorted.by])];
    const [p, q] = [a, b].map((r) =>
      Number(r[sorted.by]?.value ?? words(r[sorted.by]).replace(/[^\d.-]/g, "")),
    );
    const found = numeric[sorted.by] ? p - q : x.localeCompare(y, undefined, { numeric: true });
    return sorted.down ? -found : found;
  }

  function column(content, at) {
    const state = sorted.by === at ? (sorted.down ? "descending" : "ascending") : "none";
    return h(
      "th",
      { scope: "col", "aria-sort": state, class: numeric[at] ? "align-right" : null },
      h(
        "button",
        {
          class: "sort",
          type: "button",
          on: {
            click: () => {
              sorted = { by: at, down: sorted.by === at && !sorted.down };
              page = 0;
              draw(at);
            },
          },
        },
        cell(content),
        state === "none"
          ? null
          : h("span", { class: `sort-sign${sorted.down ? " is-down" : ""}` }, icon("down", 12)),
      ),
    );
  }

  function draw(focus = -1) {
    const all = sorted.by < 0 ? rows : [...rows].sort(order);
    const pages = Math.max(1, Math.ceil(all.length / size));
    const turn = (by, label, name, off) =>
      h(
        "button",
        {
          class: "button button-icon",
          type: "button",
          "aria-label": label,
          disabled: off,
          on: {
            click: () => {
              page += by;
              draw();
            },
          },
        },
        icon(name, 14),
      );
    put(
      box,
      h(
        "div",
        { class: "table-box", tabindex: "0", role: "region", "aria-label": block.caption ?? "Table" },
        h(
          "table",
          { class: "table" },
          h("caption", { dir: "auto" }, block.caption ?? ""),
          h("thead", null, h("tr", null, head.map(column))),
          h(
            "tbody",
            null,
            all.slice(page * size, page * size + size).map((row) =>
              h(
                "tr",
                null,
                row.map((c, at) =>
                  h(
                    at === named ? "th" : "td",
                    {
                      scope: at === named ? "row" : null,
                      class: numeric[at] ? "align-right" : null,
                      dir: "auto",
                    },
                    cell(c),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
      pages > 1
        ? h(
            "div",
            { class: "pages" },
            turn(-1, "Previous page", "back", page === 0),
            h(
              "span",
              { class: "quiet" },
              `${page * size + 1} to ${Math.min(all.length, page * size + size)} of ${all.length}`,
            ),
            turn(1, "Next page", "right", page === pages - 1),
          )
        : null,
    );
    if (focus >= 0) box.querySelectorAll(".sort")[focus]?.focus();
  }
  draw();
  return box;
}
