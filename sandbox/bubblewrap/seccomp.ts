import { InfrastructureError } from "../../core/errors.ts";
import { callRules } from "../system-calls.ts";

/** Calls that are looked at more closely. */
const inspected = {
  x64: { clone: 56, clone3: 435, socket: 41, socketpair: 53, ioctl: 16 },
  arm64: { clone: 220, clone3: 435, socket: 198, socketpair: 199, ioctl: 29 },
} as const;

const auditArchitecture = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;

const loadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
const jumpEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const jumpGreaterOrEqual = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const jumpAnyBit = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const giveBack = 0x06; // BPF_RET | BPF_K

const allow = 0x7fff0000;
const killProcess = 0x80000000;
const fail = (errno: number) => 0x00050000 | errno;
const notPermitted = fail(callRules.notPermitted);
const noSuchCall = fail(callRules.noSuchCall);
const familyNotSupported = fail(callRules.familyNotSupported);

const numberOffset = 0;
const architectureOffset = 4;
const argumentOffset = (index: number) => 16 + 8 * index; // The low word: both architectures are little-endian.
const { localSockets } = callRules;
const [terminalInput, terminalConsole] = callRules.terminalRequests;
const newNamespaces = callRules.newNamespaces.reduce((all, flag) => all | flag, 0);
const firstX32Call = 0x40000000;

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, operand: number];

/**
 * The filter of system calls as a classic BPF program: the bytes that `bwrap --seccomp` reads, and that a process can install.
 * @throws InfrastructureError on a processor for which there is no table.
 */
export function seccompProgram(architecture: string = process.arch): Buffer {
  if (architecture !== "x64" && architecture !== "arm64") {
    throw new InfrastructureError(
      `There is no system-call filter for the processor architecture ${architecture}`,
      { hint: "Use x86_64 or aarch64." },
    );
  }
  const call = inspected[architecture];
  const program: Instruction[] = [
    [loadWord, 0, 0, architectureOffset],
    [jumpEqual, 1, 0, auditArchitecture[architecture]],
    [giveBack, 0, 0, killProcess],
    [loadWord, 0, 0, numberOffset],
  ];
  if (architecture === "x64")
    program.push([jumpGreaterOrEqual, 0, 1, firstX32Call], [giveBack, 0, 0, killProcess]);
  for (const numbers of Object.values(callRules.denied)) {
    const number = numbers[architecture];
    if (number !== undefined) program.push([jumpEqual, 0, 1, number], [giveBack, 0, 0, notPermitted]);
  }
  // Its flags lie in memory, where a filter cannot look: the C library falls back to clone.
  program.push([jumpEqual, 0, 1, call.clone3], [giveBack, 0, 0, noSuchCall]);
  program.push(
    [jumpEqual, 0, 4, call.clone],
    [loadWord, 0, 0, argumentOffset(0)],
    [jumpAnyBit, 0, 1, newNamespaces],
    [giveBack, 0, 0, notPermitted],
    [giveBack, 0, 0, allow],
  );
  for (const number of [call.socket, call.socketpair]) {
    program.push(
      [jumpEqual, 0, 4, number],
      [loadWord, 0, 0, argumentOffset(0)],
      [jumpEqual, 1, 0, localSockets],
      [giveBack, 0, 0, familyNotSupported],
      [giveBack, 0, 0, allow],
    );
  }
  program.push(
    [jumpEqual, 0, 5, call.ioctl],
    [loadWord, 0, 0, argumentOffset(1)],
    [jumpEqual, 2, 0, terminalInput],
    [jumpEqual, 1, 0, terminalConsole],
    [giveBack, 0, 0, allow],
    [giveBack, 0, 0, notPermitted],
  );
  program.push([giveBack, 0, 0, allow]);
  return encode(program);
}

/** struct sock_filter { u16 code; u8 jt; u8 jf; u32 k; }, little-endian. */
function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, whenTrue, whenFalse, operand], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(whenTrue, index * 8 + 2);
    bytes.writeUInt8(whenFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, index * 8 + 4);
  });
  return bytes;
}
