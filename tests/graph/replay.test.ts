import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ReceivedRequest, Reply, Step } from "../helpers/scripted-model.ts";
import { type Played, ScriptedRuns } from "../helpers/scripted-runs.ts";

/**
 * Answers that a model gave to the requests of the bundled datasets, served to the whole graph again. They are matched
 * by what the request is about, by schema and by order, never by its text: prompts may change as long as each request
 * still holds what an answer needs and stays within its bounds.
 */
const root = join(import.meta.dirname, "../..");
const runs = new ScriptedRuns();

/** Prompt tokens (characters / 4, schema and tools included) of one request, and uncached of all per accepted task. */
const bounds = { request: 8_000, uncachedPerTask: 16_000 };

interface Recording {
  dataset: string;
  /** By folder of answers, what only requests about that candidate hold. */
  candidates: Record<string, RegExp>;
  /** By schema, what its requests must hold. */
  needs: Record<string, (string | RegExp)[]>;
}

/** The answers of one dataset as steps: the first request of a schema about a candidate gets that candidate's first answer. */
function stepsOf({ dataset, candidates, needs }: Recording): { steps: Step[]; left: () => string[] } {
  const folder = join(root, "tests/fixtures/model-answers", dataset);
  const queue = readdirSync(folder)
    .sort()
    .flatMap((about) =>
      readdirSync(join(folder, about))
        .sort()
        .map((name) => ({
          about,
          name,
          schema: name.replace(/^\d+-|\.json$/g, ""),
          reply: JSON.parse(readFileSync(join(folder, about, name), "utf8")) as Reply,
        })),
    );
  const steps = queue.map(({ schema }) => ({
    schema,
    expect: (request: ReceivedRequest) => {
      expect(tokens(request.text)).toBeLessThan(bounds.request);
      const said = textOf(request);
      for (const part of needs[schema] ?? []) expect(said).toMatch(part);
    },
    reply: (request: ReceivedRequest): Reply => {
      const at = queue.findIndex(
        (entry) => entry.schema === schema && (candidates[entry.about] ?? /^/).test(textOf(request)),
      );
      const [taken] = at < 0 ? [] : queue.splice(at, 1);
      return taken?.reply ?? { status: 418, message: `no answer for a request of ${schema}` };
    },
  }));
  return { steps, left: () => queue.map(({ about, name }) => `${about}/${name}`) };
}

async function replay(recording: Recording): Promise<Played> {
  const { steps, left } = stepsOf(recording);
  // The recordings are of the authors alone.
  const played = await runs.play(join(root, "examples", recording.dataset), steps, { tasks: 2 });
  expect(left()).toEqual([]);
  expect(uncached(played.requests) / played.summary.funnel.accepted).toBeLessThan(bounds.uncachedPerTask);
  return played;
}

/** What the model reads, without the instructions that every request of its role has. */
function textOf({ body }: ReceivedRequest): string {
  return body.messages
    .filter(({ role }) => role !== "system")
    .map(({ content }) => content ?? "")
    .join("\n");
}

function tokens(text: string): number {
  return text.length / 4;
}

/** Tokens that a prefix cache would not have: what follows the longest beginning shared with an earlier request. */
function uncached(requests: readonly ReceivedRequest[]): number {
  const earlier: string[] = [];
  let sum = 0;
  for (const { body } of requests) {
    const text = JSON.stringify([body.tools, body.response_format, body.messages]);
    sum += tokens(text.slice(Math.max(0, ...earlier.map((other) => shared(text, other)))));
    earlier.push(text);
  }
  return sum;
}

function shared(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

test("recorded answers on the penguins end in two accepted tasks, one of them mended after a review", async () => {
  const { tasks, summary, events, requests } = await replay({
    dataset: "penguins",
    candidates: {
      ideas: /^/,
      sex: /target: Sex\n|"columns":\["Sex"\]/,
      "body-mass": /target: Body Mass \(g\)\n|"columns":\["Body Mass \(g\)"\]/,
    },
    needs: {
      candidates: [
        "344 rows",
        /Sex \| category .*MALE \(168\), FEMALE \(165\)/,
        /Body Mass \(g\) 0\.\d\d \| Flipper Length/,
        "given away",
        "Propose at most 2 tasks.",
      ],
      design: [
        "344 rows",
        "Individual ID",
        /predictable from the other columns[^\n]*\n(Sex|Body Mass)/,
        "data use: ",
        "Other tasks of this dataset",
      ],
      review: [
        "## Submission format",
        /^withheld: .*Individual ID/m,
        "first lines of public/train.csv",
        "feature-nearly-determines-target: pass",
        "Other tasks of this dataset",
      ],
    },
  });
  expect(summary.datasets[0]).toMatchObject({ status: "accepted", rejected: [] });
  expect(summary.datasets[0]?.tasks.map(({ objective, metric }) => `${objective} ${metric}`).sort()).toEqual([
    "binary_classification log_loss",
    "regression rmse",
  ]);
  expect(tasks).toHaveLength(2);
  const mended = requests.filter(
    (request) => request.schema === "design" && textOf(request).includes("review-objection (major)"),
  );
  expect(mended).toHaveLength(1);
  expect(mended.map(textOf).join()).toMatch(/Withhold Delta 15 N[\s\S]*Design this task\.$/);
  expect(
    events.filter(({ event }) => event === "defects_found").map(({ attempt, blame }) => [attempt, blame]),
  ).toEqual([[1, "designer"]]);
}, 300_000);

test("recorded answers on a music shop's tables end in an accepted task with whole albums kept apart", async () => {
  const { tasks, summary, requests } = await replay({
    dataset: "chinook",
    candidates: { ideas: /^/, genre: /target: genre\.Name\n|"columns":\["genre"\]/ },
    needs: {
      candidates: [
        "Chinook music store",
        /joined: Track with Album on AlbumId/,
        /view Invoice: relational, 412 rows/,
        /genre\.Name \| category .*Rock \(1297\)/,
        /genre\.Name 0\.\d\d \(GenreId\)/,
      ],
      design: [/^view Track: relational/m, /rows come in groups .*AlbumId \(347 of 11\)/, /copies: GenreId/],
      review: [
        "Rows come in groups (those that share `AlbumId`) that are kept whole",
        /^withheld: .*GenreId/m,
        "MIT",
      ],
    },
  });
  expect(summary.datasets[0]).toMatchObject({ status: "accepted", rejected: [] });
  const [task] = summary.datasets[0]?.tasks ?? [];
  expect(task).toMatchObject({ objective: "multiclass_classification", metric: "macro_f1" });
  expect(tasks).toHaveLength(1);
  // The result of the one look that the model took came back to it.
  expect(
    requests
      .filter((request) => request.schema === "candidates")
      .map((request) =>
        /result of run_python[\s\S]*genre, new artists, macro f1 0\.\d/.test(textOf(request)),
      ),
  ).toEqual([false, true]);
}, 300_000);
