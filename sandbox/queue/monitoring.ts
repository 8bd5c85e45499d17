import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a runner's port answers with. */
interface Monitored {
  /** Metrics in Prometheus' text format. */
  metrics(): string;
  /** Whether the runner can take jobs now. */
  ready(): boolean;
}

/** The port on which a runner can be watched. */
export interface Monitoring {
  url: string;
  close(): Promise<void>;
}

/**
 * Serves `/healthz` (the process answers), `/readyz` (the queue can be reached) and `/metrics`. It tells nothing secret, but is
 * meant for this machine: the loopback address is the default. A port that is taken is exchanged for a free one.
 */
export async function startMonitoring(
  monitored: Monitored,
  { host, port }: { host: string; port: number },
): Promise<Monitoring> {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string) => {
      response.writeHead(status, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
      response.end(text);
    };
    const path = request.url?.split("?")[0];
    if (request.method !== "GET" && request.method !== "HEAD") answer(405, "only GET\n");
    else if (path === "/healthz") answer(200, "ok\n");
    else if (path === "/readyz")
      answer(monitored.ready() ? 200 : 503, monitored.ready() ? "ready\n" : "not ready\n");
    else if (path === "/metrics") answer(200, monitored.metrics());
    else answer(404, "/healthz, /readyz, /metrics\n");
  });
  await listen(server, host, port).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE" && port !== 0)
      return listen(server, host, 0);
    throw error;
  });
  // What watches does not keep the runner alive.
  server.unref();
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${given}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
