import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeServerConfiguration } from "../../sandbox/queue/server-configuration.ts";
import { TestServer } from "../../scripts/queue/nats-server.ts";
import { Folders, smith } from "../helpers/command-line.ts";
import { fakeDaemon } from "../helpers/fake-daemon.ts";

const folders = new Folders();
afterAll(() => folders.remove());
const nowhere = "unix:///nonexistent/docker.sock";
const doctor = (words: string[], env: Record<string, string> = {}) =>
  smith(["doctor", ...words], { env: { DOCKER_HOST: nowhere, ...env } });

/** Runs a script of the shell where mounts do not reach the rest of the machine; `doctor` is the command line's. */
function elsewhere(script: string, env: Record<string, string> = {}) {
  const program = join(import.meta.dirname, "../../cli/bin.mjs");
  const { status, stdout, stderr } = spawnSync(
    "unshare",
    ["--mount", "bash", "-c", `doctor() { "${process.execPath}" "${program}" doctor; }\n${script}`],
    { encoding: "utf8", env: { PATH: process.env.PATH, DOCKER_HOST: nowhere, ...env } },
  );
  return { status, stdout, stderr };
}

/** Why other machines cannot be played here. */
const obstacle = (() => {
  if (process.getuid?.() !== 0) return " (skipped: mounts need root)";
  const { status } = spawnSync("unshare", ["--mount", "true"]);
  return status === 0 ? "" : " (skipped: no mount namespaces)";
})();

test.skipIf(obstacle !== "")(`nothing installed: what to run for either engine${obstacle}`, () => {
  const empty = folders.make();
  const file = join(folders.make(), "none");
  writeFileSync(file, "");
  const { status, stdout } = elsewhere(
    `for program in bwrap setpriv; do mount --bind ${file} "$(command -v $program)"; done; PATH=/nowhere; doctor`,
    { MLE_SMITH_HOME: empty },
  );
  expect(status).toBe(1);
  expect(stdout).toMatch(/! sandbox: none that can be used.*one of these two is enough.*`npm run setup`/);
  expect(commandsOf(stdout)).toEqual([
    "apt-get install -y docker.io",
    "apt-get install -y bubblewrap util-linux",
    "npm run setup",
  ]);
});

test.skipIf(obstacle !== "")(
  `no rights to cgroups: which limits are lost, and a command that brings them back${obstacle}`,
  () => {
    const { stdout } = elsewhere(
      `for mount in $(grep -o ' /sys/fs/cgroup[^ ]*' /proc/self/mountinfo); do mount -o remount,bind,ro $mount; done
       said=$(doctor)
       echo "$said"
       eval "$(echo "$said" | grep -A1 'No cgroup' | tail -1)"
       echo AFTER
       doctor`,
    );
    const [before = "", after = ""] = stdout.split("AFTER");
    expect(before).toMatch(
      /! limits in force: time, disk, output; not for a job as a whole: memory, processes, cpu/,
    );
    expect(before).toContain("sandbox: bubblewrap");
    expect(after).toMatch(/✓ limits in force: time, disk, output, memory, processes, cpu/);
  },
);

test("Docker without the image: the command that builds it; asked for alone, what could be used instead", async () => {
  const daemon = await fakeDaemon();
  try {
    const found = await doctor([], { DOCKER_HOST: daemon.host });
    expect(found).toMatchObject({ code: 0 });
    expect(found.stdout).toMatch(/! Docker 1\.2\.3 at .*is missing; not needed, as bubblewrap runs jobs/);
    expect(commandsOf(found.stdout)).toEqual(["npm run image   # or: npm run image -- --debian"]);
    const alone = await doctor(["--engine", "docker"], { DOCKER_HOST: daemon.host });
    expect(alone).toMatchObject({ code: 1 });
    expect(alone.stdout).toContain("bubblewrap can (--engine bubblewrap)");
  } finally {
    daemon.close();
  }
});

test("wrong NATS credentials, an unknown authority, a server without JetStream, and none at all", async () => {
  const [own, other] = [join(folders.make(), "own"), join(folders.make(), "other")];
  const options = { hosts: ["localhost"], port: 4222, monitor: "127.0.0.1", storageGb: 1, tls: true };
  for (const folder of [own, other]) await writeServerConfiguration(folder, options);
  const configuration = readFileSync(join(own, "nats-server.conf"), "utf8")
    .replace(/^(listen|http):.*$/gm, "")
    .replace('"./jetstream"', '"STORE"')
    .replaceAll('"./', `"${own}/`);
  const [server, plain] = await Promise.all([TestServer.start(configuration), TestServer.start("")]);
  const address = `tls://localhost:${server.port}`;
  // Where no sandbox was set up, none is tried, which would cost seconds each time.
  const home = { MLE_SMITH_HOME: folders.make() };
  const ask = async (url: string, creds: string, ca?: string) => {
    const words = ["--nats", url, "--creds", join(creds, "producer.creds")];
    const { code, stdout } = await doctor([...words, ...(ca ? ["--tls-ca", join(ca, "ca.pem")] : [])], home);
    expect(code).toBe(1);
    const said = stdout.slice(stdout.indexOf("queue: "));
    return { said, commands: commandsOf(said) };
  };
  expect(await ask(address, own, own)).toMatchObject({
    said: expect.stringContaining("jobs can be sent"),
    commands: [],
  });
  const again = `mle-smith doctor --nats ${address} --creds DIR/producer.creds --tls-ca DIR/ca.pem`;
  expect(await ask(address, other, own)).toMatchObject({
    said: expect.stringContaining("refuses these credentials"),
    commands: [expect.stringContaining(again)],
  });
  expect(await ask(address, own, other)).toMatchObject({
    said: expect.stringContaining("No secure connection"),
    commands: [expect.stringContaining(again)],
  });
  expect(await ask(plain.url, own)).toMatchObject({
    said: expect.stringContaining("runs without JetStream"),
    commands: [expect.stringContaining("nats-server -js")],
  });
  await plain.remove();
  expect(await ask(plain.url, own)).toMatchObject({
    said: expect.stringContaining("cannot be reached"),
    commands: [expect.stringContaining("nats-server -c nats-server.conf")],
  });
  await server.remove();
});

/** Commands that are proposed: the lines that stand furthest in. */
function commandsOf(stdout: string): string[] {
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("    "))
    .map((line) => line.trim());
}
