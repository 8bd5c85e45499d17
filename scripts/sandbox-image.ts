import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { pack } from "tar-stream";
import { askDaemon, connect, daemonHost } from "../sandbox/docker/daemon.ts";
import { contextFiles, findImage, imageName } from "../sandbox/docker/image.ts";

/**
 * `npm run image [-- --debian | --base NAME] [--host ADDRESS]`: builds the image of the Docker engine, unless the daemon has
 * it. The base is python:3-slim; with `--debian` one that is made here by mmdebstrap, where no registry is in reach.
 */
const { values } = parseArgs({
  options: {
    base: { type: "string" },
    debian: { type: "boolean", default: false },
    host: { type: "string" },
  },
});
const madeBase = "mle-smith-base:latest";
const host = daemonHost(values.host);
const docker = await connect(host);
await askDaemon(docker);
const name = await imageName();
if (await findImage(docker, name)) {
  console.log(`${name} is there`);
} else {
  const base = values.base ?? (values.debian ? madeBase : "python:3-slim");
  if (values.debian && !(await findImage(docker, madeBase))) await makeBase();
  await build(base);
  console.log(`${name} was built on ${base}`);
}

/** Makes a Debian by `scripts/debian-base.sh` and gives it to the daemon. */
async function makeBase(): Promise<void> {
  console.log(`Making ${madeBase} with mmdebstrap (about half a minute)`);
  const child = spawn(`${import.meta.dirname}/debian-base.sh`, [], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const [repo, tag] = madeBase.split(":");
  const progress = await docker.importImage(child.stdout, { repo, tag });
  await follow(progress);
  const code = await ended;
  if (code !== 0) throw new Error(`scripts/debian-base.sh ended with exit code ${code}; it needs mmdebstrap`);
}

/** Builds with the classic builder, whose steps reach the package index as this machine does. */
async function build(base: string): Promise<void> {
  console.log(`Building ${name} on ${base} (a minute or two)`);
  const context = pack();
  for (const { path, content } of await contextFiles())
    context.entry({ name: path, mode: 0o644, mtime: new Date(0) }, content);
  context.finalize();
  await follow(
    await docker.buildImage(context, { t: name, networkmode: "host", buildargs: { BASE: base }, rm: true }),
  );
}

/** Waits for a long request; its errors come inside of its answer. */
async function follow(progress: NodeJS.ReadableStream): Promise<void> {
  let last = "";
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(
      progress,
      (error) => (error ? reject(new Error(`${error.message}\n${last}`)) : resolve()),
      (event) => {
        last = (last + (event.stream ?? "")).slice(-2000);
      },
    );
  });
}
