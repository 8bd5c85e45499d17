/** Reading a description: headings, code spans, fenced blocks. */

export interface Section {
  heading: string;
  text: string;
}

/** Sections by heading; text before the first heading has the heading "". Headings inside fences do not count. */
export function sectionsOf(description: string): Section[] {
  const sections: Section[] = [{ heading: "", text: "" }];
  let fenced = false;
  for (const line of description.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const heading = fenced ? null : /^#{1,6}\s+(.*?)\s*#*$/.exec(line);
    if (heading) sections.push({ heading: heading[1] ?? "", text: "" });
    else {
      const last = sections.at(-1);
      if (last) last.text += `${line}\n`;
    }
  }
  return sections;
}

/** The contents of fenced code blocks. */
export function fencesOf(text: string): string[] {
  return [...text.matchAll(/^[ \t]*(```|~~~)[^\n]*\n([\s\S]*?)^[ \t]*\1/gm)].map((match) => match[2] ?? "");
}

/** The contents of inline code spans outside fences. */
export function codeSpansOf(text: string): string[] {
  const prose = text.replace(/^[ \t]*(```|~~~)[\s\S]*?^[ \t]*\1.*$/gm, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => (match[1] ?? "").trim());
}

/** The cells of one line of a CSV file (no line breaks inside cells). */
export function cellsOf(line: string): string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(match[1] === undefined ? (match[2] ?? "").trim() : match[1].replaceAll('""', '"'));
  return cells;
}
