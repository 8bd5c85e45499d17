import type { Survey } from "../../dataset/survey.ts";

/** What a dataset's documentation says, taken apart: title, sections, plain prose. */
export interface Documentation {
  title: string;
  /** Lower-case section heading → text; `` is what stands before the first heading. */
  sections: ReadonlyMap<string, string>;
  /** The first paragraphs about the data, cleaned of markup. */
  abstract: string[];
  /** Everything, as it stands (formulas are searched in it). */
  raw: string;
  /** Prose only: no code, no references, no examples; cleaned. */
  prose: string;
}

const PROSE =
  /^(description|abstract|about|overview|introduction|summary|details|detail|background|context|note|notes|content|)$/;
/** Headings under which a dataset says what it is. */
const ABSTRACT =
  /^(what (it|this) is|(data ?set |data )?(description|overview|summary|information)|abstract|about( (the|this|it))?( data ?set| data)?|introduction|context|background)$/;
const LATER =
  /^(usage|format|arguments?|value|examples?|references?|source|see also|author.*|licen[cs]e|citation.*|changelog|install.*)$/;

/** Reads R's help pages (reStructuredText or text), Markdown and plain text alike. */
export function readDocumentation(survey: Survey): Documentation {
  const raw = survey.documentation
    .map((part) => part.text)
    .join("\n\n")
    .replace(/\r\n?/g, "\n");
  const { title, sections } = split(raw);
  const telling = [...sections].filter(([name]) => ABSTRACT.test(name)).map(([, text]) => paragraphs(text));
  const abstract = [...telling, paragraphs(sections.get("") ?? "")].find((found) => found.length > 0) ?? [];
  const prose: string[] = [];
  for (const [name, text] of sections)
    if (PROSE.test(name) || !LATER.test(name)) prose.push(cleaned(withoutCode(text)));
  return {
    title: cleaned(title || survey.dataset.title),
    sections,
    abstract: abstract.length > 0 ? abstract : paragraphs(sections.get("details") ?? ""),
    raw,
    prose: prose.join("\n").slice(0, 12_000),
  };
}

function split(raw: string): { title: string; sections: Map<string, string> } {
  const lines = raw.split("\n");
  const sections = new Map<string, string>();
  let title = "";
  let current = "";
  let body: string[] = [];
  const close = () => {
    const earlier = sections.get(current);
    sections.set(current, earlier === undefined ? body.join("\n") : `${earlier}\n\n${body.join("\n")}`);
    body = [];
  };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const next = lines[index + 1] ?? "";
    const markdown = /^(#{1,4})\s+(.+?)\s*#*$/.exec(line);
    const underlined =
      line.trim().length > 1 &&
      /^([=\-~^"*])\1{2,}\s*$/.test(next) &&
      Math.abs(next.trim().length - line.trim().length) <= 3;
    if (!markdown && !underlined) {
      if (!/^[=\-~^]{3,}(\s+[=]{3,})*\s*$/.test(line) && !/R Documentation\s*$/.test(line)) body.push(line);
      continue;
    }
    const heading = (markdown?.[2] ?? line).trim();
    if (underlined) index++;
    if (
      title === "" &&
      (markdown ? markdown[1] === "#" || markdown[1] === "##" : /^[=-]/.test(next)) &&
      !PROSE.test(heading.toLowerCase())
    ) {
      title = heading;
      continue;
    }
    close();
    current = heading.toLowerCase().replace(/[:.]$/, "");
  }
  close();
  return { title, sections };
}

function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```/g, " ").replace(/\.\. code::[^\n]*\n+(?:[ \t]+[^\n]*\n|\n)*/g, " ");
}

/** Markup, links and control characters removed; blanks squeezed. */
export function cleaned(text: string): string {
  return (
    text
      .replace(/`{2,}\s*([^`]*?)\s*`{2,}\s*<[^>`]*>`_*/g, "$1")
      .replace(/<https?:[^>]*>/g, "")
      .replace(/``+\s*([^`]*?)\s*``+/g, "$1")
      .replace(/`([^`<]*)<[^>`]*>`_*/g, "$1")
      .replace(/:[a-z]+:`([^`]*)`/g, "$1")
      .replace(/`([^`]*)`_*/g, "$1")
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/\*\*([^*\n]+)\*\*/g, "$1")
      .replace(/(^|[\s(])[*_]([^*_\n]+)[*_](?=[\s.,;:)]|$)/g, "$1$2")
      // Tags only: "< HS Grad" and "<=Good … >=Very Good" are comparisons.
      .replace(/<\/?[A-Za-z][^<>\n]{0,80}>|<!--[^\n]*?-->/g, "")
      .replace(/\\([\\*_`| ])/g, "$1")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, "")
      .replace(/[ \t]+/g, " ")
      .trim()
  );
}

/** Prose paragraphs of at least a few words: no tables, lists of fields or code. */
export function paragraphs(text: string): string[] {
  return withoutCode(text)
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => !/^(\.\.|\||\+[-=]|={3}|[-*] {0,3}\S|\d+\. )/.test(part) && !/[=+-]{8,}/.test(part))
    .map((part) => cleaned(part.replace(/\s*\n\s*/g, " ")))
    .filter((part) => part.split(" ").length >= 5 && /[a-z]/.test(part));
}

/** Sentences of prose. */
export function sentences(prose: string): string[] {
  return prose
    .replace(/\s*\n\s*/g, " ")
    .split(/(?<=[.!?])\s+(?=[A-Z"“‘(])/)
    .map((part) => part.trim())
    .filter((part) => part.length > 10);
}
