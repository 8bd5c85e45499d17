import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@langchain/langgraph-sdk";

const root = join(import.meta.dirname, "../..");

/** A real `langgraphjs dev --no-browser`, on a free port, in a folder of its own that shows the repository. */
export interface DevServer {
  url: string;
  client: Client;
  /** Process of the group that all of the server's processes are in. */
  pid: number;
  /** Where it writes: `<out>/tasks`, `<out>/server/events.jsonl` … */
  out: string;
  /** Where its own state is: `.langgraph_api` lies in it. */
  folder: string;
  /** All that it has printed. */
  printed(): string;
  /** Ends the whole process group at once, as a power failure would. */
  kill(): Promise<void>;
}

/** Starts a server. The same folder again is the same server started anew. */
export async function startDevServer(
  folder: string,
  environment: Record<string, string> = {},
): Promise<DevServer> {
  showRepository(folder);
  const port = await freePort();
  const out = join(folder, "out");
  const log = join(folder, `server-${port}.log`);
  const output = openSync(log, "a");
  const child = spawn(
    process.execPath,
    [
      join(root, "node_modules/.bin/langgraphjs"),
      "dev",
      "--no-browser",
      "--no-reload",
      "--port",
      String(port),
    ],
    {
      cwd: folder,
      detached: true,
      stdio: ["ignore", output, output],
      env: {
        ...withoutSecrets(process.env),
        MLE_SMITH_OUT: out,
        MLE_SMITH_ENGINE: "bubblewrap",
        MLE_SMITH_DATA_ROOTS: join(folder, "data"),
        NO_COLOR: "1",
        ...environment,
      },
    },
  );
  closeSync(output);
  const pid = child.pid ?? 0;
  const url = `http://localhost:${port}`;
  const printed = () => readFileSync(log, "utf8");
  const server: DevServer = {
    url,
    pid,
    out,
    folder,
    printed,
    client: new Client({
      apiUrl: url,
      ...(environment.MLE_SMITH_API_TOKEN
        ? { defaultHeaders: { Authorization: `Bearer ${environment.MLE_SMITH_API_TOKEN}` } }
        : {}),
    }),
    kill: () => killGroup(child),
  };
  for (let tries = 0; !(await answers(url)); tries += 1) {
    if (child.exitCode !== null || tries > 240) {
      await server.kill();
      throw new Error(`the server did not start:\n${printed()}`);
    }
    await sleep(250);
  }
  return server;
}

/** `langgraph.json` as it is, and links to what it needs: a server leaves files beside it. */
function showRepository(folder: string): void {
  mkdirSync(join(folder, "data"), { recursive: true });
  if (existsSync(join(folder, "langgraph.json"))) return;
  cpSync(join(root, "langgraph.json"), join(folder, "langgraph.json"));
  for (const name of ["server", "node_modules", "package.json"])
    symlinkSync(join(root, name), join(folder, name));
}

function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, MLE_SMITH_API_TOKEN: _token, ...rest } = environment;
  return rest;
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/info`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function killGroup(child: ChildProcess): Promise<void> {
  try {
    process.kill(-(child.pid ?? 0), "SIGKILL");
  } catch {
    // It has ended.
  }
  while (child.exitCode === null && child.signalCode === null) await sleep(20);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
