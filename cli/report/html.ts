/** HTML that is safe by construction: every value in the template is escaped unless it is already Html. */
export class Html {
  constructor(readonly text: string) {}
}

/** Template tag: escapes strings and numbers, joins lists, keeps Html as it is. */
export function html(parts: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return new Html(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

export type HtmlValue = Html | string | number | null | undefined | HtmlValue[];

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(render).join("");
  if (value === null || value === undefined) return "";
  return escapeText(String(value));
}

function escapeText(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]/gu, "\ufffd")
    .replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
