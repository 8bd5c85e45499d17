import type { Client } from "@langchain/langgraph-sdk";

/**
 * Sends an input on a thread again, after the server had ended in the middle (kill -9, loss of power), and waits for its end.
 * What had finished is taken from the server's artefact store: no job is run twice, and the packages are the same.
 *
 * A development server keeps its threads in a file that is some seconds old: the thread may be gone, or may seem busy with a run
 * that nothing works on, and that is removed here. (A run that had not begun is begun by the new server: it is waited for.)
 */
export async function sendAgain(
  client: Client,
  thread: string,
  graph: string,
  input: Record<string, unknown>,
): Promise<unknown> {
  await client.threads.create({ threadId: thread, ifExists: "do_nothing" });
  for (const { run_id, status } of await client.runs.list(thread)) {
    if (status === "pending") await client.runs.join(thread, run_id);
    if (status === "running") await client.runs.delete(thread, run_id);
  }
  return client.runs.wait(thread, graph, { input });
}
