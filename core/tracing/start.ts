import { readFileSync } from "node:fs";
import { z } from "zod";
import { BadInputError } from "../errors.ts";

/** Spans on their way out of this process. */
export interface TraceExport {
  /** Sends what is finished; waits no longer than `milliseconds`. */
  flush(milliseconds: number): Promise<void>;
  /** Sends the rest and ends it; how many spans the endpoint did not take, and why. */
  close(milliseconds: number): Promise<{ lost: number; reason: string }>;
}

/** Milliseconds for which the end of a program waits for an endpoint. */
export const lastSpansMs = 2000;

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")));

/**
 * Starts to send spans when the standard's variables ask for it; without them nothing is loaded and nothing costs.
 * @param service name of this program, unless OTEL_SERVICE_NAME gives another.
 * @throws BadInputError for a protocol that is not spoken here.
 */
export async function startTracing(
  environment: NodeJS.ProcessEnv,
  service: string,
): Promise<TraceExport | undefined> {
  const {
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
    OTEL_EXPORTER_OTLP_PROTOCOL,
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL,
    OTEL_SDK_DISABLED,
    OTEL_TRACES_EXPORTER,
  } = environment;
  if (!OTEL_EXPORTER_OTLP_TRACES_ENDPOINT && !OTEL_EXPORTER_OTLP_ENDPOINT) return undefined;
  if (OTEL_SDK_DISABLED?.toLowerCase() === "true" || OTEL_TRACES_EXPORTER === "none") return undefined;
  const protocol = OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || OTEL_EXPORTER_OTLP_PROTOCOL || "http/json";
  if (!protocol.startsWith("http/"))
    throw new BadInputError(`spans are not sent by the protocol ${protocol}`, {
      hint: "set OTEL_EXPORTER_OTLP_PROTOCOL=http/json and an endpoint for HTTP (port 4318 of a collector)",
    });
  const { exportSpans } = await import("./export.ts");
  return exportSpans(service, version);
}
