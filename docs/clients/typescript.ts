/**
 * Starts a run on a mle-smith server, shows what happens as it happens, and fetches the results.
 *
 *     npx tsx docs/clients/typescript.ts http://localhost:2024 penguins
 */
import { Client } from "@langchain/langgraph-sdk";

const [apiUrl = "http://localhost:2024", dataset = "penguins", tasks = "1"] = process.argv.slice(2);
const token = process.env.MLE_SMITH_API_TOKEN;
const client = new Client({
  apiUrl,
  ...(token ? { defaultHeaders: { Authorization: `Bearer ${token}` } } : {}),
});

// A thread keeps a run's state and history; the same input sent on it again goes on where it stands.
const { thread_id: thread } = await client.threads.create();
const stream = client.runs.stream(thread, "smith", {
  input: { dataset, tasks: Number(tasks) },
  streamMode: "custom",
  onDisconnect: "cancel", // whoever leaves ends the run and its jobs
});
for await (const { event, data } of stream) {
  if (event === "error") throw new Error(JSON.stringify(data));
  if (event !== "custom") continue;
  const { event: name, stage, candidate } = data as { event: string; stage?: string; candidate?: string };
  process.stdout.write(`${[name, stage, candidate].filter(Boolean).join(" ")}\n`);
}

const { values } = await client.threads.getState<{
  results: { status: string; id: string | null; path: string | null; title: string }[];
  refusal: { reason: string; help: string } | null;
}>(thread);
if (values.refusal) process.stdout.write(`refused: ${values.refusal.reason}\n`);
for (const { status, id, path, title } of values.results)
  process.stdout.write(`${status}: ${title}${id === null ? "" : ` → ${id} in ${path}`}\n`);
