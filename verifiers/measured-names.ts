/**
 * Names of what a check reports, read from its source: the keys of `measured: {...}` in TypeScript, of `measured={...}`,
 * `outcome.measured = {...}` and `outcome.measured["..."]` in Python. Keys that are made from data (names of columns) are not
 * among them.
 */
export function measuredNames(source: string): string[] {
  const names = new Set<string>();
  for (const { 0: start, index } of source.matchAll(/\bmeasured ?[:=] ?\{/g))
    for (const part of topLevelParts(source, index + start.length)) {
      const [, quoted, plain] = /^\s*(?:"([^"{]+)"|([a-z]\w*))\s*(?:[:,}]|$)/.exec(part) ?? [];
      const name = quoted ?? plain;
      if (name !== undefined) names.add(name);
    }
  for (const [, name = ""] of source.matchAll(/\.measured\["([^"]+)"\]/g)) names.add(name);
  return [...names];
}

/** What stands between the commas up to the brace that closes, brackets within left whole. */
function topLevelParts(source: string, from: number): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = from;
  for (let place = from; place < source.length; place += 1) {
    const sign = source.charAt(place);
    if ("([{".includes(sign)) depth += 1;
    else if (")]}".includes(sign)) depth -= 1;
    if (depth < 0 || (depth === 0 && sign === ",")) {
      parts.push(source.slice(start, place).replace(/\/\/.*$/gm, ""));
      start = place + 1;
    }
    if (depth < 0) break;
  }
  return parts;
}
