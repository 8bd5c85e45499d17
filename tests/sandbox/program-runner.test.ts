import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { InfrastructureError, InterruptedError } from "../../core/errors.ts";
import { removeStore } from "../../core/store/folder-store.ts";
import { openStore } from "../../core/store.ts";
import type { Job, JobResult } from "../../sandbox/job.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import type { Program } from "../../sandbox/program.ts";
import { createProgramRunner } from "../../sandbox/program-runner.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type TestServices, testServices } from "../helpers/services.ts";

let services: TestServices;
let folder: string;

beforeAll(async () => {
  services = await testServices({ slots: 2 });
  folder = await mkdtemp(join(tmpdir(), "mle-smith-programs-"));
});
afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

const Answer = z.strictObject({ answer: z.number() });

function program(
  source: string,
  parts: Partial<Program<z.infer<typeof Answer>>> = {},
): Program<z.infer<typeof Answer>> {
  return {
    name: "test",
    argv: ["-S", "-c", source],
    packages: [],
    input: null,
    trees: {},
    limits: { wallMs: 20_000 },
    output: Answer,
    ...parts,
  };
}

const answering =
  "import json; json.dump({'answer': json.load(open('/job/input.json'))['n'] * 2}, open('/out/result.json', 'w'))";

/** Counts what reaches the sandbox. */
function counted(sandbox: Sandbox, answer?: (job: Job) => JobResult): Sandbox & { runs: number } {
  return {
    engine: "counted",
    runs: 0,
    run(job, options) {
      this.runs += 1;
      return answer ? Promise.resolve(answer(job)) : sandbox.run(job, options);
    },
    close: async () => undefined,
  };
}

describe("a program", () => {
  test("gets its input, its packages and its trees, and gives its output and files", async () => {
    const own = join(folder, "own_package");
    await mkdir(join(own, "__pycache__"), { recursive: true });
    await writeFile(join(own, "__init__.py"), "FACTOR = 3");
    await writeFile(
      join(own, "__main__.py"),
      "import json, pathlib, own_package\nfrom mledojo.metrics.base import CompetitionMetrics\nn = json.load(open('/job/input.json'))['n']\npathlib.Path('/out/extra.txt').write_text(pathlib.Path('/job/data/x.txt').read_text())\njson.dump({'answer': n * own_package.FACTOR}, open('/out/result.json', 'w'))",
    );
    await writeFile(join(own, "__pycache__", "junk.pyc"), "junk");
    const tree = await services.store.putFiles({ "x.txt": "from the tree" });
    const outcome = await services.programs.run(
      program("", { argv: ["-m", "own_package"], packages: [own], input: { n: 14 }, trees: { data: tree } }),
    );
    expect(outcome).toMatchObject({ ok: true, output: { answer: 42 }, result: { status: "ok" } });
    if (!outcome.ok) return;
    expect(await readFile(join(services.store.treePath(outcome.outputs), "extra.txt"), "utf8")).toBe(
      "from the tree",
    );
    // A changed package is another program.
    await writeFile(join(own, "__init__.py"), "FACTOR = 10");
    expect(
      await services.programs.run(
        program("", {
          argv: ["-m", "own_package"],
          packages: [own],
          input: { n: 14 },
          trees: { data: tree },
        }),
      ),
    ).toMatchObject({ ok: true, output: { answer: 140 } });
  });

  test("that fails says how in one line", async () => {
    const outcome = await services.programs.run(program("raise ValueError('a \\x1b[31m red\\nherring')"));
    expect(outcome).toMatchObject({ ok: false, result: { status: "nonzero_exit", exitCode: 1 } });
    expect(outcome.ok ? "" : outcome.reason).toBe("exit code 1: herring");
  });

  test.each([
    ["no result", "pass", /without writing/],
    ["no JSON", "open('/out/result.json', 'w').write('{')", /not JSON/],
    ["another shape", "open('/out/result.json', 'w').write('{\"answer\": \"x\"}')", /not as agreed: answer/],
    [
      "more than agreed",
      "open('/out/result.json', 'w').write('{\"answer\": 1, \"more\": 2}')",
      /not as agreed/,
    ],
    [
      "a link instead of a file",
      "import os; os.symlink('/job/input.json', '/out/result.json')",
      /without writing/,
    ],
    [
      "a folder instead of a file",
      "import os; os.makedirs('/out/result.json/x'); open('/out/result.json/x/y', 'w')",
      /without writing/,
    ],
  ])("that leaves %s is not ok", async (_name, source, reason) => {
    const outcome = await services.programs.run(program(source));
    expect(outcome.ok).toBe(false);
    expect(outcome.ok ? "" : outcome.reason).toMatch(reason);
  });

  test("that leaves a larger result than may be read is not ok", async () => {
    const small = createProgramRunner(services.sandbox, services.store, { maximumResultBytes: 100 });
    const outcome = await small.run(
      program("open('/out/result.json', 'w').write('{\"answer\": 1}' + ' ' * 200)"),
    );
    expect(outcome.ok ? "" : outcome.reason).toMatch(/more than the 100 allowed/);
  });

  test("is run once per store, also by another process's runner, and again for another input or limit", async () => {
    const sandbox = counted(services.sandbox);
    const first = await createProgramRunner(sandbox, services.store).run(
      program(answering, { input: { n: 1 } }),
    );
    const second = await createProgramRunner(sandbox, await openStore(services.store.folder)).run(
      program(answering, { input: { n: 1 } }),
    );
    expect(second).toEqual(first);
    expect(sandbox.runs).toBe(1);
    const runner = createProgramRunner(sandbox, services.store);
    expect(await runner.run(program(answering, { input: { n: 2 } }))).toMatchObject({
      ok: true,
      output: { answer: 4 },
    });
    await runner.run(program(answering, { input: { n: 1 }, limits: { wallMs: 19_000 } }));
    expect(sandbox.runs).toBe(3);
  });

  test("asked for twice at once is run once", async () => {
    const sandbox = counted(services.sandbox);
    const runner = createProgramRunner(sandbox, services.store);
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => runner.run(program(answering, { input: { n: 77 } }))),
    );
    expect(outcomes.map((outcome) => outcome.ok && outcome.output.answer)).toEqual([154, 154, 154]);
    expect(sandbox.runs).toBe(1);
  });

  test("whose kept outputs are gone is run again", async () => {
    const store = await openStore(join(folder, "store-with-a-hole"));
    const sandbox = await openSandbox({ store, slots: 1 });
    const runner = createProgramRunner(sandbox, store);
    const outcome = await runner.run(program(answering, { input: { n: 5 } }));
    if (!outcome.ok) throw new Error(outcome.reason);
    await removeStore(store.treePath(outcome.outputs));
    expect(await runner.run(program(answering, { input: { n: 5 } }))).toMatchObject({
      ok: true,
      output: { answer: 10 },
    });
    await sandbox.close();
    await removeStore(store.folder);
  });

  test("that was called off throws, and is not remembered as such", async () => {
    const stop = new AbortController();
    const source = `import time; time.sleep(0.5); ${answering}`;
    const running = services.programs.run(program(source, { input: { n: 9 } }), { signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    await expect(running).rejects.toThrow(InterruptedError);
    expect(await services.programs.run(program(source, { input: { n: 9 } }))).toMatchObject({
      ok: true,
      output: { answer: 18 },
    });
  });

  test("another's calling off does not end it", async () => {
    const stop = new AbortController();
    const source = `import time; time.sleep(0.4); ${answering}`;
    const first = services.programs
      .run(program(source, { input: { n: 11 } }), { signal: stop.signal })
      .catch((error: unknown) => error);
    const second = services.programs.run(program(source, { input: { n: 11 } }));
    setTimeout(() => stop.abort(), 150);
    expect(await first).toBeInstanceOf(InterruptedError);
    expect(await second).toMatchObject({ ok: true, output: { answer: 22 } });
  });

  test("is tried three times when the sandbox fails, then it is our fault", async () => {
    const facts = {
      id: "x",
      timings: { queuedMs: 0, runMs: 0 },
      stdout: "",
      stderr: "",
      stdoutTruncated: false,
      stderrTruncated: false,
      peakMemoryMb: null,
    };
    const failing = counted(services.sandbox, () => ({ status: "infra_error", message: "gone", ...facts }));
    await expect(createProgramRunner(failing, services.store).run(program("broken sandbox"))).rejects.toThrow(
      InfrastructureError,
    );
    expect(failing.runs).toBe(3);
  });
});

test("a store that only its owner may enter can be used all the same", async () => {
  const closed = join(folder, "closed");
  await mkdir(closed, { mode: 0o700 });
  const store = await openStore(join(closed, "store"));
  const sandbox = await openSandbox({ store, slots: 1 });
  const tree = await store.putFiles({ "x.txt": "seen" });
  // Containers of other tests come and go.
  const mounts = () =>
    execFileSync("cat", ["/proc/self/mounts"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => !/docker|overlay/.test(line));
  const before = mounts();
  const runner = createProgramRunner(sandbox, store);
  const outcome = await runner.run(
    program(
      "import json; json.dump({'answer': len(open('/job/data/x.txt').read())}, open('/out/result.json', 'w'))",
      { trees: { data: tree } },
    ),
  );
  expect(outcome).toMatchObject({ ok: true, output: { answer: 4 } });
  expect(mounts()).toEqual(before);
  await sandbox.close();
  await removeStore(store.folder);
});
