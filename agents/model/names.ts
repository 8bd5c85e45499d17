import type { Survey, ViewSurvey } from "../../dataset/survey.ts";
import { clip } from "./prompt.ts";

/** The view that a model means, or undefined. */
export function findView(survey: Survey, id: string): ViewSurvey | undefined {
  return (
    survey.views.find(({ view }) => view.id === id) ?? survey.views.find(({ view }) => view.id === id.trim())
  );
}

/**
 * The column of a view that a model means: by its exact name, or by the name as prompts show it (on one line, cut,
 * without control characters) where only one column is shown so.
 */
export function findColumn(view: ViewSurvey, name: string): string | undefined {
  if (view.columns.some((column) => column.name === name)) return name;
  const shown = view.columns.filter((column) => clip(column.name, 200) === clip(name, 200));
  return shown.length === 1 ? shown[0]?.name : undefined;
}

/** Collects the names that were looked up and not found, as errors for the model. */
export class NameLookup {
  readonly errors: string[] = [];
  readonly #view: ViewSurvey;

  constructor(view: ViewSurvey) {
    this.#view = view;
  }

  /** The column's name, or undefined and an error that names the field. */
  column(name: string, field: string): string | undefined {
    const found = findColumn(this.#view, name);
    if (found === undefined) {
      const near = nearest(
        name,
        this.#view.columns.map((column) => column.name),
      );
      const advice = near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
      this.errors.push(
        `${field}: the view ${this.#view.view.id} has no column ${JSON.stringify(clip(name, 80))}${advice}`,
      );
    }
    return found;
  }

  /** The columns that were found. */
  columns(names: readonly string[], field: string): string[] {
    return names.flatMap((name) => this.column(name, field) ?? []);
  }
}

function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const wanted = plain(name);
  if (wanted === "") return undefined;
  return (
    names.find((other) => plain(other) === wanted) ?? names.find((other) => plain(other).includes(wanted))
  );
}
