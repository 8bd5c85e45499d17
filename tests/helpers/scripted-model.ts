import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came over the wire. */
export interface ReceivedRequest {
  headers: IncomingMessage["headers"];
  body: {
    model: string;
    messages: {
      role: string;
      content: string | null;
      tool_calls?: { id: string; function: { name: string; arguments: string } }[];
    }[];
    tools?: { function: { name: string } }[];
    tool_choice?: string;
    response_format?: { type: string; json_schema: { name: string; schema: object } };
    [field: string]: unknown;
  };
  /** Name of the answer's schema, which tells the role. */
  schema: string;
  /** All text of the request, for searching. */
  text: string;
}

export type Usage = { prompt: number; cached?: number; output: number; reasoning?: number };

/** One scripted answer or fault. */
export type Reply =
  /** A JSON answer (an object) or any text. */
  | { answer: object | string; usage?: Usage; finish?: "stop" | "length" }
  | { calls: { name: string; arguments: object | string }[]; usage?: Usage }
  | { refusal: string }
  | { status: number; message?: string; code?: string; retryAfter?: number | string }
  /** 200 with a page of HTML. */
  | { html: string; status?: number }
  /** Never answers. */
  | { hang: true }
  /** Sends headers and half of a body, then cuts the connection. */
  | { cut: true }
  /** Closes the connection without a byte. */
  | { reset: true }
  /** 200 without a `usage`. */
  | { unmetered: object };

/** A step: what it takes and how it answers. */
export interface Step {
  /** Only a request whose answer schema has this name is taken; any when not given. */
  schema?: string;
  /** Throws (or returns false) when the request is not as it should be. */
  expect?: (request: ReceivedRequest) => unknown;
  reply: Reply | ((request: ReceivedRequest) => Reply);
}

/**
 * A model behind real HTTP that answers by a script, in order (per schema, where steps name one). An unexpected
 * request gets status 418, which ends the run, and makes `close` throw, as does a step that was not used.
 */
export class ScriptedModel {
  readonly requests: ReceivedRequest[] = [];
  readonly #steps: Step[];
  readonly #server: Server;
  readonly #problems: string[] = [];

  private constructor(steps: Step[]) {
    this.#steps = [...steps];
    this.#server = createServer((request, response) => this.#take(request, response));
  }

  static async start(steps: (Step | Reply)[]): Promise<ScriptedModel> {
    const model = new ScriptedModel(steps.map((step) => ("reply" in step ? step : { reply: step })));
    await new Promise<void>((resolve) => model.#server.listen(0, "127.0.0.1", resolve));
    return model;
  }

  /** For OPENAI_BASE_URL. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v1`;
  }

  /** Stops the server. Throws when a request was unexpected or a step was left. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const left = this.#steps.length === 0 ? [] : [`${this.#steps.length} steps were not used`];
    const problems = [...this.#problems, ...left];
    if (problems.length > 0) throw new Error(`scripted model: ${problems.join("; ")}`);
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const body = JSON.parse(text) as ReceivedRequest["body"];
      const schema = body.response_format?.json_schema.name ?? "";
      const received = { headers: request.headers, body, schema, text };
      this.requests.push(received);
      const at = this.#steps.findIndex((step) => step.schema === undefined || step.schema === schema);
      const step = at < 0 ? undefined : this.#steps.splice(at, 1)[0];
      if (step === undefined || !request.url?.endsWith("/chat/completions")) {
        return this.#complain(
          response,
          `unexpected request ${this.requests.length} (${request.url}, schema ${schema})`,
        );
      }
      try {
        if (step.expect?.(received) === false) throw new Error("the request is not as expected");
      } catch (error) {
        return this.#complain(
          response,
          `request ${this.requests.length}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      const reply = typeof step.reply === "function" ? step.reply(received) : step.reply;
      send(response, reply, received, this.requests.length);
    });
  }

  #complain(response: ServerResponse, problem: string): void {
    this.#problems.push(problem);
    json(response, 418, { error: { message: `scripted model: ${problem}`, type: "script" } });
  }
}

function send(response: ServerResponse, reply: Reply, request: ReceivedRequest, number: number): void {
  if ("hang" in reply) return;
  if ("reset" in reply) {
    response.socket?.destroy();
    return;
  }
  if ("cut" in reply) {
    response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
    response.write('{"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"mess');
    setTimeout(() => response.socket?.destroy(), 20);
    return;
  }
  if ("html" in reply) {
    response.writeHead(reply.status ?? 200, { "content-type": "text/html" });
    response.end(reply.html);
    return;
  }
  if ("status" in reply) {
    const headers: Record<string, string> =
      reply.retryAfter === undefined ? {} : { "retry-after": String(reply.retryAfter) };
    json(
      response,
      reply.status,
      { error: { message: reply.message ?? "fault", type: "scripted", code: reply.code ?? null } },
      headers,
    );
    return;
  }
  const message: Record<string, unknown> = { role: "assistant", content: null };
  let finish = "stop";
  if ("refusal" in reply) message.refusal = reply.refusal;
  if ("unmetered" in reply) message.content = JSON.stringify(reply.unmetered);
  if ("answer" in reply) {
    message.content = typeof reply.answer === "string" ? reply.answer : JSON.stringify(reply.answer);
    finish = reply.finish ?? "stop";
  }
  if ("calls" in reply) {
    finish = "tool_calls";
    message.tool_calls = reply.calls.map((call, at) => ({
      id: `call_${number}_${at}`,
      type: "function",
      function: {
        name: call.name,
        arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
      },
    }));
  }
  const usage =
    "usage" in reply && reply.usage
      ? reply.usage
      : { prompt: Math.ceil(request.text.length / 4), output: 100 };
  json(response, 200, {
    id: `chatcmpl-${number}`,
    object: "chat.completion",
    created: 0,
    model: request.body.model,
    choices: [{ index: 0, message, finish_reason: finish }],
    ...("unmetered" in reply
      ? {}
      : {
          usage: {
            prompt_tokens: usage.prompt,
            completion_tokens: usage.output,
            total_tokens: usage.prompt + usage.output,
            prompt_tokens_details: { cached_tokens: usage.cached ?? 0 },
            completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
          },
        }),
  });
}

function json(
  response: ServerResponse,
  status: number,
  value: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}
