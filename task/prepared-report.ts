import { z } from "zod";

const share = z.number().min(0).max(1);

/** A column of a prepared table, as `pandas.read_csv` gives it. Texts are clipped to 80 characters and untrusted. */
export const PreparedColumn = z.strictObject({
  name: z.string(),
  type: z.enum(["integer", "number", "boolean", "category", "string", "text", "datetime", "empty"]),
  missing: share,
  distinct: z.int().nonnegative(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  median: z.number().nullable(),
  /** Mean number of words of a text. */
  words: z.number().nullable(),
  /** All values with their counts, most frequent first, where there are at most 60 (not for numbers of very wide tables). */
  values: z.array(z.tuple([z.string(), z.int()])),
  /** First three distinct values; first and last for times. */
  examples: z.array(z.string()),
});
export type PreparedColumn = z.infer<typeof PreparedColumn>;

export const PreparedTable = z.strictObject({
  /** E.g. `public/train.csv`. */
  path: z.string(),
  bytes: z.int().nonnegative(),
  /** Why pandas could not read it, or null. */
  problem: z.string().nullable(),
  rows: z.int().nonnegative(),
  width: z.int().nonnegative(),
  columns: z.array(PreparedColumn),
  /** Two or three columns of which each row is one combination, with at least half of all combinations there; else none. */
  grid: z.array(z.string()),
  /** The first six lines of the file as they are. */
  head: z.array(z.string()),
});
export type PreparedTable = z.infer<typeof PreparedTable>;

/** What is measured of the files that `prepare.py` wrote, by trusted code that ran none of it. */
export const PreparedReport = z.strictObject({
  tables: z.array(PreparedTable),
  /** Files that are not tables at the top, by folder and extension. */
  folders: z.array(
    z.strictObject({
      folder: z.string(),
      extension: z.string(),
      files: z.int(),
      bytes: z.int(),
      example: z.string(),
      /** What the files are like: size of pictures, length of recordings, columns and length of series. */
      note: z.string().nullable(),
    }),
  ),
  /** The first hundred paths. */
  paths: z.array(z.string()),
});
export type PreparedReport = z.infer<typeof PreparedReport>;
