import { expect, test } from "vitest";
import { assistantProblem, dropHeaders, runProblem } from "../../server/requests.ts";

const input = { dataset: "houses" };

test.each([
  ["an input", { assistant_id: "smith", kwargs: { input } }],
  [
    "no input: the thread goes on",
    { assistant_id: "smith", kwargs: { input: null, config: null, context: null } },
  ],
  ["an answer to a question", { assistant_id: "smith", kwargs: { command: { resume: {} } } }],
  [
    "an answer as some clients send it",
    { assistant_id: "smith", kwargs: { command: { resume: "yes", update: null, goto: null } } },
  ],
  [
    "what a server adds by itself",
    {
      assistant_id: "smith",
      kwargs: {
        input,
        context: {},
        config: {
          configurable: { thread_id: "1", checkpoint_id: "2", langgraph_auth_user: {}, __request: 1 },
        },
      },
    },
  ],
  ["a formulation", { assistant_id: "task", kwargs: { input: { ...input, target: "price" } } }],
  [
    "a formulation for an assistant that somebody made",
    { assistant_id: "7", kwargs: { input: { ...input, target: "price" } } },
  ],
])("a run with %s may be asked for", (_what, value) => {
  expect(runProblem(value)).toBeNull();
});

test.each([
  [
    "a formulation for the whole",
    { assistant_id: "smith", kwargs: { input: { ...input, target: "price" } } },
    /"target"/,
  ],
  ["no target for one candidate", { assistant_id: "task", kwargs: { input } }, /target/],
  [
    "a key among what is configured",
    { kwargs: { input, config: { configurable: { openai_api_key: "sk-1" } } } },
    /"openai_api_key"/,
  ],
  ["a context", { kwargs: { input, context: { model: "x" } } }, /"model"/],
  [
    "a way to a node, with a state for it",
    { kwargs: { command: { goto: [{ node: "brainstorm", input: { opened: { raw: "sk-1" } } }] } } },
    /neither change the state nor choose the node/,
  ],
  ["a change of the state", { kwargs: { command: { update: { cost: 0 } } } }, /neither change the state/],
  ["nothing that is a run", {}, /not one for a run/],
])("a run with %s is refused, without what was given", (_what, value, reason) => {
  expect(runProblem(value)).toMatch(reason);
  expect(runProblem(value)).not.toContain("sk-1");
});

test("an assistant may carry a name, and nothing that configures", () => {
  expect(assistantProblem({ graph_id: "smith", name: "mine" })).toBeNull();
  expect(assistantProblem({ graph_id: "smith", config: { configurable: { baseUrl: "x" } } })).toMatch(
    /"baseUrl"/,
  );
});

test("headers of a request are not kept with its thread", () => {
  const value = {
    kwargs: {
      input,
      config: {
        configurable: { "x-forwarded-for": "1", "x-openai-key": "sk-1", "user-agent": "a", thread_id: "1" },
      },
    },
  };
  dropHeaders(value);
  expect(value.kwargs.config.configurable).toEqual({ thread_id: "1" });
  expect(runProblem(value)).toBeNull();
});
