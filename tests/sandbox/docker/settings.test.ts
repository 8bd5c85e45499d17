import { expect, test } from "vitest";
import { seccompProgram } from "../../../sandbox/bubblewrap/seccomp.ts";
import { seccompProfile } from "../../../sandbox/docker/seccomp.ts";
import { changeableLimits, containerOptions } from "../../../sandbox/docker/settings.ts";
import { JobLimits } from "../../../sandbox/job.ts";
import { callRules } from "../../../sandbox/system-calls.ts";

const limits = JobLimits.parse({ memMb: 100, cpus: 0.5, pids: 10, diskMb: 7, wallMs: 1000 });
const options = containerOptions({
  image: "image",
  limits,
  runtime: "runsc",
  seccomp: "{}",
  uid: 60_700,
  warm: true,
  now: 0,
});

test("a container is told everything that holds a job", () => {
  expect(options).toMatchObject({
    User: "60700:60700",
    NetworkDisabled: true,
    OpenStdin: true,
    StdinOnce: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges", "seccomp={}"],
      IpcMode: "private",
      LogConfig: { Type: "none" },
      Runtime: "runsc",
      CpuQuota: 50_000,
      CpuPeriod: 100_000,
    },
  });
  const { Memory, MemorySwap, PidsLimit, Tmpfs, Binds, CapAdd, Devices, Mounts } = options.HostConfig;
  expect(Memory).toBe(MemorySwap);
  expect(Memory).toBeGreaterThan(100 << 20);
  expect(Memory).toBeLessThan(140 << 20);
  expect(PidsLimit).toBe(11);
  expect(Tmpfs).toEqual({ "/tmp": expect.stringMatching(/nosuid,nodev.*size=7340032,.*uid=60700/) });
  // Nothing of the machine.
  expect([Binds, CapAdd, Devices]).toEqual([undefined, undefined, undefined]);
  expect(Mounts).toEqual([expect.objectContaining({ Type: "volume", Target: "/job" })]);
  expect(Number(options.Labels["mle-smith.deadline"])).toBeGreaterThan(Number(options.Cmd[0]));
});

test("no runtime is named unless one is asked for", () => {
  const plain = containerOptions({
    image: "image",
    limits,
    runtime: undefined,
    seccomp: "{}",
    uid: 1,
    warm: false,
    now: 0,
  });
  expect(plain.HostConfig).not.toHaveProperty("Runtime");
  expect(plain.Cmd[1]).toBe("0");
});

test("what the libraries hold is added to a job's memory", () => {
  expect(changeableLimits(limits, 50 << 20)).toMatchObject({ Memory: 150 << 20, MemorySwap: 150 << 20 });
});

test("both engines refuse the same calls, from one list", () => {
  interface Rule {
    names: string[];
    errnoRet: number;
    args?: Array<{ index: number; value: number; valueTwo?: number; op: string }>;
  }
  const profile: { defaultAction: string; syscalls: Rule[] } = JSON.parse(seccompProfile());
  expect(profile.defaultAction).toBe("SCMP_ACT_ALLOW");
  const whole = profile.syscalls.filter(({ args }) => args === undefined);
  expect(new Set(whole.flatMap(({ names }) => names))).toEqual(
    new Set([...Object.keys(callRules.denied), "clone3"]),
  );
  const rules = (name: string) => profile.syscalls.filter(({ names }) => names.includes(name));
  expect(rules("clone").flatMap(({ args }) => args?.map(({ value }) => value))).toEqual(
    callRules.newNamespaces,
  );
  for (const name of ["socket", "socketpair"])
    expect(rules(name)).toEqual([
      expect.objectContaining({ errnoRet: 97, args: [{ index: 0, value: 1, op: "SCMP_CMP_NE" }] }),
    ]);
  // As a program, each refused call is compared with its number once.
  const program = seccompProgram("x64");
  const compared = new Set<number>();
  for (let at = 0; at < program.length; at += 8)
    if (program.readUInt16LE(at) === 0x15) compared.add(program.readUInt32LE(at + 4));
  for (const numbers of Object.values(callRules.denied))
    if ("x64" in numbers) expect(compared).toContain(numbers.x64);
});
