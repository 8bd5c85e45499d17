import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canonicalJson } from "../../core/hash.ts";
import { surveyDataset } from "../../dataset/run-survey.ts";
import type { ColumnFacts, Probe, Survey, ViewSurvey } from "../../dataset/survey.ts";
import { type TestServices, testServices } from "../helpers/services.ts";
import { flats, messages, nasty, patients, randomNumbers, shops, table } from "./survey-tables.ts";

let services: TestServices;

beforeAll(async () => {
  services = await testServices({ slots: 2 });
});

afterAll(async () => {
  await services.close();
});

async function survey(files: Record<string, string>, from: TestServices = services): Promise<Survey> {
  return surveyDataset(
    { name: "test", raw: await from.store.putFiles(files), fingerprint: "0".repeat(64) },
    from,
  );
}

function onlyView(found: Survey): ViewSurvey {
  const [view] = found.views;
  if (view === undefined || found.views.length > 1)
    throw new Error(`expected one view, found ${found.views.length}: ${JSON.stringify(found.setAside)}`);
  return view;
}

function column(view: ViewSurvey, name: string): ColumnFacts {
  const found = view.columns.find((facts) => facts.name === name);
  if (found === undefined)
    throw new Error(`no column ${name} among ${view.columns.map((facts) => facts.name).join(", ")}`);
  return found;
}

function probe(view: ViewSurvey, name: string): Probe {
  const found = view.probes.find((entry) => entry.column === name);
  if (found === undefined) throw new Error(`no probe of ${name}`);
  return found;
}

describe("a table with a README", () => {
  let view: ViewSurvey;

  beforeAll(async () => {
    view = onlyView(await survey(flats()));
  }, 60_000);

  test("types and flags", () => {
    expect(view.rows).toBe(300);
    expect(column(view, "rownames").flags).toEqual(
      expect.arrayContaining(["row_number", "identifier", "unique", "sorted"]),
    );
    expect(column(view, "flat_id")).toMatchObject({ type: "string", distinct: 300 });
    expect(column(view, "flat_id").flags).toContain("identifier");
    expect(column(view, "city").type).toBe("category");
    expect(column(view, "area")).toMatchObject({ type: "integer", missing: 0 });
    expect(column(view, "area").flags).not.toContain("ordinal");
    expect(column(view, "country").type).toBe("constant");
    expect(column(view, "view").levels).toEqual([
      "strongly disagree",
      "disagree",
      "neutral",
      "agree",
      "strongly agree",
    ]);
  });

  test("codes for no answer are no levels", () => {
    const satisfaction = column(view, "satisfaction");
    expect(satisfaction.flags).toEqual(expect.arrayContaining(["missing_code", "ordinal"]));
    expect(satisfaction.missingCodes).toEqual(["99"]);
    expect(satisfaction.levels).toEqual(["1", "2", "3", "4", "5"]);
  });

  test("descriptions come from lists and tables of the documentation", () => {
    expect(column(view, "area").description).toBe("living area in square metres");
    expect(column(view, "price").description).toBe("price of the sale in euro");
    expect(column(view, "flat_id").description).toBe("identifier of the flat");
    expect(column(view, "rooms").description).toBeNull();
  });

  test("probes tell what can be predicted, copies and what decides a column", () => {
    const price = probe(view, "price");
    expect(price.kind).toBe("regression");
    expect(price.gain).toBeGreaterThan(0.9);
    expect(price.copies).toEqual(["price_k"]);
    expect(price.singles.find((single) => single.column === "area")?.gain).toBeGreaterThan(0.4);
    expect(probe(view, "region").determinedBy).toEqual([["city"]]);
    expect(probe(view, "city").determinedBy).toEqual([]);
    expect(probe(view, "view").gain).toBeLessThan(0.2);
    expect(Math.abs(price.orderGain)).toBeLessThan(0.2);
    expect(view.probes.map((entry) => entry.column)).not.toContain("rownames");
  });
});

describe("a panel of daily sales", () => {
  let view: ViewSurvey;

  beforeAll(async () => {
    view = onlyView(await survey(shops()));
  }, 60_000);

  test("time axis, its step and its series", () => {
    expect(view.modality).toBe("time_series");
    expect(view.time[0]).toEqual({
      column: "date",
      step: "1 day",
      regular: true,
      from: "2023-01-01",
      to: "2023-04-30",
      series: ["shop"],
      points: 120,
    });
    expect(column(view, "date")).toMatchObject({ type: "datetime", range: ["2023-01-01", "2023-04-30"] });
  });

  test("definition lists describe columns, and sales follow their past", () => {
    expect(column(view, "shop").description).toBe("name of the shop, one of four");
    const sales = probe(view, "sales");
    expect(sales.historyGain).toBeGreaterThan(0.5);
    expect(probe(view, "temperature").historyGain).toBeLessThan(0.2);
  });
});

test("a documented placeholder is filled in for the columns it stands for", async () => {
  const random = randomNumbers(11);
  const view = onlyView(
    await survey({
      ...table(["brand", "price.sun", "price.moon", "disp.sun", "disp.moon"], 120, (row) => [
        row % 3 === 0 ? "sun" : "moon",
        (1 + random()).toFixed(2),
        (1 + random()).toFixed(2),
        row % 2,
        row % 5 === 0 ? 1 : 0,
      ]),
      "README.md": "# Brands\n\n- `price.z`: price of brand z\n- `disp.z`: is there a display for brand z?\n",
    }),
  );
  expect(column(view, "price.sun").description).toBe("price of brand sun");
  expect(column(view, "disp.moon").description).toBe("is there a display for brand moon?");
}, 60_000);

test("survival: duration and event, groups of visits, no survey weight", async () => {
  const view = onlyView(await survey(patients()));
  expect(view.roles).toMatchObject({ duration: "time", event: "status" });
  expect(view.modality).toBe("survival");
  expect(view.groups[0]).toMatchObject({ column: "patient", groups: 80, rows: 3 });
  expect(column(view, "weight").flags).toEqual([]);
  expect(column(view, "sex").labels).toEqual({ m: "male", f: "female" });
}, 60_000);

test("a weight around 1 is a sampling weight", async () => {
  const random = randomNumbers(12);
  const view = onlyView(
    await survey(
      table(["answer", "age", "weight"], 200, () => [
        random() < 0.5 ? "yes" : "no",
        20 + Math.floor(random() * 50),
        (0.4 + 1.2 * random()).toFixed(4),
      ]),
    ),
  );
  expect(column(view, "weight").flags).toContain("weight");
  expect(view.probes.map((entry) => entry.column)).not.toContain("weight");
}, 60_000);

test("texts predict their labels", async () => {
  const view = onlyView(await survey(messages()));
  expect(column(view, "message").type).toBe("text");
  expect(view.modality).toBe("text");
  expect(probe(view, "label").gain).toBeGreaterThan(0.8);
  expect(probe(view, "label").singles[0]?.column).toBe("message");
}, 60_000);

test("rows sorted by the target give themselves away", async () => {
  const random = randomNumbers(9);
  const view = onlyView(
    await survey(table(["kind", "x", "y"], 200, (row) => [row < 100 ? "a" : "b", random(), random() * 5])),
  );
  expect(probe(view, "kind").orderGain).toBeGreaterThan(0.9);
  expect(probe(view, "kind").gain).toBeLessThan(0.35);
}, 60_000);

test("odd content is bounded, printable and finite", async () => {
  const found = await survey(nasty());
  const view = onlyView(found);
  // The recipe alone holds names as the file has them: it must find them there.
  const text = JSON.stringify({ ...found, views: found.views.map((entry) => ({ ...entry, view: null })) });
  expect(text).not.toMatch(/\p{Cc}|\p{Cf}|\\u00[01]/u);
  expect(view.columns.every((facts) => facts.name.length <= 200)).toBe(true);
  expect(column(view, "empty").type).toBe("empty");
  expect(column(view, "mixed")).toMatchObject({ type: "integer", missingCodes: ["seventeen"] });
  expect(column(view, "target").type).toBe("boolean");
}, 60_000);

describe("refusals say why", () => {
  const random = randomNumbers(11);
  const cases: Array<[string, Record<string, string>, RegExp]> = [
    ["too few rows", table(["a", "b"], 30, () => [random(), random()]), /^30 rows: no credible hidden test/],
    ["only constants", table(["a", "b"], 120, () => [1, "x"]), /constant or empty/],
    ["only identifiers", table(["id", "code"], 120, (row) => [row + 1, `K${row * 3}`]), /identifiers/i],
  ];
  test.each(cases)(
    "%s",
    async (_name, files, reason) => {
      const found = await survey(files);
      expect(found.refusal?.reason).toMatch(reason);
      expect(found.refusal?.help).not.toBe("");
    },
    60_000,
  );
});

test("the same data give the same survey", async () => {
  const other = await testServices();
  try {
    expect(canonicalJson(await survey(flats(), other))).toBe(canonicalJson(await survey(flats())));
  } finally {
    await other.close();
  }
}, 60_000);
