import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Observation } from "../../../task/environment/actions.ts";
import { TaskEnvironment } from "../../../task/environment/environment.ts";
import { mountPackage, openPackage } from "../../../verifiers/package.ts";
import { classificationPackage, regressionPackage } from "../../verifiers/helpers/base-packages.ts";
import { type Bench, openBench } from "../../verifiers/helpers/bench.ts";
import type { Draft } from "../../verifiers/helpers/draft.ts";
import { column, readTable } from "../../verifiers/helpers/draft.ts";

/** The environment in the real sandbox, with a real metric: what each action does, and what no action can reach. */
let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

async function open(draft: Draft = regressionPackage(), actions = 20): Promise<TaskEnvironment> {
  const task = await openPackage(await bench.save(draft));
  if (task.manifest === null) throw new Error(task.manifestProblem ?? "");
  const mounted = await mountPackage({ ...task, manifest: task.manifest }, bench.services);
  const { manifest, publicTree, privateTree } = mounted;
  const metricCode = mounted.texts.metric ?? "";
  return new TaskEnvironment({ manifest, publicTree, privateTree, metricCode }, bench.services, { actions });
}

const run = (environment: TaskEnvironment, code: string): Promise<Observation> =>
  environment.act({ action: "execute_code", code });

/** The mean of train for every test row, shifted. */
const mean = (shift = 0) => `import pandas as pd
train = pd.read_csv("/job/public/train.csv")
sample = pd.read_csv("/job/public/sample_submission.csv")
sample[sample.columns[1]] = train[sample.columns[1]].mean() + ${shift}
sample.to_csv("submission.csv", index=False)
print("rows", len(sample))
`;

describe("the five actions", () => {
  test("request_info tells what MLE-Dojo's tells", async () => {
    const draft = regressionPackage();
    const environment = await open(draft);
    const ask = async (
      info_type: "all" | "overview" | "sample_submission" | "data_structure" | "output_path",
    ) => (await environment.act({ action: "request_info", info_type })).feedback;
    expect(await ask("overview")).toBe(draft.files.get("description.md"));
    expect((await ask("sample_submission")).split("\n")).toEqual(
      String(draft.files.get("public/sample_submission.csv")).split("\n").slice(0, 4),
    );
    expect(await ask("data_structure")).toMatch(/train\.csv \(\d+ bytes\)/);
    expect(await ask("output_path")).toBe("/out/submission.csv");
    const all = await ask("all");
    for (const part of [
      "# name\n",
      "# overview\n",
      "# metadata\n",
      "lower is better",
      "# data_path\n/job/public",
    ])
      expect(all).toContain(part);
    expect(environment.actionsLeft).toBe(15);
    expect(all).toContain(await environment.tell(["metadata"]));
    expect(environment.actionsLeft).toBe(15);
  });

  test("validate_code is a dry run: it shows errors and output, scores nothing and leaves nothing behind", async () => {
    const environment = await open();
    const validate = (code: string) => environment.act({ action: "validate_code", code });
    expect(await validate("def broken(:\n")).toMatchObject({
      status: "FAILED",
      feedback: expect.stringMatching(/exit code 1[\s\S]*SyntaxError/),
    });
    const failed = await validate(
      "import pandas\nprint('so far')\npandas.read_csv('/job/public/none.csv')\n",
    );
    expect(failed.feedback).toMatch(/so far[\s\S]*line 3, in <module>[\s\S]*FileNotFoundError/);
    const dry = await validate(`open("kept.txt", "w").write("x")\n${mean()}`);
    expect(dry).toMatchObject({ status: "SUCCESS", score: null, best: null });
    expect(dry.feedback).toMatch(/rows 100[\s\S]*a dry run does not score it/);
    expect((await run(environment, 'import os; print(os.listdir("."))')).feedback).toContain("[]");
    expect(environment.best).toBeNull();
  });

  test("execute_code scores as the metric does, keeps the best, and carries files on", async () => {
    const draft = regressionPackage();
    const environment = await open(draft);
    const [target = ""] = draft.manifest.target.columns;
    const truth = column(readTable(draft, "private/test_answer.csv"), target).map(Number);
    const train = column(readTable(draft, "public/train.csv"), target).map(Number);
    const average = train.reduce((sum, value) => sum + value, 0) / train.length;
    const rmse = (guess: number) =>
      Math.sqrt(truth.reduce((sum, value) => sum + (value - guess) ** 2, 0) / truth.length);
    const first = await run(
      environment,
      `import pickle\npickle.dump(7, open("model.pkl", "wb"))\n${mean(5)}`,
    );
    expect(first.score).toBeCloseTo(rmse(average + 5), 6);
    const second = await run(
      environment,
      `import pickle\nprint(pickle.load(open("model.pkl", "rb")))\n${mean()}`,
    );
    expect(second.feedback).toMatch(/Output:\n7/);
    expect(second.score).toBeCloseTo(rmse(average), 6);
    const third = await run(environment, mean(9));
    expect(third.best).toBe(second.score);
    expect(environment.best?.score).toBe(second.score);
    // A submission is never that of an earlier run.
    expect(await run(environment, "print(1)")).toMatchObject({ status: "FAILED", score: null });
    const history = await environment.act({ action: "get_history" });
    expect(history.feedback.split("\n")).toEqual([
      `1. execute_code: SUCCESS, score ${first.score}`,
      `2. execute_code: SUCCESS, score ${second.score}`,
      `3. execute_code: SUCCESS, score ${third.score}`,
      expect.stringMatching(/^4\. execute_code: FAILED \(.*no submission\.csv/),
    ]);
  });

  test("what lies in folders is carried on too, and can be changed", async () => {
    const environment = await open();
    await run(
      environment,
      'import os\nos.makedirs("models/old")\nopen("models/old/note.txt", "w").write("first")\n',
    );
    const changed = await run(
      environment,
      'open("models/old/note.txt", "a").write(" second")\nopen("models/more.txt", "w").write("third")\n',
    );
    expect(changed.feedback).not.toContain("Error");
    const read = await run(
      environment,
      'import os\nprint(open("models/old/note.txt").read(), open("models/more.txt").read())\nos.remove("models/old/note.txt")\n',
    );
    expect(read.feedback).toContain("first second third");
  });

  test("a bad submission is refused in the metric's words", async () => {
    const environment = await open();
    const refused = await run(
      environment,
      `${mean()}sample.iloc[1:].to_csv("submission.csv", index=False)\n`,
    );
    expect(refused).toMatchObject({ status: "FAILED", score: null, best: null });
    expect(refused.feedback).toMatch(/refused: .*(missing|row)/i);
  });

  test("reset empties the work folder and the history, and gives no action back", async () => {
    const environment = await open(regressionPackage(), 4);
    await run(environment, `open("kept.txt", "w").write("x")\n${mean()}`);
    const kept = environment.best;
    expect(await environment.act({ action: "reset" })).toMatchObject({ best: null, actionsLeft: 2 });
    expect((await environment.act({ action: "get_history" })).feedback).toBe("No action was taken yet.");
    expect((await run(environment, 'import os; print(os.listdir("."))')).feedback).toContain("[]");
    expect(environment.best).toBe(kept);
    expect(await run(environment, mean())).toMatchObject({
      status: "FAILED",
      feedback: "No actions are left.",
    });
    expect(environment.steps).toHaveLength(4);
  });
});

describe("budgets", () => {
  const tight = (): Draft => {
    const draft = regressionPackage();
    draft.manifest.budget = { seconds: 3, memoryMb: 600, cpus: 1 };
    return draft;
  };

  test("the task's seconds bound all runs together", async () => {
    const environment = await open(tight());
    const ended = await run(environment, "import time\ntime.sleep(1.7)\n");
    expect(ended.feedback).toMatch(/\n[01] s of the budget are left/);
    expect((await run(environment, `import time\ntime.sleep(9)\n${mean()}`)).feedback).toMatch(
      /seconds of the task's budget/,
    );
    const started = performance.now();
    expect((await run(environment, mean())).feedback).toMatch(/All 3 seconds of the task's budget are used/);
    expect(performance.now() - started).toBeLessThan(500);
    expect(environment.best).toBeNull();
  });

  test("memory, output and the work folder are bounded, and the folder stays as it was", async () => {
    const draft = tight();
    draft.manifest.budget.seconds = 60;
    const environment = await open(draft);
    await run(environment, 'open("kept.txt", "w").write("kept")');
    expect(
      (
        await run(
          environment,
          "hoard = bytearray(1_500_000_000)\nhoard[::4096] = b'x' * len(hoard[::4096])\n",
        )
      ).status,
    ).toBe("FAILED");
    const big = await run(environment, 'open("big", "wb").write(b"x" * (300 * 1024 ** 2))');
    expect(big.status).toBe("FAILED");
    const talkative = await run(environment, 'for n in range(3000): print(n, "x" * 70)\n');
    expect(talkative.feedback.length).toBeLessThan(3000);
    expect(talkative.feedback).toMatch(/characters left out[\s\S]*2999 x/);
    expect((await run(environment, 'print(open("kept.txt").read())')).feedback).toContain("kept");
  });
});

/** Looks everywhere for the answers, the environment of whoever started it, and a way out; prints what it finds. */
const THEFT = `import glob, os, socket
found = []
for top in ("/job", "/private", "/data", "/home", "/root", "/mnt", "/tmp", "/var", "/etc", "/opt", "/srv", "/proc/1/root", "/run", "."):
    for folder, _, names in os.walk(top):
        if folder.startswith(("/opt/python", "/proc/1/root/opt/python", "/proc/1/root/proc", "/proc/1/root/sys")):
            continue
        for name in names:
            path = os.path.join(folder, name)
            if "answer" in name or "private" in path or name in ("units.csv", "metric.py", "task.json", "certificate.json"):
                found.append(path)
for guess in ("/job/private/test_answer.csv", "/job/public/../private/test_answer.csv", "/job/metric/metric.py"):
    try:
        found.append(open(guess).read())
    except OSError:
        pass
for path in glob.glob("/proc/*/environ") + glob.glob("/proc/*/cmdline"):
    try:
        text = open(path, "rb").read()
    except OSError:
        continue
    if b"KEY" in text or b"node" in text or b"TOKEN" in text:
        found.append(repr(text))
found += [name for name in os.environ if "KEY" in name or "TOKEN" in name or "OPENAI" in name]
for address in (("127.0.0.1", 80), ("192.0.2.1", 80), ("1.1.1.1", 53)):
    try:
        socket.create_connection(address, timeout=0.5)
        found.append(f"reached {address}")
    except OSError as error:
        if isinstance(error, TimeoutError):
            found.append(f"a way to {address}")
print("FOUND", found)
`;

describe("answers and secrets are out of reach", () => {
  test("code that looks for them finds nothing", async () => {
    process.env.OPENAI_API_KEY = "sk-must-not-be-seen";
    try {
      const environment = await open(classificationPackage());
      const { feedback } = await run(environment, THEFT);
      expect(feedback).toContain("FOUND []");
      // The same code, with something to find, would say so.
      const planted = await run(environment, `open("answers.txt", "w").write("x")\n${THEFT}`);
      expect(planted.feedback).toMatch(/FOUND \[.*answers\.txt/);
    } finally {
      delete process.env.OPENAI_API_KEY;
    }
  });

  test("a submission that is a link to where grading has the answers is no submission", async () => {
    const environment = await open();
    for (const [target, make] of [
      ["/job/private/test_answer.csv", "symlink"],
      ["../private/test_answer.csv", "symlink"],
    ] as const) {
      const linked = await run(environment, `import os\nos.${make}("${target}", "submission.csv")\n`);
      expect(linked).toMatchObject({ status: "FAILED", score: null });
      expect(linked.feedback).toMatch(/wrote no submission\.csv/);
    }
    // A linked folder does not lead there either.
    await run(environment, 'import os\nos.symlink("/job/private", "kept")\n');
    expect((await run(environment, 'import os\nprint(os.listdir("."))')).feedback).toContain("[]");
  });

  test("a forged result and an early exit score nothing", async () => {
    const environment = await open();
    const forged = await run(
      environment,
      'import json, os\njson.dump({"status": "scored", "score": 0.0}, open("result.json", "w"))\nprint("Score: 0.0")\nos._exit(0)\n',
    );
    expect(forged).toMatchObject({ status: "FAILED", score: null, best: null });
  });
});
