import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A daemon that answers what it is asked of itself, and has no image. */
export async function fakeDaemon(
  information: Record<string, unknown> = {},
): Promise<{ host: string; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "mle-smith-daemon-"));
  const path = join(folder, "socket");
  const server = createHttp((request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.url?.endsWith("/info")) {
      response.end(
        JSON.stringify({
          ServerVersion: "1.2.3",
          Architecture: "x86_64",
          MemoryLimit: true,
          PidsLimit: true,
          CpuCfsQuota: true,
          Runtimes: { runc: {} },
          SecurityOptions: ["name=seccomp,profile=default"],
          ...information,
        }),
      );
    } else {
      response.statusCode = 404;
      response.end(JSON.stringify({ message: "No such image" }));
    }
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A TCP port that leads to a daemon's socket, as a daemon on another machine would be reached; it can be cut. */
export async function remoteDaemon(
  host: string,
): Promise<{ host: string; cut(): void; freeze(): void; mend(): Promise<void>; close(): void }> {
  const sockets = new Set<Socket>();
  let frozen = false;
  let port = 0;
  const make = () =>
    createServer((socket) => {
      sockets.add(socket);
      if (frozen) return;
      const inner = connect(host.replace(/^unix:\/\//, ""));
      for (const [one, other] of [
        [socket, inner],
        [inner, socket],
      ] as const) {
        sockets.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
  let server = make();
  const listen = () =>
    new Promise<void>((resolve) =>
      server.listen(port, "127.0.0.1", () => {
        const address = server.address();
        if (typeof address === "object" && address !== null) port = address.port;
        resolve();
      }),
    );
  await listen();
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: `tcp://127.0.0.1:${port}`,
    cut,
    /** Connections stay, and nothing goes through them any more. */
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    async mend() {
      server = make();
      await listen();
    },
    close: cut,
  };
}
