import { describe, expect, test } from "vitest";
import { InfrastructureError } from "../../core/errors.ts";
import { seccompProgram } from "../../sandbox/bubblewrap/seccomp.ts";

const allow = 0x7fff0000;
const killed = 0x80000000;
const errno = (code: number) => 0x50000 | code;

/** What the kernel would do: runs the filter on one system call. */
function decide(program: Buffer, architecture: number, number: number, args: number[] = []): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number >>> 0, 0);
  data.writeUInt32LE(architecture >>> 0, 4);
  args.forEach((value, index) => {
    data.writeBigUInt64LE(BigInt(value), 16 + 8 * index);
  });
  let accumulator = 0;
  for (let at = 0; ; at += 1) {
    const code = program.readUInt16LE(at * 8);
    const [whenTrue, whenFalse, operand] = [
      program.readUInt8(at * 8 + 2),
      program.readUInt8(at * 8 + 3),
      program.readUInt32LE(at * 8 + 4),
    ];
    if (code === 0x06) return operand;
    if (code === 0x20) accumulator = data.readUInt32LE(operand);
    else {
      const holds =
        code === 0x15
          ? accumulator === operand
          : code === 0x35
            ? accumulator >= operand
            : code === 0x45
              ? (accumulator & operand) !== 0
              : undefined;
      if (holds === undefined) throw new Error(`unknown instruction ${code}`);
      at += holds ? whenTrue : whenFalse;
    }
  }
}

describe.each([
  {
    name: "x64",
    word: 0xc000003e,
    read: 0,
    mount: 165,
    ptrace: 101,
    clone: 56,
    clone3: 435,
    socket: 41,
    socketpair: 53,
    ioctl: 16,
  },
  {
    name: "arm64",
    word: 0xc00000b7,
    read: 63,
    mount: 40,
    ptrace: 117,
    clone: 220,
    clone3: 435,
    socket: 198,
    socketpair: 199,
    ioctl: 29,
  },
])("the filter for $name", ({ name, word, ...call }) => {
  const program = seccompProgram(name);
  const ask = (number: number, ...args: number[]) => decide(program, word, number, args);

  test("lets ordinary calls through and refuses the others", () => {
    expect(ask(call.read)).toBe(allow);
    expect(ask(call.mount)).toBe(errno(1));
    expect(ask(call.ptrace)).toBe(errno(1));
    expect(ask(425)).toBe(errno(1));
    expect(ask(call.clone3)).toBe(errno(38));
  });

  test("lets threads and processes be made, but no namespaces", () => {
    expect(ask(call.clone, 0x3d0f00)).toBe(allow);
    expect(ask(call.clone, 17)).toBe(allow);
    for (const flag of [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])
      expect(ask(call.clone, flag | 17)).toBe(errno(1));
  });

  test("knows local sockets only", () => {
    for (const number of [call.socket, call.socketpair]) {
      expect(ask(number, 1)).toBe(allow);
      for (const family of [0, 2, 10, 16, 17, 38, 40]) expect(ask(number, family)).toBe(errno(97));
    }
  });

  test("lets nothing be typed into a terminal", () => {
    expect(ask(call.ioctl, 0, 0x5401)).toBe(allow);
    for (const request of [0x5412, 0x541c]) expect(ask(call.ioctl, 0, request)).toBe(errno(1));
    expect(ask(call.ioctl, 0, 0x100000000 + 0x5412)).toBe(errno(1));
  });

  test("ends a process that calls in another architecture's way", () => {
    expect(decide(program, 0x40000003, call.read)).toBe(killed);
    if (name === "x64") expect(ask(0x40000000 + call.read)).toBe(killed);
  });

  test("is a program that the kernel takes: whole instructions, no jump past the end, a return last", () => {
    const count = program.length / 8;
    expect(Number.isInteger(count) && count <= 4096).toBe(true);
    for (let at = 0; at < count; at += 1) {
      if ((program.readUInt16LE(at * 8) & 7) !== 5) continue;
      expect(at + 1 + Math.max(program.readUInt8(at * 8 + 2), program.readUInt8(at * 8 + 3))).toBeLessThan(
        count,
      );
    }
    expect(program.readUInt16LE((count - 1) * 8)).toBe(6);
  });
});

test("a processor without a table is refused", () => {
  expect(() => seccompProgram("ia32")).toThrow(InfrastructureError);
});
