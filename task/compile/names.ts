/** A column name as it is written: one line, no characters that do not show, at most 120 characters. */
export function columnName(name: string, position: number): string {
  const shown = name
    .replace(/[\p{C}\p{Z}\s]+/gu, " ")
    .trim()
    .slice(0, 120)
    .trim();
  return shown === "" ? `column_${position + 1}` : shown;
}

/** Gives every name that is taken already another one, clear to a reader: `id` becomes `original_id`. */
export function uniqueName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 1; taken.has(free.toLowerCase()); number++) {
    free = number === 1 ? `original_${name}` : `original_${name}_${number}`;
  }
  taken.add(free.toLowerCase());
  return free;
}
