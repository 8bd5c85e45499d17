import { INTERRUPT, isInterrupted } from "@langchain/langgraph";
import { z } from "zod";
import type { RunEvent } from "../../core/events.ts";
import { PersonQuestion } from "../../graph/people/questions.ts";
import type { WorkingTime } from "./working-time.ts";

/** Somebody who answers what a run asks. */
export interface Person {
  /**
   * The answer that the graph is resumed with; one that is not taken is asked for again, with `error` set. Rejects with the
   * signal's reason when it aborts.
   */
  answer(question: PersonQuestion, about: { dataset: string; signal: AbortSignal }): Promise<unknown>;
}

/** What a graph's interrupts hold: an id to resume it by, and the question. */
const Pending = z.array(z.object({ id: z.string(), value: PersonQuestion }));

export interface AskingContext {
  person: Person;
  dataset: string;
  signal: AbortSignal;
  time: WorkingTime;
  emit(event: RunEvent): void;
}

/**
 * Resumes a graph with a person's answers (interrupt id → answer) until it asks no more, and returns what it ended with. One answer at a time:
 * each is in the checkpoints before the next is asked for, so a kill loses none.
 */
export async function answerAll<Values>(
  values: Values,
  resume: (answers: Record<string, unknown>) => Promise<Values>,
  { person, dataset, signal, time, emit }: AskingContext,
): Promise<Values> {
  let latest = values;
  while (isInterrupted(latest)) {
    const [pending] = Pending.parse(latest[INTERRUPT]);
    if (pending === undefined) break;
    const { id, value: question } = pending;
    const candidate = question.asks === "approve_task" ? { candidate: question.candidate } : {};
    emit({
      event: "person_asked",
      dataset,
      ...candidate,
      asked: question.asks,
      ...(question.error ? { error: question.error } : {}),
    });
    const answer = await time.waiting(() => person.answer(question, { dataset, signal }));
    latest = await resume({ [id]: answer });
  }
  return latest;
}
