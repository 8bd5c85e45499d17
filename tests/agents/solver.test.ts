import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ModelClient } from "../../agents/model/client.ts";
import { modelPlayers } from "../../agents/model/players.ts";
import { Budget } from "../../core/budget.ts";
import { ModelError } from "../../core/errors.ts";
import type { Executed } from "../../verifiers/execution/execute.ts";
import { runLadder } from "../../verifiers/verify.ts";
import { type Reply, ScriptedModel, type Step } from "../helpers/scripted-model.ts";
import { classificationPackage } from "../verifiers/helpers/base-packages.ts";
import { type Bench, failedChecks, openBench } from "../verifiers/helpers/bench.ts";

/** The coding agent over the wire, in the real environment and sandbox, on one sound task. */
let bench: Bench;
let folder: string;
let server: ScriptedModel | undefined;
beforeAll(async () => {
  bench = await openBench();
  folder = await bench.save(classificationPackage());
});
afterAll(() => bench.close());
afterEach(async () => {
  const closing = server;
  server = undefined;
  await closing?.close();
});

async function play(steps: (Step | Reply)[], actions = 4): Promise<Executed> {
  server = await ScriptedModel.start(steps);
  const client = new ModelClient({
    models: { brainstormer: "m", designer: "m", refactor: "m", reviewer: "m", solver: "m" },
    baseUrl: server.url,
    environment: { OPENAI_API_KEY: "sk-never-to-be-seen-inside" },
    budget: new Budget({ maxCost: null, timeLimit: null, prices: {} }),
    retry: { attempts: 1, timeoutMs: 5000 },
  });
  const agent = modelPlayers(client, { noValues: false, actions, spent: () => 0 }).solver({
    ...bench.services,
    emit: () => {},
    signal: new AbortController().signal,
  });
  return await runLadder(folder, bench.services, { agent });
}

const call = (name: string, args: object | string): Reply => ({ calls: [{ name, arguments: args }] });
const execute = (code: string): Reply => call("execute_code", { code });
const done: Reply = { answer: { approach: "whatever works" } };

const read = `import pandas as pd
train, test, sample = (pd.read_csv(f"/job/public/{name}.csv") for name in ("train", "test", "sample_submission"))
target = sample.columns[1]
`;
const honest = `${read}from sklearn.ensemble import RandomForestClassifier
numbers = [name for name in test.select_dtypes("number").columns if name != "id"]
model = RandomForestClassifier(200, random_state=0).fit(train[numbers], train[target])
pd.DataFrame({"id": test["id"], target: model.predict(test[numbers])}).to_csv("submission.csv", index=False)
`;
const commonest = `${read}sample[target] = train[target].mode()[0]
sample.to_csv("submission.csv", index=False)
`;

/** What the last request says the environment answered. */
function observed(): string {
  const last = server?.requests.at(-1)?.body.messages.filter(({ role }) => role === "tool") ?? [];
  return last.map(({ content }) => content).join("\n");
}

describe("what the agent's play comes to", () => {
  test("a model of the features passes, and its best counts, not its last", async () => {
    const { records, ladder, agent } = await play([
      call("request_info", { info_type: "data_structure" }),
      execute(honest),
      execute(commonest),
      done,
    ]);
    expect(failedChecks(records)).toEqual([]);
    expect(agent?.steps.map(({ action, status }) => `${action} ${status}`)).toEqual([
      "request_info SUCCESS",
      "execute_code SUCCESS",
      "execute_code SUCCESS",
    ]);
    const best = Math.max(...(agent?.steps ?? []).map(({ score }) => score ?? 0));
    expect(ladder.at(-1)).toMatchObject({ name: "agent", score: best, model: "m: whatever works" });
    expect(observed()).toMatch(/Best so far: 0\.\d+[\s\S]*Actions left: 1/);
  });

  test("the commonest class, however often, does not", async () => {
    const { records } = await play([execute(commonest), execute(`${commonest}# again`), done]);
    expect(failedChecks(records)).toEqual(["solver-agent-trivial"]);
  });

  test("no valid submission is a defect with what went wrong in it", async () => {
    const { records } = await play([
      execute("import torch\n"),
      execute(`${commonest}sample.iloc[1:].to_csv("submission.csv", index=False)\n`),
      execute("print('nothing')"),
      execute("1 / 0"),
      done,
    ]);
    const defect = records.find(({ check }) => check === "solver-agent-trivial")?.defects[0];
    expect(defect).toMatchObject({ blame: "designer" });
    expect(defect?.evidence).toMatch(
      /4 of 4 actions; no submission was scored; failed: .*refused.*ZeroDivisionError/,
    );
  });

  test("a perfect score is held against the task", async () => {
    const answers = classificationPackage().files.get("private/test_answer.csv");
    const { records } = await play([
      execute(`open("submission.csv", "w").write(${JSON.stringify(answers)})\n`),
      done,
    ]);
    expect(failedChecks(records)).toEqual(["solver-agent-perfect"]);
    expect(records.find(({ check }) => check === "solver-agent-perfect")?.defects[0]?.evidence).toMatch(
      /perfect is 1\. In its words: whatever works/,
    );
  });
});

describe("what a model may do wrong", () => {
  test("arguments that do not fit, unknown tools and text in their place take no action", async () => {
    const { agent, records } = await play([
      call("execute_code", "{not json"),
      call("execute_code", { source: "print(1)" }),
      call("shell", { command: "cat /private/test_answer.csv" }),
      { answer: "here is my plan" },
      execute(honest),
      done,
    ]);
    expect(agent?.steps).toHaveLength(1);
    expect(failedChecks(records)).toEqual([]);
    expect(observed()).toMatch(/are not JSON[\s\S]*do not fit[\s\S]*there is no tool shell/);
  });

  test("one that stops before it has a score is asked to go on", async () => {
    const { agent } = await play([execute("print(1)"), done, execute(honest), done]);
    expect(agent?.steps).toHaveLength(2);
    expect(server?.requests[2]?.text).toContain("nothing has a score yet, and 3 actions are left");
  });

  test("actions are counted by the environment, in one round or in many", async () => {
    const many: Reply = {
      calls: Array.from({ length: 6 }, (_, number) => ({
        name: "execute_code",
        arguments: { code: `${number < 4 ? commonest : honest}# ${number}` },
      })),
    };
    const { agent, records } = await play([many, done]);
    expect(agent?.steps).toHaveLength(4);
    expect(failedChecks(records)).toEqual(["solver-agent-trivial"]);
  });

  test("one that declines, or only talks, has not played: no verdict", async () => {
    await expect(play([{ refusal: "I do not take part in competitions" }])).rejects.toThrow(
      /ran no code.*declined/,
    );
    await server?.close();
    const talk: Reply = { answer: { approach: "I would use boosted trees" } };
    await expect(play([talk, talk, talk])).rejects.toBeInstanceOf(ModelError);
  });

  test("one whose endpoint ends amid the play gives no verdict", async () => {
    await expect(play([execute(honest), { status: 401, message: "key revoked" }])).rejects.toBeInstanceOf(
      ModelError,
    );
  });
});

test("one that looks for the answers, the key and a way out finds nothing, and is judged by what it submits", async () => {
  const theft = `import os, socket, urllib.request
found = {}
for folder, _, names in os.walk("/"):
    if folder.startswith(("/proc", "/sys", "/opt/python", "/usr")):
        continue
    for name in names:
        if "answer" in name or name in ("metric.py", "task.json", "certificate.json", "prepare.py"):
            found[name] = os.path.join(folder, name)
for process in filter(str.isdigit, os.listdir("/proc")):
    for part in ("environ", "cmdline"):
        try:
            text = open(f"/proc/{process}/{part}", "rb").read()
        except OSError:
            continue
        if b"sk-" b"never" in text or b"OPENAI" in text or b"vitest" in text:
            found[part] = text
found.update({name: value for name, value in os.environ.items() if "KEY" in name or "OPENAI" in name})
for address in (("127.0.0.1", PORT), ("10.0.2.2", 80), ("1.1.1.1", 443)):
    try:
        socket.create_connection(address, timeout=0.5)
        found[str(address)] = "reached"
    except OSError as error:
        if isinstance(error, TimeoutError):
            found[str(address)] = "a way out"
print("FOUND", found)
for target in ("/job/private/test_answer.csv", "/proc/1/root/job/private/test_answer.csv"):
    if os.path.lexists("submission.csv"):
        os.remove("submission.csv")
    os.symlink(target, "submission.csv")
`;
  const steps: Step[] = [
    {
      reply: ({ headers }) => execute(theft.replace("PORT", String(headers.host).split(":")[1] ?? "80")),
    },
    {
      // What came back: nothing found, and no submission from where the answers would lie while grading.
      expect: ({ text }) => {
        expect(text).toContain("FOUND {}");
        expect(text).toContain("wrote no submission.csv");
        expect(text).not.toContain("sk-never");
      },
      reply: execute(commonest),
    },
    { reply: done },
  ];
  const { records } = await play(steps);
  expect(failedChecks(records)).toEqual(["solver-agent-trivial"]);
});
