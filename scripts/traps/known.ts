import type { Certificate } from "../../task/certificate.ts";
import type { Manifest } from "../../task/manifest.ts";

/** What the rules made of a dataset. */
export interface Made {
  tasks: { manifest: Manifest; certificate: Certificate; train: string; test: string }[];
  /** Checks that rejected candidates. */
  rejectedBy: string[];
  refused: string | null;
}

/** A published dataset with a trap that is known, and what must have been decided. */
export interface Trap {
  /** Folder in a corpus. */
  dataset: string;
  trap: string;
  decided: string;
  seenBy: string;
  /** Each statement that the outcome must bear out. */
  holds: Record<string, (made: Made) => boolean>;
}

const columns = (task: Made["tasks"][number]) => task.manifest.features.map(({ column }) => column);
const onAll = (made: Made, holds: (task: Made["tasks"][number]) => boolean) =>
  made.tasks.length > 0 && made.tasks.every(holds);
const measured = (task: Made["tasks"][number], check: string, name: string) =>
  task.certificate.checks.find((entry) => entry.check === check)?.measured[name];
/** The names of nests in a table: the bird `N48A1` lives in `N48`. */
const nests = (table: string) => new Set(table.match(/\bN\d+(?=A\d\b)/g) ?? []);

export const TRAPS: Trap[] = [
  {
    dataset: "penguins-raw",
    trap: "Rows are sorted by species, and `Sample Number` restarts with each. Two birds of a nest share species and laying date, and their `Individual ID` differs in the last part only.",
    decided:
      "Species and body mass are asked. Counter, study name and remarks are withheld, rows are shuffled and get fresh ids. Nests are kept whole. An earlier version kept single ids apart, not nests: 65 of 103 test birds then had their mate in train, by whom the species could be looked up, always rightly; linear models scored 0.96 instead of 0.86.",
    seenBy: "`order-predicts-target` sees order and counters, `undeclared-group-on-both-sides` the mates.",
    holds: {
      "there are tasks": ({ tasks }) => tasks.length > 0,
      "no task shows counter, study name or remarks": (made) =>
        onAll(made, (task) => !columns(task).some((name) => /sample|study|comment/i.test(name))),
      "no nest is on both sides": (made) =>
        onAll(made, ({ train, test }) => [...nests(test)].every((nest) => !nests(train).has(nest))),
    },
  },
  {
    dataset: "fsdd-spoken-digits",
    trap: "Digit, speaker and take stand in the file name. There are six speakers.",
    decided:
      "The digit is asked, files are named by their fresh ids, the take is withheld. The speaker is told as a column: with six voices none can be hidden in a test of ten groups or more, so the question is one about known voices, as in the split that the authors publish.",
    seenBy:
      "`label-in-media` and `undeclared-group-on-both-sides` read names of files; `test-size-unsound` asks for ten groups.",
    holds: {
      "one task, of recordings": ({ tasks }) =>
        tasks.length === 1 && tasks[0]?.manifest.media?.kind === "audio",
      "names of files are numbers": (made) =>
        onAll(made, ({ train, test }) =>
          [train, test].every((table) => !/\b\d_[a-z]+_\d+\.wav/.test(table) && /\/\d+\.wav/.test(table)),
        ),
      "at most the speaker is told": (made) => onAll(made, (task) => columns(task).length <= 2),
    },
  },
  {
    dataset: "student-math-grades",
    trap: "The grades of the first two periods, G1 and G2, nearly determine the final one, G3. One of their cells holds an apostrophe. 395 rows.",
    decided:
      "G3 is asked without G1 and G2, and rejected: what is left tells too little for a test of this size to place solvers. With G1 the question is rejected too: G1 alone says all that the table says.",
    seenBy:
      "The survey's probes show the two grades; `ladder-unresolved` and `ladder-one-feature` judge what is left.",
    holds: {
      "no task is accepted": ({ tasks }) => tasks.length === 0,
      "for want of resolution": ({ rejectedBy }) => rejectedBy.includes("ladder-unresolved"),
    },
  },
  {
    dataset: "sms-spam",
    trap: "403 of 5,574 messages are exact copies of others; quotation marks mean nothing; there is no header.",
    decided:
      "Spam is asked. Copies are removed before the split; of what differs in case, spaces or punctuation only, less than 2 percent of the test is left.",
    seenBy: "`duplicates-across-sides` counts equal and edited texts.",
    holds: {
      "one task": ({ tasks }) => tasks.length === 1,
      "fewer rows than messages": (made) =>
        onAll(made, ({ manifest: { split } }) => split.sizes.train + split.sizes.test <= 5_574 - 403),
      "hardly an equal text on both sides": (made) =>
        onAll(
          made,
          (task) =>
            Number(measured(task, "duplicates-across-sides", `equal texts of ${columns(task)[0]}`)) <
            0.02 * task.manifest.split.sizes.test,
        ),
    },
  },
  {
    dataset: "indoor-movement-zip",
    trap: "314 series in an archive, in the order of their class. A table of paths determines the class, a table of environments groups the series.",
    decided:
      "The change of room is asked of the series alone. The path is withheld; the three environments are too few to hide one, and are mixed. Plain models tell the classes nearly always, so probabilities are asked for, judged by the log loss.",
    seenBy:
      "The survey finds that the path determines the label; `ladder-saturated` led to the other metric.",
    holds: {
      "one task, of series": ({ tasks }) => tasks.length === 1 && tasks[0]?.manifest.media?.kind === "series",
      "nothing but the series is told": (made) => onAll(made, (task) => columns(task).join() === "file"),
      "the log loss judges": (made) => onAll(made, ({ manifest }) => manifest.metric.name === "log_loss"),
    },
  },
  {
    dataset: "flights-200k",
    trap: "200,000 flights, of which distance and hour of departure are told: next to nothing of the delay.",
    decided: "Refused before a task is made: two columns are a table of means, whatever the number of rows.",
    seenBy: "The rules; a task made by hand would fall to `ladder-little-gain`.",
    holds: { "no task": ({ tasks, refused }) => tasks.length === 0 && refused !== null },
  },
  {
    dataset: "nab-known-cause",
    trap: "Seven unrelated series; what is anomalous stands in other files, as windows of time keyed by path, series that are absent among them.",
    decided:
      "Refused: the rules join no windows to rows, and what is left are a time and a value of which nothing is asked. A task was missed and none made up; a model, or a person, can label the rows.",
    seenBy: "The rules.",
    holds: { "no task": ({ tasks, refused }) => tasks.length === 0 && refused !== null },
  },
  {
    dataset: "tox21-toxicity",
    trap: "Twelve labels with many gaps, and molecules that are nearly the same: salts and mirror images.",
    decided:
      "All twelve are asked, gaps are not graded. Molecules that are equal but for counter-ions, charges and stereo marks are on one side; drawn row by row, 175 of 1,603 test molecules had such a twin in train.",
    seenBy: "`duplicates-across-sides` compares molecules.",
    holds: {
      "one task of twelve labels": ({ tasks }) =>
        tasks.length === 1 && tasks[0]?.manifest.target.columns.length === 12,
      "no molecule on both sides": (made) =>
        onAll(made, (task) => measured(task, "duplicates-across-sides", "equal molecules of smiles") === 0),
    },
  },
];

/** The text of `docs/known-traps.md`. */
export function trapsPage(): string {
  const sections = TRAPS.map(
    ({ dataset, trap, decided, seenBy, holds }) =>
      `## ${dataset}\n\n**The trap.** ${trap}\n\n**Decided.** ${decided}\n\n**Seen by.** ${seenBy}\n\nHeld by \`npm run traps\`: ${Object.keys(holds).join("; ")}.\n`,
  );
  return `# Known traps

Eight published datasets that are known to mislead, what the built-in rules make of them, and why. \`npm run traps -- <folder of datasets>\`
makes the tasks anew and says whether each decision still holds.

${sections.join("\n")}`;
}
