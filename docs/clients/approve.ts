/**
 * A run that asks before it publishes: starts it, shows each question, approves, and fetches the results.
 *
 *     npx tsx docs/clients/approve.ts http://localhost:2024 penguins
 */
import { Client } from "@langchain/langgraph-sdk";

const [apiUrl = "http://localhost:2024", dataset = "penguins", tasks = "1"] = process.argv.slice(2);
const token = process.env.MLE_SMITH_API_TOKEN;
const client = new Client({
  apiUrl,
  ...(token ? { defaultHeaders: { Authorization: `Bearer ${token}` } } : {}),
});

interface Question {
  asks: string;
  question: string;
  candidate: string;
}

/** What the thread waits for: questions by the ids that answers go to. */
async function questionsOf(thread: string): Promise<[id: string, Question][]> {
  const state = await client.threads.getState(thread);
  return state.tasks.flatMap(({ interrupts }) =>
    interrupts.map(({ id, value }): [string, Question] => [String(id), value as Question]),
  );
}

const { thread_id: thread } = await client.threads.create();
const input = { dataset, tasks: Number(tasks), approveTasks: true };
await client.runs.wait(thread, "smith", { input });
for (let asked = await questionsOf(thread); asked.length > 0; asked = await questionsOf(thread)) {
  for (const [, { asks, candidate, question }] of asked)
    process.stdout.write(`${asks} ${candidate}: ${question}\n`);
  // Or { decision: "reject", candidate, reason }, or { decision: "send_back", candidate, remark }.
  const answers = asked.map(([id, { candidate }]) => [id, { decision: "approve", candidate }] as const);
  await client.runs.wait(thread, "smith", { command: { resume: Object.fromEntries(answers) } });
}

const { values } = await client.threads.getState<{ results: { status: string; path: string | null }[] }>(
  thread,
);
for (const { status, path } of values.results) process.stdout.write(`${status}: ${path ?? ""}\n`);
