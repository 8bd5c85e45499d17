import { callRules } from "../system-calls.ts";

interface Rule {
  names: string[];
  action: "SCMP_ACT_ERRNO";
  errnoRet: number;
  args?: Array<{ index: number; value: number; valueTwo?: number; op: string }>;
}

/**
 * Docker's form of the filter that bubblewrap gets as a program: the same calls are refused with the same errors. Names that
 * the daemon's libseccomp does not know are skipped there; so the job's own process gets the program too.
 */
export function seccompProfile(): string {
  const { denied, notPermitted, noSuchCall, familyNotSupported, newNamespaces, terminalRequests } = callRules;
  const refused = (names: string[], errnoRet: number, ...args: NonNullable<Rule["args"]>): Rule => ({
    names,
    action: "SCMP_ACT_ERRNO",
    errnoRet,
    ...(args.length > 0 ? { args } : {}),
  });
  const word = 0xffffffff;
  const rules: Rule[] = [
    refused(Object.keys(denied), notPermitted),
    refused(["clone3"], noSuchCall),
    // Rules of one call are alternatives: any of the flags is enough.
    ...newNamespaces.map((flag) =>
      refused(["clone"], notPermitted, { index: 0, value: flag, valueTwo: flag, op: "SCMP_CMP_MASKED_EQ" }),
    ),
    // Any family but that of local sockets; only the low word counts.
    ...["socket", "socketpair"].flatMap((name) => [
      refused([name], familyNotSupported, { index: 0, value: callRules.localSockets, op: "SCMP_CMP_NE" }),
    ]),
    ...terminalRequests.map((request) =>
      refused(["ioctl"], notPermitted, {
        index: 1,
        value: word,
        valueTwo: request,
        op: "SCMP_CMP_MASKED_EQ",
      }),
    ),
  ];
  return JSON.stringify({ defaultAction: "SCMP_ACT_ALLOW", archMap: architectures, syscalls: rules });
}

/** Calls of another architecture's kind end the process. */
const architectures = [
  { architecture: "SCMP_ARCH_X86_64", subArchitectures: [] },
  { architecture: "SCMP_ARCH_AARCH64", subArchitectures: [] },
];
