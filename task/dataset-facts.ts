import type { Manifest } from "./manifest.ts";

/** What a package says of the dataset it is made from. Texts come from the dataset or its user, and are untrusted. */
export interface DatasetFacts {
  name: string;
  title: string;
  /** Hash of the raw content. */
  fingerprint: string;
  source: string | null;
  /** Name of the licence; never guessed. */
  licence: string | null;
  /** Text of the dataset's licence file. */
  licenceText: string | null;
  redistributable: Manifest["lineage"]["redistributable"];
}
