import { z } from "zod";

/**
 * What is measured of a dataset before any idea. Made inside the sandbox by `dataset/python/smith_dataset`;
 * this process sees only this bounded JSON. Every string that comes from data is clipped there
 * (names 200, values 80, documentation 20,000 characters) and is untrusted.
 */

/** How a table is read from the raw folder; the same reader runs in the survey and in `prepare.py`. */
export const Recipe = z.strictObject({
  reader: z.enum([
    "delimited",
    "parquet",
    "arrow",
    "json",
    "jsonl",
    "excel",
    "sqlite",
    "libsvm",
    "files",
    "fixed",
    "voc",
  ]),
  /** Files relative to raw; several files of one layout are stacked, with a column `part` that names each. */
  paths: z.array(z.string()).min(1),
  /** Keyword arguments of the reader (see `smith_dataset/readers`). */
  options: z.record(z.string(), z.json()),
});
export type Recipe = z.infer<typeof Recipe>;

/** One more table brought to the rows of the base table. */
export const Join = z.strictObject({
  table: z.string(),
  leftOn: z.array(z.string()).min(1),
  rightOn: z.array(z.string()).min(1),
  /** Columns taken from the right side, and the prefix they get (`album.` gives `album.Title`). */
  columns: z.array(z.string()),
  prefix: z.string(),
  /** `one`: at most one match. `count`: the number of matching rows, as a column `<prefix>count`. */
  kind: z.enum(["one", "count"]),
});

/** A table for modelling: a base table with joins, and files that its rows name. Self-contained. */
export const View = z.strictObject({
  id: z.string(),
  /** Every table that base and joins name. */
  recipes: z.record(z.string(), Recipe),
  base: z.string(),
  joins: z.array(Join),
  /** The column of the view that holds a file's path relative to raw, and what kind of file it is. */
  media: z.strictObject({ column: z.string(), kind: z.enum(["image", "audio", "series"]) }).nullable(),
});
export type View = z.infer<typeof View>;

export const ColumnType = z.enum([
  "integer",
  "number",
  "boolean",
  "category", // few distinct texts or codes
  "text", // free text: many distinct values of several words
  "string", // many distinct short values: names, codes
  "datetime",
  "list", // ragged values, joined by blanks when written
  "path", // names a file of the dataset
  "constant",
  "empty",
]);

const share = z.number().min(0).max(1);

export const ColumnFacts = z.strictObject({
  name: z.string(),
  type: ColumnType,
  /** Share of rows without a value, and number of distinct values among the others. */
  missing: share,
  distinct: z.int().nonnegative(),
  /** For numbers and dates (dates as ISO text in `first`/`last`). */
  numeric: z
    .strictObject({
      min: z.number(),
      max: z.number(),
      mean: z.number(),
      deviation: z.number(),
      skew: z.number(),
      median: z.number(),
      /** Share of values that are whole numbers; share equal to zero; share at the maximum (capping). */
      whole: share,
      zero: share,
      atMaximum: share,
    })
    .nullable(),
  /** Most frequent values with their counts, most frequent first: at most 20, of columns that look like classes up to 200. */
  top: z.array(z.tuple([z.string(), z.int()])),
  examples: z.array(z.string()),
  /** First and last value in file order where the column is a time. */
  range: z.tuple([z.string(), z.string()]).nullable(),
  /** Mean number of words, for text. */
  words: z.number().nullable(),
  flags: z.array(
    z.enum([
      "unique", // every value differs
      "row_number", // 0,1,2… or 1,2,3… in file order
      "identifier", // names an entity: unique or nearly so, or named like an id
      "sorted", // the rows are sorted by it
      "ordinal", // few ordered levels
      "missing_code", // holds a code such as -1, 99, 999, "NA" for "no answer"
      "weight", // a survey or sampling weight
      "group_like", // rows come in groups that share it
      "time_like", // year, month, date, period
      "place_like", // latitude, longitude, coordinates
      "sensitive", // name, e-mail, phone, address of a person
      "json_like", // structured text
    ]),
  ),
  /** What the dataset's documentation says of this column. */
  description: z.string().nullable(),
  /** Declared or documented order of levels, for ordinal columns. */
  levels: z.array(z.string()).nullable(),
  /** Values (as text, as in `top`) that mean "no answer", for columns flagged `missing_code`. */
  missingCodes: z.array(z.string()).optional(),
  /** Value → its documented meaning, e.g. {"1": "male", "2": "female"}. */
  labels: z.record(z.string(), z.string()).optional(),
});
export type ColumnFacts = z.infer<typeof ColumnFacts>;

/** How well one column can be predicted from the others: cross-validated on at most a few thousand rows. */
export const Probe = z.strictObject({
  column: z.string(),
  kind: z.enum(["regression", "classification"]),
  /**
   * Gain over a constant from all other columns together, copies and columns that decide it alone left out: 0 none, 1 perfect,
   * negative when worse. R² for numbers, rescaled balanced accuracy for classes, as `measure` says.
   */
  gain: z.number(),
  measure: z.string(),
  /** Best single features with the gain each reaches alone, best first, at most 5. */
  singles: z.array(z.strictObject({ column: z.string(), gain: z.number() })),
  /** Columns (1 or 2) of which the target is a deterministic function on all rows, or up to 6 whose sum or product gives it. */
  determinedBy: z.array(z.array(z.string())),
  /** Columns that are copies of it (scaled, negated, binned, encoded). */
  copies: z.array(z.string()),
  /** Gain from the row's position in the file alone. */
  orderGain: z.number(),
  /** Rows that the probe used. */
  rows: z.int().optional(),
  /** Gain from the column's own past values, for rows in order of time (later rows predicted from earlier ones). */
  historyGain: z.number().nullable().optional(),
});
export type Probe = z.infer<typeof Probe>;

export const Group = z.strictObject({
  column: z.string(),
  groups: z.int().positive(),
  /** Median rows in a group. */
  rows: z.number(),
  /** Why these rows belong together, in words. */
  why: z.string(),
});

export const TimeAxis = z.strictObject({
  column: z.string(),
  /** Median step between distinct times, e.g. `30 minutes`, `1 day`, `1 year`. */
  step: z.string(),
  /** Regular steps throughout (per series). */
  regular: z.boolean(),
  from: z.string(),
  to: z.string(),
  /** Columns that name a series when several run in parallel (panel); empty for a single series. */
  series: z.array(z.string()),
  /** Number of distinct times. */
  points: z.int(),
});

/** What kind of data the rows of a view are. */
export const Modality = z.enum([
  "tabular",
  "text",
  "image",
  "audio",
  "series",
  "time_series",
  "relational",
  "ratings",
  "ranking",
  "survival",
  "molecules",
  "graph",
]);

export const ViewSurvey = z.strictObject({
  view: View,
  title: z.string(),
  modality: Modality,
  rows: z.int().nonnegative(),
  /** Exact duplicate rows (beyond the first of each). */
  duplicates: z.int().nonnegative(),
  columns: z.array(ColumnFacts),
  /** True when there were more columns than are listed. */
  columnsClipped: z.boolean(),
  groups: z.array(Group),
  time: z.array(TimeAxis),
  probes: z.array(Probe),
  /** The column that says which published part (train, test, …) a row belongs to, if there is one. */
  published: z
    .strictObject({ column: z.string(), train: z.array(z.string()), test: z.array(z.string()) })
    .nullable(),
  /** Roles that the layout itself declares. */
  roles: z.strictObject({
    /** Labels of the layout: folder of an image, part of a file name, the libsvm label … best first. */
    labels: z.array(z.string()),
    /** Columns that belong together as one multi-label target. */
    multilabel: z.array(z.string()),
    user: z.string().nullable(),
    item: z.string().nullable(),
    rating: z.string().nullable(),
    query: z.string().nullable(),
    duration: z.string().nullable(),
    event: z.string().nullable(),
  }),
  /** Remarks for an author: what was odd and how it was read. */
  notes: z.array(z.string()),
});
export type ViewSurvey = z.infer<typeof ViewSurvey>;

export const Survey = z.strictObject({
  version: z.literal(1),
  dataset: z.strictObject({ name: z.string(), title: z.string(), fingerprint: z.string() }),
  files: z.strictObject({
    count: z.int(),
    bytes: z.int(),
    /** Extension → number of files. */
    byExtension: z.record(z.string(), z.int()),
    /** Up to 40 paths. */
    examples: z.array(z.string()),
  }),
  documentation: z.array(z.strictObject({ path: z.string(), text: z.string() })),
  licence: z.strictObject({ path: z.string(), name: z.string().nullable() }).nullable(),
  source: z.string().nullable(),
  views: z.array(ViewSurvey),
  /** Files that were set aside, and why (an unlabelled test part, annotations not supported …). */
  setAside: z.array(z.strictObject({ path: z.string(), why: z.string() })),
  /** When no task can be made: why, and what would help. */
  refusal: z.strictObject({ reason: z.string(), help: z.string() }).nullable(),
});
export type Survey = z.infer<typeof Survey>;
