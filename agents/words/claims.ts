import type { ColumnFacts } from "../../dataset/survey.ts";

const NUMBERS: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
};

/** Documentation without the statements that the measured values contradict: code legends, numbers of levels, ranges. */
export function withoutFalseClaims(text: string, column: ColumnFacts): string {
  return withoutMillions(withoutRange(withoutCount(withoutLegend(text, column), column), column), column);
}

const CODE = /(?<![\w.])["'“]?(-?\d{1,5})["'”]?\s*(?:=+|:)\s*["'“]?(?=[A-Za-z<>≤≥$])/g;

/** Incomes of "8 million": people's money is told in thousands where the median is over one. */
function withoutMillions(text: string, column: ColumnFacts): string {
  if (!/\b(income|wages?|salar(y|ies)|earnings)\b/i.test(text) || (column.numeric?.median ?? 0) < 1)
    return text;
  return text.replace(/\s*\([^()]*\bmillions?\b[^()]*\)|,? in millions?( of)?( [A-Z]{3}| dollars)?/i, "");
}

/** "Sex: 1 = male, 2 = female" of a column of 0 and 1: the noun stays, the legend goes. */
function withoutLegend(text: string, column: ColumnFacts): string {
  const codes = [...text.matchAll(CODE)].map((match) => ({ at: match.index, code: Number(match[1]) }));
  const first = codes[0];
  if (
    first === undefined ||
    codes.length < 2 ||
    !contradicts(
      codes.map(({ code }) => code),
      column,
    )
  )
    return text;
  const before = text.slice(0, first.at);
  const last = codes.at(-1)?.at ?? first.at;
  const inside = before.lastIndexOf("(") > before.lastIndexOf(")");
  const rest = text.slice(last);
  const closing = inside ? rest.indexOf(")") : (/[.;](?:\s|$)/.exec(rest)?.index ?? -1);
  const after = closing < 0 ? "" : rest.slice(closing + (inside ? 1 : 0));
  const head = (inside ? before.slice(0, before.lastIndexOf("(")) : before).replace(/[\s,;:(–—-]+$/, "");
  return `${head}${after}`.trim();
}

/** Whether codes are other than the values: values outside their range while some of the codes do not occur. */
function contradicts(codes: readonly number[], column: ColumnFacts): boolean {
  if (column.distinct > 60 || column.top.length < column.distinct) return false;
  const ignored = new Set(column.missingCodes ?? []);
  const seen = column.top.map(([value]) => value).filter((value) => !ignored.has(value));
  if (seen.length === 0) return false;
  // "1_female" and "2. yes" begin with their code.
  const numbers = seen.map((value) =>
    /^-?\d+(?:[_.)\s:-]|$)/.test(value) ? Number.parseFloat(value) : Number(value),
  );
  if (numbers.some((value) => Number.isNaN(value))) return numbers.every((value) => Number.isNaN(value));
  const [low, high] = [Math.min(...codes), Math.max(...codes)];
  return (
    numbers.some((value) => value < low || value > high) && codes.some((code) => !numbers.includes(code))
  );
}

/** "divided into 3 categories", "(3 groups)" where another number of values is seen. */
function withoutCount(text: string, column: ColumnFacts): string {
  return text.replace(
    /(?:,?\s*(?:divided|grouped|classified|coded|split|recoded|categorised|categorized)\s+in(?:to)?|,?\s*with|,|\s*\(|\s*:)\s*(\d+|two|three|four|five|six|seven|eight|nine|ten)\s+(?:levels|categories|groups|classes)\)?/gi,
    (found, said: string) => (Number(NUMBERS[said.toLowerCase()] ?? said) === column.distinct ? found : ""),
  );
}

/** "between 4 and 8", "from 1 to 5" and "(0-100)" at the end of a clause, where the values lie outside. */
function withoutRange(text: string, column: ColumnFacts): string {
  const { numeric } = column;
  if (numeric === null) return text;
  return text.replace(
    /(?:,?\s*(?:(?:values )?(?:ranging|ranges?) )?(?:between|from)\s+|\s*[([]\s*(?:from |between )?|,\s*)(-?\d+(?:\.\d+)?)\s*(?:-|–|to|and)\s*(-?\d+(?:\.\d+)?)\s*(?:[)\]]|(?=[.;,]?\s*$))/g,
    (found, from: string, to: string) => {
      const [low, high] = [Number(from), Number(to)];
      const apart = numeric.max < low || numeric.min > high;
      return low < high && !apart && (numeric.min < low || numeric.max > high) ? "" : found;
    },
  );
}
