import { interrupt } from "@langchain/langgraph";
import { z } from "zod";
import type { CandidatesQuestion, TaskQuestion } from "./questions.ts";

/** What becomes of an answer: a value, or what is wrong with it. */
export type Judged<Value> = { ok: true; value: Value } | { ok: false; errors: string[] };

/** A question before the answers that are taken are put to it. */
type Asked = Omit<CandidatesQuestion, "answer" | "error"> | Omit<TaskQuestion, "answer" | "error">;

/**
 * Puts a question to a person and returns the judged answer. The graph stops here until it is resumed; a wrong answer is
 * refused by asking again with the error beside the schema, so that nothing is lost. Whatever stands before the call runs
 * again with every answer: it must be cheap and without effects.
 */
export function ask<Answer, Value>(
  asked: Asked,
  schema: z.ZodType<Answer>,
  judge: (answer: Answer) => Judged<Value>,
): Value {
  const answers = { answer: z.toJSONSchema(schema, { io: "input" }) };
  let error: string | undefined;
  for (;;) {
    const given: unknown = interrupt({ ...asked, ...answers, ...(error === undefined ? {} : { error }) });
    const parsed = schema.safeParse(given);
    if (!parsed.success) {
      error = `the answer is not taken: ${issueText(parsed.error)}; see the schema in \`answer\``;
      continue;
    }
    const judged = judge(parsed.data);
    if (judged.ok) return judged.value;
    error = `the answer is not taken: ${judged.errors.join("; ")}`;
  }
}

/** The first issues of an error, each with where it is. */
function issueText(error: z.ZodError): string {
  const texts = error.issues.slice(0, 5).map(({ path, message }) => {
    const at = path.map(String).join(".");
    return `${at === "" ? "" : `${at}: `}${message}`;
  });
  return texts.join("; ").slice(0, 600);
}
