// What a list of results can be turned into: sorted, filtered, CSV.
import { mayPass, said } from "./cards.js";

/** The orders that results can be shown in. */
export const ORDERS = [
  ["added", "as added"],
  ["least", "least sure first"],
  ["most", "surest first"],
  ["class", "by class"],
  ["name", "by name"],
];

const sure = (item) => (item.answer ? item.answer.probability : NaN);
const words = (a, b) => a.localeCompare(b, undefined, { numeric: true });
const BY = {
  added: () => 0,
  least: (a, b) => sure(a) - sure(b),
  most: (a, b) => sure(b) - sure(a),
  class: (a, b) => words(said(a.answer), said(b.answer)) || sure(b) - sure(a),
  name: (a, b) => words(a.name, b.name),
};
const NEEDS_ANSWER = ["least", "most", "class"];

/** The filters that fit these items, as [value, text]: all, each class with its number, those without an answer. */
export function filters(items) {
  const counts = new Map();
  for (const item of items) {
    if (!item.answer) continue;
    for (const label of item.answer.labels || [item.answer.label]) counts.set(label, (counts.get(label) || 0) + 1);
  }
  const failed = items.filter((item) => item.error).length;
  return [
    ["", `all (${items.length})`],
    ...[...counts].sort((a, b) => words(a[0], b[0])).map(([label, n]) => [`=${label}`, `${label} (${n})`]),
    ...(failed ? [["!", `failed (${failed})`]] : []),
  ];
}

/** The items that pass a filter, in an order; without an answer they come last in orders that need one. */
export function arranged(items, filter, order) {
  const passes = (item) =>
    filter === "" ? true
      : filter === "!" ? item.error
        : item.answer && (item.answer.labels || [item.answer.label]).includes(filter.slice(1));
  const shown = items.filter(passes);
  if (!NEEDS_ANSWER.includes(order)) return shown.sort(BY[order]);
  return [...shown.filter((one) => one.answer).sort(BY[order]), ...shown.filter((one) => !one.answer)];
}

/** How many failed requests may succeed another time. */
export const repeatable = (items) => items.filter((item) => item.error && mayPass(item.error));

// Spreadsheets run cells that start so as formulas, and names of files come from anybody.
const harmless = (text) => (/^[=+@-]/.test(text) ? `'${text}` : text);
const cell = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The items as CSV, with the columns of `espalier predict --csv`. */
export function csv(items) {
  const rows = items.map(({ name, answer, error }) => [
    harmless(name),
    answer ? harmless(said(answer)) : "",
    answer ? String(answer.index) : "",
    answer ? String(answer.probability) : "",
    error ? harmless(error.message) : "",
  ]);
  return [["file", "label", "index", "probability", "error"], ...rows]
    .map((row) => `${row.map(cell).join(",")}\n`)
    .join("");
}
