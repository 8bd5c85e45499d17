import { METRICS, MetricName } from "./catalogue.ts";
import { DEFINITIONS } from "./definitions.ts";

const HEAD = `# Metrics

What each metric of the vocabulary means, down to the cases where textbooks differ. A compiled \`metric.py\` does exactly this, and
every one is compared with an independent implementation (scikit-learn and scipy where they have it) on random submissions.
This page is generated from \`task/metrics/\` by \`npm run docs\`.

## What holds for all

- **Rows** are matched by id, the first column of the answers, never by position. Ids are compared as text, numbers in their shortest
  form, so it does not matter whether a CSV reader took \`7\` for a number or a text.
- **Labels** are compared in the same way: \`1\`, \`1.0\` and \`01\` are one label, \`True\` and \`TRUE\` another. Labels that a CSV reader takes for
  missing or infinite (\`None\`, \`NA\`, \`nan\`, \`inf\`, an empty text) are renamed when the task is made (\`none\`, \`na\`, \`(nan)\`, …).
- **Refused**, with a message that says what is wrong: something that is not a table; missing, unexpected or repeated columns; missing,
  unknown or repeated ids; an empty table; missing or infinite values; a wrong type; an unknown label; a probability outside [0, 1];
  probabilities of a row that do not sum to 1 within 0.01; for 0/1 columns any other number. The order of the columns is free.
- **Large numbers**: a prediction beyond ±1e100 counts as ±1e100. The score is always a finite number, never NaN.
- **Auxiliary columns** (event, query, scale) stand in the answers and not in a submission.
- **Averages over rows** are plain means; no row has a weight.

| what a submission holds | columns after the id |
|---|---|
| label | the target, with one of its labels |
| score | the target, with any finite number, higher for more likely, more relevant or sooner |
| probabilities | one for each label, named by the label |
| value | the target, a number in its unit |
| labels | each target column, 0 or 1 |
| scores | each target column, any finite number |
`;

/** The text of `docs/metrics.md`. */
export function metricsDocument(): string {
  const rows = MetricName.options.map((name) => {
    const facts = METRICS[name];
    const direction = facts.higherIsBetter ? "higher" : "lower";
    return `| [\`${name}\`](#${name}) | ${facts.title} | ${direction} | ${facts.best} | ${facts.submission} |`;
  });
  const table = ["| name | metric | better | best | submission |", "|---|---|---|---|---|", ...rows].join(
    "\n",
  );
  return `${HEAD}\n${table}\n\n${MetricName.options.map(section).join("\n")}`;
}

function section(name: MetricName): string {
  const facts = METRICS[name];
  const definition = DEFINITIONS[name];
  const parameters = Object.entries(facts.parameters).map(([key, value]) => `\`${key}\` = ${value}`);
  return `${[
    `## ${name}`,
    "",
    `**${facts.title}** · ${facts.higherIsBetter ? "higher" : "lower"} is better · for ${facts.objectives.map((objective) => objective.replaceAll("_", " ")).join(", ")}`,
    "",
    facts.formula,
    "",
    definition.meaning,
    "",
    ...definition.choices.map((choice) => `- ${choice}`),
    ...(parameters.length > 0 ? [`- Parameters and their defaults: ${parameters.join(", ")}.`] : []),
    `- Perfect (${facts.best}): ${definition.perfect}`,
    `- Without skill: ${definition.trivial}`,
  ].join("\n")}\n`;
}
