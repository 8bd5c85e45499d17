import type { ColumnFacts } from "../../../dataset/survey.ts";
import { descriptionOf, meaningOf, unitOf } from "../../words/phrases.ts";
import { humanise, kebab } from "../../words/tokens.ts";
import { titleOf } from "./candidates.ts";
import { figure } from "./objective.ts";
import type { Plan } from "./plan.ts";
import type { Reading } from "./reading.ts";
import { isEarlier, type Withheld } from "./relatives.ts";
import { randomSplit, unusable } from "./roles.ts";
import { repeatedUnit } from "./split.ts";

/** Events in all, and among the hidden rows: with fewer, the order of two solvers is chance (C has an error near 0.3 / √events). */
const FEWEST_EVENTS = 250;
const TEST_EVENTS = 90;

/** Time to an event, some of them censored; from the survey's roles or from `Surv(time, status)` in documentation. */
export function survivalPlans(reading: Reading): Plan[] {
  const named = reading.formulas.find((formula) => formula.survival !== null)?.survival ?? null;
  const duration = reading.columns.get(named?.duration ?? reading.view.roles.duration ?? "");
  const event = reading.columns.get(named?.event ?? reading.view.roles.event ?? "");
  if (duration === undefined || event === undefined || duration.numeric === null || duration.numeric.min < 0)
    return [];
  const values = event.top.map(([value]) => value.replace(/\.0$/, "").toLowerCase()).sort();
  if (event.distinct !== 2 || !(values.join() === "0,1" || values.join() === "false,true")) return [];
  const events = event.top.find(([value]) => /^(1|1\.0|true)$/i.test(value))?.[1] ?? 0;
  if (events < FEWEST_EVENTS) return [];
  const kind = kindOfEvent(reading);
  if (kind === "several") return [];
  const unit = repeatedUnit(reading);
  // One record of each unit is left when only one kind of event is asked for.
  const repeated = kind === null && unit !== undefined && unit.groups >= 30 ? unit : undefined;
  if (
    marksCensoring(event) ||
    reading.view.columns.some(
      (column) =>
        /^t?_?(start|entry|begin)|start$/i.test(column.name) &&
        column.numeric !== null &&
        column.type !== "datetime",
    )
  )
    return [];
  const phrase =
    descriptionOf(duration) === ""
      ? `the ${humanise(duration.name)} until ${/^(status|event|cens\w*|delta)$/i.test(event.name) ? "the event" : humanise(event.name)}`
      : meaningOf(duration);
  const hidden = randomSplit(
    reading.view.rows,
    repeated === undefined
      ? "Rows are hidden at random."
      : `Rows of one ${repeated.column} stay on one side.`,
  );
  const split = {
    ...hidden,
    testShare: Math.min(0.5, Math.max(hidden.testShare, Math.ceil((TEST_EVENTS / events) * 100) / 100)),
    ...(repeated === undefined ? {} : { strategy: "group" as const, groups: [repeated.column] }),
  };
  return [
    {
      id: kebab(`${reading.view.view.id}-${duration.name}-survival`),
      title: titleOf(reading, kind === null ? phrase : `the time until ${kind.meaning}`).replace(
        /^Predict /,
        "Rank by ",
      ),
      question: `Rank the rows by risk: those with the earliest ${kind === null ? "event" : kind.meaning} first. The time is ${phrase}; the column event says whether the event was seen or the row was censored. A submission gives each row a risk, not a time.`,
      score: 6,
      objective: "survival",
      columns: [duration.name],
      target: {
        expression: { kind: "column", column: duration.name },
        name: duration.name,
        kind: "survival",
        unit: unitOf(duration),
        labels: null,
        event: event.name,
        meaning: phrase,
      },
      metric: { name: "concordance_index", parameters: {} },
      split,
      dropped: [
        ...afterEvent(reading, duration.name, event.name, repeated?.column).filter(
          (held) => held.column !== kind?.column,
        ),
        ...(kind === null
          ? []
          : [{ column: kind.column, reason: "says which kind of event a record is about" }]),
        ...(kind !== null && unit !== undefined ? [{ column: unit.column, reason: "identifies a row" }] : []),
      ],
      knownInAdvance: null,
      only: kind === null ? null : { column: kind.column, in: [kind.level] },
      why: `${figure(events)} of ${figure(reading.view.rows)} times end in the event, the others are censored. Metric: the concordance index compares only pairs whose order is known.`,
    },
  ];
}

/** 1 stands for a censored time, not for the event: our survival tasks need it the other way round. */
function marksCensoring(event: { name: string; description: string | null }): boolean {
  return (
    /^(cens|cnsr)/i.test(event.name) ||
    /(1|yes|true)\s*(=|if|:|for|means)?\s*(right[- ])?(censored)|censor\w*\s*(=|:)\s*1/i.test(
      event.description ?? "",
    )
  );
}

const KIND_NAME =
  /^(e(vent)?[_. ]?type|type[_. ]?of[_. ]?event|end[_. ]?point([_. ]?type)?|outcome[_. ]?type)$/i;
const KIND_SAID = /\b(type of (event|endpoint|outcome)|(event|endpoint|outcome) type)\b/i;

/**
 * Tables with one record for each kind of event (recurrence and death): the most final kind whose meaning is documented;
 * "several" when there are kinds and none is named, so that the times of a table mean different things.
 */
function kindOfEvent(
  reading: Reading,
): { column: string; level: string; meaning: string } | "several" | null {
  const column = reading.view.columns.find(
    (entry) =>
      entry.distinct >= 2 &&
      entry.distinct <= 6 &&
      (KIND_NAME.test(entry.name) || KIND_SAID.test(descriptionOf(entry))),
  );
  if (column === undefined) return null;
  const meanings = column.top.map(([level]) => ({ level, meaning: levelMeaning(column, level) }));
  const final =
    meanings.find(({ meaning }) => /\b(death|died|dead)\b/i.test(meaning)) ??
    meanings.find(({ meaning }) => /[a-z]{4}/i.test(meaning));
  return final === undefined ? "several" : { column: column.name, ...final };
}

/** What documentation says of a level: "1 = recurrence, 2 = death"; a level in words says it itself. */
function levelMeaning(column: ColumnFacts, level: string): string {
  if (/[a-z]{4}/i.test(level)) return level.toLowerCase();
  const code = level.replace(/\.0$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const said =
    column.labels?.[level] ??
    new RegExp(`(?:^|[^\\w])${code}\\s*(?:=|:|-|means|for)\\s*([a-z][a-z -]{2,30})`, "i").exec(
      descriptionOf(column),
    )?.[1] ??
    "";
  return said
    .replace(/\s*\(.*$/, "")
    .trim()
    .toLowerCase();
}

function afterEvent(
  reading: Reading,
  duration: string,
  event: string,
  group: string | undefined,
): Withheld[] {
  const dropped = unusable(reading, [duration, event, ...(group === undefined ? [] : [group])]).filter(
    (entry) => entry.column !== group,
  );
  const done = new Set([duration, event, ...dropped.map((entry) => entry.column)]);
  const used = new Set(
    reading.formulas.filter((formula) => formula.survival !== null).flatMap((formula) => formula.right),
  );
  for (const column of reading.view.columns) {
    if (done.has(column.name) || used.has(column.name) || isEarlier(column)) continue;
    const probe = reading.probes.get(duration);
    const copy =
      probe?.copies.includes(column.name) ||
      probe?.determinedBy.some((names) => names.includes(column.name)) ||
      reading.probes.get(event)?.copies.includes(column.name) ||
      reading.probes
        .get(column.name)
        ?.determinedBy.some((names) => names.includes(duration) || names.includes(event));
    const later =
      /\b(time|status|event|death|died|dead|survival|surv|follow|relapse|recur|cens\w*|end|stop|durat\w*|outcome|date|cause)\b/i.test(
        column.name.replace(/[._]/g, " "),
      );
    if (copy || later || column.type === "datetime")
      dropped.push({ column: column.name, reason: "belongs to the outcome or may be known only after it" });
  }
  return [
    ...dropped,
    { column: event, reason: "is part of the outcome: it says whether the time ended in the event" },
  ];
}
