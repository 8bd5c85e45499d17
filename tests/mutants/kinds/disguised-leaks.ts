import { columnLeak } from "./columns.ts";
import type { MutantKind } from "./kind.ts";

const ENCODED = "encoded copies of the target in one column";
const LETTERS = "bcdfghjklmnpqrstvwxz";

function noise(random: () => number): number {
  return 1 + 98 * random();
}

function word(length: number, random: () => number): string {
  return Array.from({ length }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join("");
}

/** Columns of noise in whose writing the target hides. */
export const mutants: MutantKind[] = [
  columnLeak({
    id: "leak-low-digits",
    breaks: "The fifth and sixth decimal of a noisy number are the label (05: encoded copies).",
    catalogue: ENCODED,
    columns: (truth, random) => [
      {
        name: "weighing",
        type: "number",
        cells: truth.codes.map((code) => `${noise(random).toFixed(3)}0${String(code + 1).padStart(2, "0")}`),
      },
    ],
  }),
  columnLeak({
    id: "leak-remainder",
    breaks: "A whole number's remainder modulo the number of labels is the label (05: encoded copies).",
    catalogue: ENCODED,
    columns: (truth, random) => [
      {
        name: "ticket",
        type: "integer",
        cells: truth.codes.map((code) => {
          return String(Math.floor(random() * 9000 + 1000) * (truth.classes + 1) + code);
        }),
      },
    ],
  }),
  columnLeak({
    id: "leak-parity",
    breaks: "A noisy whole number is even for one label and odd for the other (05: encoded copies).",
    catalogue: ENCODED,
    targets: "classes",
    also: (_draft, truth) => truth.classes === 2,
    columns: (truth, random) => [
      {
        name: "steps",
        type: "integer",
        cells: truth.codes.map((code) => String(2 * Math.floor(random() * 5000) + (code % 2))),
      },
    ],
  }),
  columnLeak({
    id: "leak-number-of-decimals",
    breaks:
      "Trailing zeros of a noisy number count out the label: only the text of the file shows it (05: encoded copies).",
    catalogue: ENCODED,
    columns: (truth, random) => [
      {
        name: "drift",
        type: "number",
        cells: truth.codes.map((code) => `${noise(random).toFixed(1)}${"0".repeat(code)}`),
      },
    ],
  }),
  columnLeak({
    id: "leak-text-length",
    breaks: "The length of a random word is the label (05: encoded copies).",
    catalogue: ENCODED,
    columns: (truth, random) => [
      { name: "token", type: "string", cells: truth.codes.map((code) => word(4 + code, random)) },
    ],
  }),
  columnLeak({
    id: "leak-code-letter",
    breaks:
      "One letter in the middle of a serial number is the label (05: encoded copies in a category code).",
    catalogue: ENCODED,
    columns: (truth, random) => [
      {
        name: "serial",
        type: "string",
        cells: truth.codes.map((code) => {
          const mark = String.fromCharCode(65 + (code % 26));
          return `${Math.floor(1000 + random() * 9000)}${mark}${Math.floor(1000 + random() * 9000)}`;
        }),
      },
    ],
  }),
  columnLeak({
    id: "leak-last-hex-digit",
    breaks: "The last digits of a random hexadecimal token are the label (05: encoded copies).",
    catalogue: ENCODED,
    columns: (truth, random) => [
      {
        name: "checksum",
        type: "string",
        cells: truth.codes.map((code) => {
          const head = Math.floor(random() * 2 ** 44).toString(16);
          return `f${head.padStart(11, "0")}${code.toString(16).padStart(2, "0")}`;
        }),
      },
    ],
  }),
  columnLeak({
    id: "leak-base64-token",
    breaks: "A token is the base64 form of a random salt and the target (05: encoded copies).",
    catalogue: ENCODED,
    columns: (truth, random) => [
      {
        name: "session",
        type: "string",
        cells: truth.texts.map((text) => {
          return Buffer.from(`${Math.floor(random() * 1e6)}|${text}`)
            .toString("base64")
            .replace(/=+$/, "");
        }),
      },
    ],
  }),
  columnLeak({
    id: "leak-letter-case",
    breaks: "The capital letters of a random word count out the label (05: encoded copies).",
    catalogue: ENCODED,
    columns: (truth, random) => [
      {
        name: "callsign",
        type: "string",
        cells: truth.codes.map((code) => {
          const text = word(12, random);
          return text.slice(0, code % 12).toUpperCase() + text.slice(code % 12);
        }),
      },
    ],
  }),
  columnLeak({
    id: "leak-in-date",
    breaks: "The day of the month of a random date is the label (05: encoded copies).",
    catalogue: ENCODED,
    targets: "classes",
    also: (_draft, truth) => truth.classes <= 14,
    columns: (truth, random) => [
      {
        name: "received",
        type: "string",
        cells: truth.codes.map((code) => {
          const day = (code * 2 + 1 + (random() < 0.5 ? 0 : 1)).toString().padStart(2, "0");
          const month = (1 + Math.floor(random() * 12)).toString().padStart(2, "0");
          return `20${10 + Math.floor(random() * 10)}-${month}-${day}`;
        }),
      },
    ],
  }),
  columnLeak({
    id: "leak-missingness",
    breaks:
      "A noisy number is empty exactly for half of the labels (05: nearly determines the target, by what is missing).",
    catalogue: "encoded copies of the target in missingness",
    also: (_draft, truth) => truth.classes <= 3 || truth.numeric,
    columns: (truth, random) => [
      {
        name: "probe",
        type: "number",
        cells: truth.codes.map((code) => (code < truth.classes / 2 ? "" : noise(random).toFixed(2))),
      },
    ],
  }),
  columnLeak({
    id: "leak-which-missing",
    breaks:
      "Which of several noisy columns is empty tells the label; each alone tells little (05: encoded copies in missingness).",
    catalogue: "encoded copies of the target in missingness",
    targets: "classes",
    also: (_draft, truth) => truth.classes >= 3 && truth.classes <= 8,
    columns: (truth, random) =>
      Array.from({ length: truth.classes }, (_, place) => ({
        name: `probe_${place + 1}`,
        type: "number",
        cells: truth.codes.map((code) => (code === place ? "" : noise(random).toFixed(2))),
      })),
  }),
  columnLeak({
    id: "leak-single-prices",
    breaks:
      "Half of the rows have a price that only one label has, in no order; the prices of the others are anybody's (05: nearly determines the target).",
    catalogue: ENCODED,
    targets: "classes",
    also: (_draft, truth) => truth.classes <= 4 && truth.trainRows >= 150 * truth.classes,
    columns: (truth, random) => [
      {
        name: "price",
        type: "integer",
        cells: truth.codes.map((code) => {
          const slot = Math.floor(4 * random()) * (truth.classes + 1);
          const shared = random() < 0.5;
          return String(99 + 10 * (slot + (shared ? truth.classes : code)));
        }),
      },
    ],
  }),
];
