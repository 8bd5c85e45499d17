/** Text that came from data, made safe for a terminal: no control characters, bounded. */
export function plain(text: string, longest = 300): string {
  // C0, DEL, C1, line and paragraph separators, bidirectional overrides.
  const clean = text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ");
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}

/** JSON for stdout: characters that a terminal would obey are written as escapes, which JSON reads back as they were. */
export function json(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(/[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}

const codes = { bold: "1", dim: "2", red: "31", green: "32", yellow: "33", cyan: "36" } as const;

/** Colours only on a terminal, and never when NO_COLOR is set (https://no-color.org). */
export function paint(stream: { isTTY?: boolean }, style: keyof typeof codes, text: string): string {
  if (!stream.isTTY || process.env.NO_COLOR) return text;
  return `\u001b[${codes[style]}m${text}\u001b[0m`;
}
