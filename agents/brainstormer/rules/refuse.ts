import { isMadeUp } from "./experiments.ts";
import type { Reading } from "./reading.ts";

/** Fewer rows leave no hidden test of 40 and something to learn from. */
const FEWEST_ROWS = 120;

/** Why no question may be asked of a whole table, or null. */
export function refuseView(reading: Reading): string | null {
  const { view, documentation } = reading;
  if (view.rows < FEWEST_ROWS) return `it has ${view.rows} rows: too few for a hidden test`;
  const used = view.columns.filter(
    (column) => !column.flags.includes("row_number") && column.type !== "empty" && column.type !== "constant",
  );
  if (isLongFormat(reading))
    return "its values are of several kinds, one per row: a long format that has to be spread out before it can be asked anything";
  if (
    view.modality !== "tabular" &&
    view.modality !== "relational" &&
    view.modality !== "time_series" &&
    view.modality !== "survival"
  )
    return null;
  if (used.length < 3) return "besides counters it has fewer than three columns";
  const text = `${documentation.title} ${documentation.abstract.slice(0, 2).join(" ")}`;
  if (/\buniformity trials?\b/i.test(text) || /[._ -]uniformity\b/i.test(reading.survey.dataset.name))
    return "it is a uniformity trial: one crop treated alike, with nothing but position to predict from";
  if (/\blife table\b|\bcontingency table\b|\bcross-?classif|\bcross-?tabulat/i.test(text))
    return "its rows are cells of a table of counts, not cases";
  if (
    /\b(fake|toy|simulated|artificial|hypothetical|made-?up)\b/i.test(documentation.title) ||
    /\bdata[- ]generating\b|\b(fake|toy) data|^(simulated|artificial|fake|hypothetical) (data|dataset)\.?$/i.test(
      documentation.abstract[0] ?? "",
    )
  ) {
    return "it is made-up data for a textbook point, about nothing real";
  }
  if (isMadeUp(reading)) return "its documentation says that the data are simulated or made up";
  if (isContingency(reading)) return "its rows are cells of a table of counts, not cases";
  const items = coEqual(reading);
  if (items !== null) return items;
  return null;
}

const FREQUENCY = /^(freq|frequency|frequencies|count|counts|n|f|num|number|observed|total)$/i;

/** A column of frequencies beside columns of categories whose combinations are unique. */
function isContingency(reading: Reading): boolean {
  const { view } = reading;
  if (view.time.some((axis) => axis.regular && axis.points >= 60)) return false;
  const counted = view.columns.find((column) => FREQUENCY.test(column.name) && column.type === "integer");
  const tabled = reading.formulas.some(
    (formula) => formula.use === "layout" && /xtabs|table/i.test(formula.text) && formula.left.length === 1,
  );
  if (counted === undefined && !tabled) return false;
  const others = view.columns.filter(
    (column) => column !== counted && !column.flags.includes("row_number") && column.type !== "constant",
  );
  if (others.length === 0) return true;
  const categorical = others.filter((column) => column.distinct <= 40);
  if (categorical.length < others.length - 1) return false;
  const cells = categorical.reduce((product, column) => product * Math.max(1, column.distinct), 1);
  return counted?.name.toLowerCase().startsWith("f") ? true : cells <= view.rows * 3;
}

/** One column names what another measures: parameter and value, as in clinical exchange formats. */
function isLongFormat(reading: Reading): boolean {
  const names = new Map(reading.view.columns.map((column) => [column.name.toLowerCase(), column]));
  const parameter = [...names.keys()].find((name) =>
    /^(param|paramcd|variable|indicator|measure|measurement|metric|series|item|[a-z]{2}test(cd)?)$/.test(
      name,
    ),
  );
  const value = [...names.keys()].find((name) =>
    /^(value|val|aval|[a-z]{2}(orres|stresn|stresc))$/.test(name),
  );
  if (parameter === undefined || value === undefined) return false;
  return (names.get(parameter)?.distinct ?? 0) > 1;
}

/** Most columns are numbered items or names of one kind (questions of a test, countries, years): none is the outcome. */
function coEqual(reading: Reading): string | null {
  const columns = reading.view.columns.filter(
    (column) => !column.flags.includes("row_number") && column.type !== "constant" && column.type !== "empty",
  );
  if (columns.length < 8) return null;
  const years = columns.filter((column) => /^(x|y|yr|year|fy)?_?(1[5-9]|20)\d\d$/i.test(column.name));
  if (years.length > 0.6 * columns.length)
    return "its columns are years of one quantity: the table is a set of series laid out wide";
  return null;
}
