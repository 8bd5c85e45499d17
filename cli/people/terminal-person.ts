import { basename } from "node:path";
import type { PersonQuestion } from "../../graph/people/questions.ts";
import { paint, plain } from "../terminal.ts";
import { askCandidates, type CandidateDraft } from "./ask-candidates.ts";
import { askTask } from "./ask-task.ts";
import { type Terminal, terminalDialogue } from "./dialogue.ts";
import type { Person } from "./person.ts";

/** The person at this terminal. However many datasets ask at once, one question stands there at a time. */
export class TerminalPerson implements Person {
  readonly #terminal: Terminal;
  readonly #screen: { pause(): void; resume(): void };
  /** Choices under way, by dataset: a refused answer is mended, not typed again. */
  readonly #drafts = new Map<string, CandidateDraft>();
  #turn: Promise<unknown> = Promise.resolve();

  /** @param screen what else writes to the terminal, and is silent while a question is asked. */
  constructor(terminal: Terminal, screen: { pause(): void; resume(): void }) {
    this.#terminal = terminal;
    this.#screen = screen;
  }

  answer(question: PersonQuestion, about: { dataset: string; signal: AbortSignal }): Promise<unknown> {
    const turn = this.#turn.then(() => this.#ask(question, about));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #ask(question: PersonQuestion, { dataset, signal }: { dataset: string; signal: AbortSignal }) {
    signal.throwIfAborted();
    const { output, interrupt } = this.#terminal;
    const dialogue = terminalDialogue(this.#terminal, signal);
    const stop = (): never => {
      interrupt();
      throw signal.reason;
    };
    this.#screen.pause();
    try {
      const about = question.asks === "approve_task" ? ` · ${plain(question.candidate, 60)}` : "";
      dialogue.say(`\n${paint(output, "bold", `── ${plain(basename(dataset), 60)}${about} ──`)}`);
      if (question.error !== undefined)
        dialogue.say(`${paint(output, "red", "✗")} ${plain(question.error, 800)}`);
      if (question.asks === "approve_task") return await askTask(question, dialogue, stop);
      const draft: CandidateDraft =
        (question.error === undefined ? undefined : this.#drafts.get(dataset)) ?? new Map();
      this.#drafts.set(dataset, draft);
      return await askCandidates(question, draft, dialogue, stop);
    } finally {
      this.#screen.resume();
    }
  }
}
