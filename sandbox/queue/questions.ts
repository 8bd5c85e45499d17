import { ForbiddenError, UnansweredError } from "./queue-errors.ts";

interface Question<Answer> {
  subject: string;
  /** `performance.now()` at which it counts as unanswered. */
  deadline: number;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * Questions on their way, by the last part of the subject to which their answers come. The client's own has a timer and two
 * promises for each, which at thousands a second is most of what a job costs.
 */
export class Questions<Answer> {
  readonly #open = new Map<string, Question<Answer>>();
  #counter = 0;
  #sweep: NodeJS.Timeout | undefined;

  /** @param send sends the question, whose answer has to come under `token`. */
  ask(subject: string, timeoutMs: number, send: (token: string) => void): Promise<Answer> {
    this.#counter += 1;
    const token = this.#counter.toString(36);
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#open.set(token, { subject, deadline: performance.now() + timeoutMs, resolve, reject });
    });
    if (this.#sweep === undefined) {
      this.#sweep = setInterval(() => this.#giveUp(), 100);
    }
    try {
      send(token);
    } catch (error) {
      this.#take(token)?.reject(error instanceof Error ? error : new Error(String(error)));
    }
    return answer;
  }

  /** An answer has come; late ones are dropped. */
  answer(token: string, answer: Answer, nobodyListens: boolean): void {
    const question = this.#take(token);
    if (question === undefined) return;
    if (nobodyListens)
      question.reject(
        new UnansweredError(`no answer to ${question.subject}: nobody listens`, { nobodyListens: true }),
      );
    else question.resolve(answer);
  }

  /** The server refused to take messages on a subject: all questions there are refused. */
  refuse(subject: string): void {
    for (const [token, question] of this.#open)
      if (question.subject === subject)
        this.#take(token)?.reject(
          new ForbiddenError(`The NATS server does not allow this user ${subject}`, {
            hint: "use the credentials of the right role: `mle-smith queue init` writes one file for each",
          }),
        );
  }

  /** The connection was lost: no answer will come to what was asked on it. */
  lose(): void {
    for (const [token, { subject }] of this.#open)
      this.#take(token)?.reject(new UnansweredError(`no answer to ${subject}: the connection was lost`));
  }

  #giveUp(): void {
    const now = performance.now();
    for (const [token, { subject, deadline }] of this.#open)
      if (deadline < now) this.#take(token)?.reject(new UnansweredError(`no answer to ${subject} in time`));
  }

  #take(token: string): Question<Answer> | undefined {
    const question = this.#open.get(token);
    this.#open.delete(token);
    if (this.#open.size === 0) {
      clearInterval(this.#sweep);
      this.#sweep = undefined;
    }
    return question;
  }
}
