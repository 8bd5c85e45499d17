import type { ColumnFacts } from "../../../dataset/survey.ts";
import { descriptionOf } from "../../words/phrases.ts";

const CODES = new Set(
  "-1,-2,-3,-7,-8,-9,-99,-98,-97,-999,-9999,97,98,99,998,999,9998,9999,99999,999999,NA,N/A,na,n/a,null,NULL,None,?,.,-,unknown,Unknown,missing,Missing,refused,Refused,DK,dk,don't know,Don't know".split(
    ",",
  ),
);
const DECLARED =
  /(-?\d{1,5}|[A-Z]{1,3})\s*(?:=|:|is|means|for|indicates|if)\s*(?:coded as )?(?:missing|no answer|not available|unknown|refused|no response|not applicable|don'?t know)/gi;

/** Values of a column that mean "no value": only where the survey flagged a code, or the description declares it. */
export function missingCodesOf(column: ColumnFacts): string[] {
  const plain = (value: string) => value.replace(/\.0$/, "");
  const seen = new Set(column.top.map(([value]) => plain(value)));
  const codes = new Set<string>();
  for (const match of descriptionOf(column).matchAll(DECLARED))
    if (seen.has(match[1] ?? "")) codes.add(match[1] ?? "");
  if (column.flags.includes("missing_code")) {
    for (const [value] of column.top) if (CODES.has(plain(value))) codes.add(value);
    const numeric = column.numeric;
    for (const edge of numeric === null ? [] : [numeric.min, numeric.max])
      if (CODES.has(String(edge))) codes.add(String(edge));
  }
  return [...codes].sort();
}
