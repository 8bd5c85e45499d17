import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const Value = z.union([
  z.strictObject({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.strictObject({ boolValue: z.boolean() }).transform(({ boolValue }) => boolValue),
  z.strictObject({ intValue: z.union([z.int(), z.string()]) }).transform(({ intValue }) => Number(intValue)),
  z.strictObject({ doubleValue: z.number() }).transform(({ doubleValue }) => doubleValue),
  z.strictObject({ arrayValue: z.unknown() }).transform(() => "[…]"),
]);
const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, value])));
const Nanoseconds = z.string().transform((text) => Number(BigInt(text) / 1000n) / 1000);

/** What OTLP/HTTP carries as JSON, as far as it concerns us (opentelemetry-proto, trace/v1). */
const Payload = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string().regex(/^[0-9a-f]{32}$/),
              spanId: z.string().regex(/^[0-9a-f]{16}$/),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.int(),
              startTimeUnixNano: Nanoseconds,
              endTimeUnixNano: Nanoseconds,
              attributes: Attributes,
              status: z.object({ code: z.int(), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** A span as it was received; times are milliseconds since 1970. */
export interface ReceivedSpan {
  service: unknown;
  trace: string;
  id: string;
  parent: string | undefined;
  name: string;
  startedAt: number;
  endedAt: number;
  facts: Record<string, unknown>;
  failed: boolean;
}

/** An OTLP/HTTP endpoint of one test. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** Every body as it came, to be searched for what must not be in it. */
  text = "";
  readonly headers: IncomingHttpHeaders[] = [];
  readonly problems: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.headers.push(request.headers);
        if (request.url !== "/v1/traces") this.problems.push(`unexpected ${request.method} ${request.url}`);
        this.#take(Buffer.concat(chunks).toString("utf8"));
        response.writeHead(200, { "content-type": "application/json" });
        response.end("{}");
      });
    });
  }

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** The spans above one, nearest first. */
  above(span: ReceivedSpan): ReceivedSpan[] {
    const parent = this.spans.find(({ id }) => id === span.parent);
    return parent === undefined ? [] : [parent, ...this.above(parent)];
  }

  named(name: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.problems.length > 0) throw new Error(`OTLP receiver: ${this.problems.join("; ")}`);
  }

  #take(text: string): void {
    this.text += text;
    const payload = Payload.safeParse(JSON.parse(text));
    if (!payload.success) {
      this.problems.push(payload.error.message);
      return;
    }
    for (const { resource, scopeSpans } of payload.data.resourceSpans)
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push({
          service: resource.attributes["service.name"],
          trace: span.traceId,
          id: span.spanId,
          parent: span.parentSpanId || undefined,
          name: span.name,
          startedAt: span.startTimeUnixNano,
          endedAt: span.endTimeUnixNano,
          facts: span.attributes,
          failed: span.status.code === 2,
        });
  }
}
