/** Field of application by the words of title and documentation; the most hits win, ties by this order. */
const FIELDS: [string, RegExp][] = [
  [
    "health",
    /\b(patients?|disease|cancer|clinical|hospital|medical|health|treatment|drug|tumou?r|blood|diagnos\w+|surviv\w+|birth weight|mortality|therapy|physician|symptom\w*)\b/gi,
  ],
  [
    "agriculture",
    /\b(yields?|crop|wheat|barley|maize|corn|soybeans?|cotton|potato(es)?|rice|variet(y|ies)|fertili[sz]er|agricultur\w+|field trial|genotypes?|cultivars?|harvest)\b/gi,
  ],
  [
    "housing",
    /\b(hous(e|es|ing)|rents?|real estate|apartments?|homes|dwelling|property prices?|airbnb|listings?)\b/gi,
  ],
  [
    "education",
    /\b(schools?|students?|teachers?|exams?|college|pupils?|universit(y|ies)|courses?|grades?|gpa|test scores?|education)\b/gi,
  ],
  ["labour", /\b(wages?|salar(y|ies)|earnings|employment|unemploy\w+|workers?|labou?r|employees?|job)\b/gi],
  [
    "economics",
    /\b(gdp|inflation|trade|econom\w+|household|expenditure|consumption|tax|countries|investment|firms?)\b/gi,
  ],
  [
    "finance",
    /\b(stocks?|returns|loans?|credit|bank\w*|interest rates?|exchange rates?|insurance|claims?|pension)\b/gi,
  ],
  [
    "politics",
    /\b(elections?|votes?|voters?|senate|congress\w*|party|polls?|political|president\w*|parliament)\b/gi,
  ],
  [
    "sport",
    /\b(baseball|football|basketball|nba|mlb|nfl|soccer|teams?|players?|race|marathon|runners?|season|olympi\w+)\b/gi,
  ],
  [
    "ecology",
    /\b(species|birds?|fish|forest|trees?|animals?|habitat|plants?|ecolog\w+|insects?|wildlife|penguins?)\b/gi,
  ],
  [
    "environment",
    /\b(weather|temperature|climate|pollution|ozone|rainfall|radon|soil|emissions?|water|air quality|earthquakes?)\b/gi,
  ],
  [
    "transport",
    /\b(cars?|vehicles?|flights?|traffic|airlines?|accidents?|fuel|passengers?|automobiles?)\b/gi,
  ],
  ["crime", /\b(crimes?|prison\w*|police|arrests?|offen[cs]es?|recidivism|murder)\b/gi],
  ["marketing", /\b(customers?|brands?|sales|advertis\w+|purchas\w+|products?|consumers?|store)\b/gi],
  [
    "psychology",
    /\b(personality|psycholog\w+|cognitive|anxiety|depress\w+|attitudes?|survey respondents?)\b/gi,
  ],
  ["archaeology", /\b(archaeolog\w+|artefacts?|ceramics?|pottery|excavat\w+|prehistoric)\b/gi],
  ["media", /\b(movies?|films?|episodes?|songs?|music|books?|television)\b/gi],
  ["chemistry", /\b(molecul\w+|chemical|compounds?|concentration|acid|toxic\w*)\b/gi],
];

/** One or two words, e.g. "health"; "general" when nothing speaks. */
export function fieldOf(text: string): string {
  let best = "general";
  let most = 1;
  for (const [field, pattern] of FIELDS) {
    const hits = text.slice(0, 8_000).match(pattern)?.length ?? 0;
    if (hits > most) {
      most = hits;
      best = field;
    }
  }
  return best;
}
