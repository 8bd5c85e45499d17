import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { TraceExport } from "./start.ts";

/** Counts what did not arrive: the processor before it tells nobody. */
class CountingExporter extends OTLPTraceExporter {
  /** Spans handed over and not taken by the endpoint (yet). */
  open = 0;
  reason = "";

  override export(
    ...[spans, done]: Parameters<OTLPTraceExporter["export"]>
  ): ReturnType<OTLPTraceExporter["export"]> {
    this.open += spans.length;
    super.export(spans, (result) => {
      if (result.error) this.reason = result.error.message;
      else this.open -= spans.length;
      done(result);
    });
  }
}

/**
 * Sends spans to the endpoint that OTEL_EXPORTER_OTLP_ENDPOINT names, as JSON over HTTP, in the background. Sampler, headers, batches,
 * attributes of the resource: by the standard's own variables. Where a provider is registered already, as by a host that embeds the graph, that one gets them.
 */
export function exportSpans(service: string, version: string): TraceExport {
  const exporter = new CountingExporter();
  const resource = defaultResource()
    .merge(resourceFromAttributes({ "service.name": service, "service.version": version }))
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return {
    async flush(milliseconds) {
      await within(milliseconds, provider.forceFlush());
    },
    async close(milliseconds) {
      await within(milliseconds, provider.shutdown());
      trace.disable();
      context.disable();
      return { lost: exporter.open, reason: exporter.reason || "no answer" };
    },
  };
}

/** Waits for work whose failure is nobody's concern, no longer than that. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work.catch(() => undefined), patience]);
  clearTimeout(timer);
}
