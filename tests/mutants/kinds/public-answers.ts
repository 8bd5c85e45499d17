import { gzipSync } from "node:zlib";
import type { Draft } from "../../verifiers/helpers/draft.ts";
import { readCsv, textOf } from "../table.ts";
import { retouchDescription } from "./columns.ts";
import { addPublicFile, describePublicFile, tar, zip } from "./files.ts";
import type { MutantKind } from "./kind.ts";
import { ANSWERS, hasTables, permutation, SAMPLE, TRAIN, targetOf } from "./truth.ts";

const CATALOGUE = "nothing private in public, in any encoding, archive or file name";

/** The answers as a table, or as good as it: what the twin hides is the sample submission, which is public anyway. */
type Hide = (draft: Draft, table: string, random: () => number, path: string) => void;

function hidden(id: string, breaks: string, hide: Hide): MutantKind {
  return {
    id,
    breaks,
    catalogue: CATALOGUE,
    applies: (draft) => hasTables(draft) && textOf(draft, ANSWERS).length < 2_000_000,
    mutate: (draft, random) => hide(draft, textOf(draft, ANSWERS), random, ANSWERS),
    twin: (draft, random) => hide(draft, textOf(draft, SAMPLE), random, SAMPLE),
  };
}

/** Adds lines to the file of source and licence that every package has, or to a new one. */
function appendNote(draft: Draft, text: string): void {
  const path = "public/attribution.txt";
  if (draft.files.has(path)) draft.files.set(path, `${textOf(draft, path).trimEnd()}\n\n${text}\n`);
  else addPublicFile(draft, "notes.txt", text, "notes on the data");
}

function wrapped(text: string): string {
  return (text.match(/.{1,76}/g) ?? []).join("\n");
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}

/** Answers that a solver finds in public files. */
export const mutants: MutantKind[] = [
  hidden(
    "answers-plain-copy",
    "A public file holds the answers under another name (05: nothing private in public).",
    (draft, table) => {
      addPublicFile(draft, "baseline.csv", table, "another submission in the right form");
    },
  ),
  hidden(
    "answers-as-json",
    "A public JSON file holds the answers (05: nothing private in public, in any encoding).",
    (draft, _table, _random, path) => {
      const table = readCsv(draft, path);
      const place = Math.max(1, table.columns.indexOf(targetOf(draft)));
      const pairs = table.rows.map((row) => [`key-${row[0]}`, row[place]]);
      addPublicFile(
        draft,
        "settings.json",
        JSON.stringify(Object.fromEntries(pairs)),
        "another submission as JSON",
      );
    },
  ),
  hidden(
    "answers-in-zip",
    "A public ZIP archive holds the answers (05: nothing private in public, in any archive).",
    (draft, table) => {
      addPublicFile(
        draft,
        "extra.zip",
        zip("part.csv", table),
        "an archive of another submission in the right form",
      );
    },
  ),
  hidden(
    "answers-in-tar",
    "A public tar archive holds the answers (05: nothing private in public, in any archive).",
    (draft, table) => {
      addPublicFile(
        draft,
        "extra.tar",
        tar("part.csv", table),
        "an archive of another submission in the right form",
      );
    },
  ),
  hidden(
    "answers-in-gzip",
    "A public gzip file holds the answers (05: nothing private in public, in any archive).",
    (draft, table) => {
      addPublicFile(draft, "extra.csv.gz", gzipSync(table), "another submission in the right form, packed");
    },
  ),
  hidden(
    "answers-in-zip-in-gzip",
    "An archive within an archive holds the answers, under a name without ending (05: in any archive).",
    (draft, table) => {
      addPublicFile(draft, "cache.bin", gzipSync(zip("part.csv", table)), "a cache of another submission");
    },
  ),
  hidden(
    "answers-base64",
    "The attribution text ends with the answers in base64 (05: nothing private in public, in any encoding).",
    (draft, table) => {
      appendNote(draft, wrapped(Buffer.from(table).toString("base64")));
    },
  ),
  hidden(
    "answers-packed-base64",
    "The attribution text ends with the compressed answers in base64 (05: in any encoding, archive).",
    (draft, table) => {
      appendNote(draft, wrapped(gzipSync(table).toString("base64")));
    },
  ),
  hidden(
    "answers-hex",
    "The attribution text ends with the answers in hexadecimal (05: in any encoding).",
    (draft, table) => {
      appendNote(draft, wrapped(Buffer.from(table).toString("hex")));
    },
  ),
  hidden(
    "answers-utf16",
    "A public file holds the answers in UTF-16 (05: in any encoding).",
    (draft, table) => {
      const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(table, "utf16le")]);
      addPublicFile(draft, "codes.dat", bytes, "another submission in the right form, UTF-16");
    },
  ),
  hidden(
    "answers-reversed",
    "The attribution text ends with the answers written backwards (05: in any encoding).",
    (draft, table) => {
      appendNote(draft, [...table].reverse().join(""));
    },
  ),
  hidden(
    "answers-rot13",
    "The attribution text ends with the answers in ROT13 (05: in any encoding).",
    (draft, table) => {
      appendNote(draft, rot13(table));
    },
  ),
  hidden(
    "answers-hidden-file",
    "A hidden public file holds the answers (05: nothing private in public; nothing else there).",
    (draft, table) => {
      draft.files.set("public/.cache.csv", table);
      describePublicFile(draft, ".cache.csv", "another submission in the right form");
    },
  ),
  hidden(
    "answers-column-alone",
    "A public file lists the answers' values in the order of test, without ids (05: nothing private in public).",
    (draft, table) => {
      const lines = table.trimEnd().split("\n").slice(1);
      const values = lines.map((line) => line.slice(line.indexOf(",") + 1));
      addPublicFile(draft, "values.txt", `${values.join("\n")}\n`, "values of another submission, in order");
    },
  ),
  hidden(
    "answers-shuffled-columns",
    "A public file holds the answers with columns turned, semicolons, and rows in another order (05: in any encoding).",
    (draft, table, random) => {
      const lines = table.trimEnd().split("\n").slice(1);
      const turned = permutation(lines.length, random).map((place) => {
        const line = lines[place] ?? "";
        const cut = line.indexOf(",");
        return `${line.slice(cut + 1)};${line.slice(0, cut)}`;
      });
      addPublicFile(draft, "pairs.txt", `${turned.join("\n")}\n`, "pairs of another submission");
    },
  ),
  hidden(
    "answers-in-description",
    "The description ends with a comment that holds the answers (05: nothing private in public).",
    (draft, table) => {
      retouchDescription(draft, (text) => `${text.trimEnd()}\n\n<!--\n${table.trimEnd()}\n-->\n`);
    },
  ),
  hidden(
    "answers-in-file-name",
    "Public files are named by id and answer (05: nothing private in public, in any file name).",
    (draft, table) => {
      const rows = table.trimEnd().split("\n").slice(1, 201);
      for (const row of rows) {
        const name = row
          .replace(",", "-")
          .replace(/[^A-Za-z0-9.-]+/g, "_")
          .slice(0, 60);
        draft.files.set(`public/pages/${name}.txt`, "see the description\n");
        describePublicFile(draft, `pages/${name}.txt`, "a page");
      }
    },
  ),
  {
    id: "answers-as-test-rows-of-train",
    breaks: "The train table ends with the test rows and their true targets (05: nothing private in public).",
    catalogue: "nothing private in public; equal rows on both sides; ids unique over train and test",
    applies: hasTables,
    mutate: (draft) => appendTest(draft, ANSWERS),
    twin: (draft) => draft.files.set(TRAIN, `${textOf(draft, TRAIN).trimEnd()}\n`),
  },
];

function appendTest(draft: Draft, source: string): void {
  const train = readCsv(draft, TRAIN);
  const test = readCsv(draft, "public/test.csv");
  const answers = new Map(readCsv(draft, source).rows.map((row) => [row[0], row]));
  const columns = readCsv(draft, source).columns;
  const lines = test.rows.map((row) => {
    const answer = answers.get(row[0]) ?? [];
    const cells = train.columns.map((name) => {
      const place = test.columns.indexOf(name);
      return place >= 0 ? (row[place] ?? "") : (answer[columns.indexOf(name)] ?? "");
    });
    return cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");
  });
  const before = train.rows.length;
  const after = before + lines.length;
  draft.files.set(TRAIN, `${textOf(draft, TRAIN).trimEnd()}\n${lines.join("\n")}\n`);
  draft.manifest.split.sizes.train = after;
  retouchDescription(draft, (text) =>
    text.replace(`\`train.csv\`: ${before} rows`, `\`train.csv\`: ${after} rows`),
  );
}
