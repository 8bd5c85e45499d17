import { InfrastructureError } from "../../core/errors.ts";

/**
 * A seccomp filter as a classic BPF program. Everything is allowed but what a Python program never needs and what
 * opens the kernel: other processes' memory, mounts and namespaces, kernel keys, programs and modules, io_uring,
 * network families other than local sockets, the clock, NUMA placement. Numbers: the kernel's syscall tables.
 */
const denied: Record<string, { x64?: number; arm64?: number }> = {
  ptrace: { x64: 101, arm64: 117 },
  process_vm_readv: { x64: 310, arm64: 270 },
  process_vm_writev: { x64: 311, arm64: 271 },
  process_madvise: { x64: 440, arm64: 440 },
  pidfd_getfd: { x64: 438, arm64: 438 },
  kcmp: { x64: 312, arm64: 272 },
  mount: { x64: 165, arm64: 40 },
  umount2: { x64: 166, arm64: 39 },
  pivot_root: { x64: 155, arm64: 41 },
  chroot: { x64: 161, arm64: 51 },
  open_tree: { x64: 428, arm64: 428 },
  move_mount: { x64: 429, arm64: 429 },
  fsopen: { x64: 430, arm64: 430 },
  fsconfig: { x64: 431, arm64: 431 },
  fsmount: { x64: 432, arm64: 432 },
  fspick: { x64: 433, arm64: 433 },
  mount_setattr: { x64: 442, arm64: 442 },
  statmount: { x64: 457, arm64: 457 },
  listmount: { x64: 458, arm64: 458 },
  open_tree_attr: { x64: 467, arm64: 467 },
  unshare: { x64: 272, arm64: 97 },
  setns: { x64: 308, arm64: 268 },
  bpf: { x64: 321, arm64: 280 },
  add_key: { x64: 248, arm64: 217 },
  request_key: { x64: 249, arm64: 218 },
  keyctl: { x64: 250, arm64: 219 },
  io_uring_setup: { x64: 425, arm64: 425 },
  io_uring_enter: { x64: 426, arm64: 426 },
  io_uring_register: { x64: 427, arm64: 427 },
  perf_event_open: { x64: 298, arm64: 241 },
  userfaultfd: { x64: 323, arm64: 282 },
  kexec_load: { x64: 246, arm64: 104 },
  kexec_file_load: { x64: 320, arm64: 294 },
  init_module: { x64: 175, arm64: 105 },
  finit_module: { x64: 313, arm64: 273 },
  delete_module: { x64: 176, arm64: 106 },
  name_to_handle_at: { x64: 303, arm64: 264 },
  open_by_handle_at: { x64: 304, arm64: 265 },
  quotactl: { x64: 179, arm64: 60 },
  quotactl_fd: { x64: 443, arm64: 443 },
  swapon: { x64: 167, arm64: 224 },
  swapoff: { x64: 168, arm64: 225 },
  reboot: { x64: 169, arm64: 142 },
  acct: { x64: 163, arm64: 89 },
  settimeofday: { x64: 164, arm64: 170 },
  clock_settime: { x64: 227, arm64: 112 },
  adjtimex: { x64: 159, arm64: 171 },
  clock_adjtime: { x64: 305, arm64: 266 },
  sethostname: { x64: 170, arm64: 161 },
  setdomainname: { x64: 171, arm64: 162 },
  iopl: { x64: 172 },
  ioperm: { x64: 173 },
  modify_ldt: { x64: 154 },
  uselib: { x64: 134 },
  _sysctl: { x64: 156 },
  lookup_dcookie: { x64: 212, arm64: 18 },
  nfsservctl: { x64: 180, arm64: 42 },
  vhangup: { x64: 153, arm64: 58 },
  syslog: { x64: 103, arm64: 116 },
  personality: { x64: 135, arm64: 92 },
  set_mempolicy: { x64: 238, arm64: 237 },
  set_mempolicy_home_node: { x64: 450, arm64: 450 },
  migrate_pages: { x64: 256, arm64: 238 },
  move_pages: { x64: 279, arm64: 239 },
  fanotify_init: { x64: 300, arm64: 262 },
  fanotify_mark: { x64: 301, arm64: 263 },
  memfd_secret: { x64: 447, arm64: 447 },
  vmsplice: { x64: 278, arm64: 75 },
};

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
const notPermitted = fail(1);
const noSuchCall = fail(38);
const familyNotSupported = fail(97);

/** Every CLONE_NEW* flag: time, mount, cgroup, UTS, IPC, user, PID and network namespaces. */
const newNamespaces =
  0x80 | 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000;
const numberOffset = 0;
const architectureOffset = 4;
const argumentOffset = (index: number) => 16 + 8 * index; // The low word: both architectures are little-endian.
const localSockets = 1; // AF_UNIX
const terminalInput = 0x5412; // TIOCSTI
const terminalConsole = 0x541c; // TIOCLINUX
const firstX32Call = 0x40000000;

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, operand: number];

/**
 * The filter's bytes, as `bwrap --seccomp` reads them.
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
  for (const numbers of Object.values(denied)) {
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
