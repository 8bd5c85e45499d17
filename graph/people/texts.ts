/** Text on one line, cut to so many characters: questions stay small, whatever the data or a model wrote. */
export function clipped(text: string, longest: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

/** The first names, and how many more there are. */
export function few(names: readonly string[], most = 20): string[] {
  const more = names.length - most;
  return more <= 0 ? [...names] : [...names.slice(0, most), `… and ${more} more`];
}
