import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { connect } from "../../sandbox/docker/daemon.ts";
import { imageName } from "../../sandbox/docker/image.ts";
import { labels } from "../../sandbox/docker/settings.ts";
import { cgroupsLike, processesWith } from "../../tests/sandbox/leftovers.ts";

/** A real dockerd of one test: a socket, data, mounts and cgroups of its own, no network. Needs root. */
export class TestDaemon {
  readonly folder = mkdtempSync(join(tmpdir(), "mle-smith-docker-"));
  readonly host = `unix://${this.folder}/socket`;
  readonly #cgroup = `mle-smith-docker-${process.pid}`;
  #child: ChildProcess | undefined;
  #layers: string[] = [];

  /** @param image address of a daemon that has the image of this version, of which this one gets a copy. */
  static async start(image: string): Promise<TestDaemon> {
    const daemon = new TestDaemon();
    try {
      await daemon.up();
      const tar = await (await connect(image)).getImage(await imageName()).get();
      const client = await daemon.client();
      const loading = await client.loadImage(tar);
      await new Promise<void>((resolve, reject) => {
        client.modem.followProgress(
          loading,
          (error) => (error ? reject(error) : resolve()),
          () => undefined,
        );
      });
      daemon.#layers = daemon.#storedLayers();
    } catch (error) {
      await daemon.remove();
      throw error;
    }
    return daemon;
  }

  client(): Promise<Docker> {
    return connect(this.host);
  }

  /** Starts the daemon, or starts it again with what it had. */
  async up(): Promise<void> {
    const log = openSync(join(this.folder, "log"), "a");
    const places = { "data-root": "data", "exec-root": "exec", pidfile: "pid" };
    const child = spawn(
      "dockerd",
      [
        `--host=${this.host}`,
        ...Object.entries(places).map(([option, name]) => `--${option}=${join(this.folder, name)}`),
        `--cgroup-parent=/${this.#cgroup}`,
        ...["--bridge=none", "--iptables=false", "--ip6tables=false"],
      ],
      { stdio: ["ignore", log, log] },
    );
    this.#child = child;
    const client = await this.client();
    for (let waited = 0; ; waited += 50) {
      const answers = await client.ping().then(
        () => true,
        () => false,
      );
      if (answers) return;
      if (child.exitCode !== null || waited > 60_000)
        throw new Error(`dockerd did not start: ${this.#log()}`);
      await sleep(50);
    }
  }

  async down(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    const containerd = this.#containerd();
    child.kill(signal);
    await ended;
    // It goes with the daemon, a moment later; one that is started in between would wait for it in vain.
    for (let waited = 0; containerd && existsSync(`/proc/${containerd}`) && waited < 10_000; waited += 50)
      await sleep(50);
  }

  async restart(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await this.down(signal);
    await this.up();
  }

  /** What containers of ours left: themselves, their volumes, processes, mounts. */
  async leftovers(): Promise<string[]> {
    const client = await this.client();
    const filters = { label: [labels.mark] };
    const containers = await client.listContainers({ all: true, filters });
    const volumes = (await client.listVolumes({ filters })).Volumes ?? [];
    return [
      ...containers.map(({ Id, State }) => `container ${Id} ${State}`),
      ...volumes.map(({ Name }) => `volume ${Name}`),
      ...cgroupsLike(`*/pids/${this.#cgroup}/*`)
        .concat(cgroupsLike(`/sys/fs/cgroup/${this.#cgroup}/*`))
        .flatMap((path) =>
          processesOf(path)
            .filter((pid) => !isUnstarted(pid))
            .map((pid) => `process ${pid} (${commandLine(pid).trim()}) in ${path}`),
        ),
      ...this.#mounts().map((path) => `mount ${path}`),
    ];
  }

  /**
   * What a daemon that was killed in the middle of making a container does not know of any more, and nobody can tell it to remove:
   * shims without a container, runc's own process in one that was never started, cgroups, half-made folders.
   */
  forgotten(): string[] {
    const names = (folder: string) => readdirSync(join(this.folder, folder));
    return [
      ...processesWith(`-address ${this.folder}/exec`).map((line) => `process ${line}`),
      ...cgroupsLike(`*/${this.#cgroup}/*`).map((path) => `cgroup ${path}`),
      ...names("data/containers").map((name) => `file containers/${name}`),
      ...names("data/volumes")
        .filter((name) => /^[0-9a-f]{64}$/.test(name))
        .map((name) => `file volumes/${name}`),
      ...this.#storedLayers()
        .filter((name) => !this.#layers.includes(name))
        .map((name) => `file overlay2/${name}`),
    ];
  }

  /** Ends it and all that it started, and removes its files. */
  async remove(): Promise<void> {
    await this.down();
    // Shims that it forgot when it was killed; only they have this folder in their command line.
    for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)))
      if (commandLine(name).includes(`-address ${this.folder}/exec`)) process.kill(Number(name), "SIGKILL");
    for (const path of this.#mounts(/^$/).reverse()) spawnSync("umount", ["-l", path]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #storedLayers(): string[] {
    return readdirSync(join(this.folder, "data/overlay2")).filter((name) => name.length >= 64);
  }

  /** Process that the daemon starts and that starts containers. */
  #containerd(): string | undefined {
    const path = join(this.folder, "exec/containerd/containerd.pid");
    return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
  }

  /** Mounts below its folder; the daemon's own is one. */
  #mounts(but = /\/data$/): string[] {
    return readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .map((line) => line.split(" ")[4] ?? "")
      .filter((path) => path.startsWith(`${this.folder}/`) && !but.test(path));
  }

  #log(): string {
    return readFileSync(join(this.folder, "log"), "utf8").split("\n").slice(-5).join("\n");
  }
}

/** runc's own process, which waits in a container that was made and not started; nothing of a job has run in it. */
function isUnstarted(pid: string): boolean {
  return /^(?:\S*\/)?runc init$/.test(commandLine(pid).trim());
}

function processesOf(cgroup: string): string[] {
  try {
    return readFileSync(join(cgroup, "cgroup.procs"), "utf8").trim().split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
