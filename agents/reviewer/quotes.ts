import { printable } from "../model/prompt.ts";

/** Tells whether a quotation of at least so many characters stands in one of the texts: fewer stand in any text. */
export function quotationsOf(texts: readonly string[], least: number): (quote: string) => boolean {
  const places = texts.map(plain);
  return (quote) => {
    const words = plain(quote);
    return words.length >= least && places.some((place) => place.includes(words));
  };
}

/** White space, case, quotation marks and emphasis do not decide whether words are there. */
function plain(text: string): string {
  return printable(text)
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/[*_`]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}
