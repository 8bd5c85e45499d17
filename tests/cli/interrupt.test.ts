import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folders, onlyRun, smith, startSmith, summaryOf, tasksOf } from "../helpers/command-line.ts";
import { idea, review, specification } from "../helpers/house-answers.ts";
import { writeHouses } from "../helpers/houses.ts";
import { ScriptedModel } from "../helpers/scripted-model.ts";

const folders = new Folders();
let houses: string;
beforeAll(() => {
  houses = writeHouses(join(folders.make(), "houses"));
});
afterAll(() => folders.remove());

/** Parent and name of every process. */
function processes(): Map<number, { parent: number; started: string; name: string }> {
  const found = new Map<number, { parent: number; started: string; name: string }>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] !== "Z")
        found.set(Number(entry), { parent: Number(fields[1]), started: fields[19] ?? "", name });
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

/** All processes below one, as `pid name started` (a pid alone may be given anew). */
function descendants(root: number): string[] {
  const all = processes();
  const below = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [pid, { parent }] of all)
      if (!below.has(pid) && below.has(parent)) grown = Boolean(below.add(pid));
  }
  return [...below].flatMap((pid) =>
    all.has(pid) ? [`${pid} ${all.get(pid)?.name} ${all.get(pid)?.started}`] : [],
  );
}

const still = (known: string[]) => {
  const all = [...processes()].map(([pid, { name, started }]) => `${pid} ${name} ${started}`);
  return known.filter((process) => all.includes(process));
};

describe.each(["refactor", "execution"])("Ctrl-C during %s", (stage) => {
  test("ends with 130, leaves no process and no half-written file, and --resume completes", async () => {
    const out = folders.make();
    const { child, ended } = startSmith(["generate", houses, "--out", out, "--json"], { group: true });
    const group = child.pid ?? 0;
    // In the middle: a program runs in a sandbox for this stage.
    const isThere = () =>
      readdirSync(out).includes("runs") &&
      onlyRun(out).events.some((event) => event.event === "stage_started" && event.stage === stage);
    let tree: string[] = [];
    for (let tries = 0; tries < 3000; tries += 1) {
      tree = isThere() ? descendants(group) : [];
      if (tree.some((process) => process.includes("bwrap"))) break;
      await sleep(20);
    }
    expect(tree.join("\n")).toMatch(/bwrap/);
    process.kill(-group, "SIGINT");
    const { code, stdout, stderr } = await ended;
    expect(code, stderr).toBe(130);
    expect(summaryOf({ stdout }).datasets[0]).toMatchObject({ status: "stopped", tasks: [] });
    expect(still(tree)).toEqual([]);

    const run = onlyRun(out);
    expect(run.summary).toEqual(summaryOf({ stdout }));
    for (const line of readFileSync(join(run.folder, "events.jsonl"), "utf8").trimEnd().split("\n"))
      expect(() => JSON.parse(line)).not.toThrow();
    expect(run.events.at(-1)?.event).toBe("run_finished");
    expect(
      readdirSync(out, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".partial")),
    ).toEqual([]);
    expect(tasksOf(out)).toEqual([]);

    const resumed = await smith(["generate", "--resume", run.id, "--out", out, "--json"]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(summaryOf(resumed).funnel.accepted).toBeGreaterThan(0);
    expect(tasksOf(out)).toHaveLength(summaryOf(resumed).funnel.accepted);
    // What was finished was not done again.
    expect(
      onlyRun(out).events.filter((event) => event.event === "stage_finished" && event.stage === "survey"),
    ).toHaveLength(1);
  }, 300_000);
});

test("a task that was published before the interrupt is in the summary", async () => {
  const model = await ScriptedModel.start([
    {
      schema: "candidates",
      reply: {
        answer: { candidates: [idea(), idea("area", "Predict the area of a sold house")], reason: null },
      },
    },
    { schema: "design", reply: { answer: specification() } },
    { schema: "design", reply: { hang: true } },
    { schema: "review", reply: { answer: review() } },
  ]);
  try {
    const out = folders.make();
    const { child, ended } = startSmith(
      [
        "generate",
        houses,
        "--out",
        out,
        "--json",
        "--model",
        "scripted",
        "--tasks",
        "2",
        "--set",
        "models.solver=rules",
      ],
      { group: true, env: { OPENAI_API_KEY: "none-needed", OPENAI_BASE_URL: model.url } },
    );
    const published = () =>
      readdirSync(out).includes("runs") &&
      onlyRun(out).events.some(({ event, stage }) => event === "stage_finished" && stage === "publish");
    for (let tries = 0; tries < 3000 && !published(); tries += 1) await sleep(20);
    process.kill(-(child.pid ?? 0), "SIGINT");
    const { code, stdout, stderr } = await ended;
    expect(code, stderr).toBe(130);
    expect(tasksOf(out)).toHaveLength(1);
    expect(summaryOf({ stdout }).datasets[0]).toMatchObject({
      status: "stopped",
      tasks: [{ path: tasksOf(out)[0] }],
    });
    expect(summaryOf({ stdout }).funnel).toMatchObject({ accepted: 1 });
  } finally {
    await model.close();
  }
}, 120_000);
