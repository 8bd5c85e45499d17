/** Small data sets for the survey's tests, made from a fixed sequence of pseudo-random numbers. */

/** Numbers in [0, 1), the same for each seed (linear congruential generator of Numerical Recipes). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function csv(header: string[], rows: Array<Array<string | number>>): string {
  return `${[header, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}

/** 300 flats: a row number, an id, a price with a copy in thousands, a city that decides the region, answers from 1 to 5 with 99. */
export function flats(): Record<string, string> {
  const random = randomNumbers(1);
  const cities = ["Aalen", "Bonn", "Celle", "Dachau", "Emden", "Fulda"];
  const views = ["strongly disagree", "disagree", "neutral", "agree", "strongly agree"];
  const rows = Array.from({ length: 300 }, (_, index) => {
    const area = 30 + Math.round(random() * 120);
    const rooms = 1 + Math.floor(area / 40 + random());
    const city = Math.floor(random() * cities.length);
    const price = Math.round(1000 * (area * (2 + city * 0.3) + 20 * random()));
    const satisfaction = random() < 0.1 ? 99 : 1 + Math.floor(random() * 5);
    return [
      index + 1,
      `F-${10000 + index * 7}`,
      area,
      rooms,
      cities[city] ?? "",
      city < 3 ? "west" : "east",
      satisfaction,
      views[Math.floor(random() * 5)] ?? "",
      price,
      price / 1000,
      3,
    ];
  });
  const readme = [
    "# Flats of six towns",
    "",
    "- `flat_id`: identifier of the flat",
    "- **area**: living area in square metres",
    "* satisfaction: satisfaction of the tenant on a scale from 1 to 5; 99 = no answer",
    "",
    "| Column | Description |",
    "|---|---|",
    "| price | price of the sale in euro |",
    "| price_k | price in thousands |",
    "",
  ].join("\n");
  return {
    "flats.csv": csv(
      [
        "rownames",
        "flat_id",
        "area",
        "rooms",
        "city",
        "region",
        "satisfaction",
        "view",
        "price",
        "price_k",
        "country",
      ],
      rows,
    ),
    "README.md": readme,
  };
}

/** Daily sales of four shops over 120 days, shop after shop; sales follow the day before and a week. */
export function shops(): Record<string, string> {
  const random = randomNumbers(2);
  const rows: Array<Array<string | number>> = [];
  for (const shop of ["north", "south", "east", "west"]) {
    let level = 100;
    for (let day = 0; day < 120; day += 1) {
      level += random() * 10 - 5;
      rows.push([
        new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10),
        shop,
        Math.round(random() * 30),
        (level + (day % 7) * 8).toFixed(1),
      ]);
    }
  }
  const help = [
    "shops R Documentation",
    "",
    "Format",
    "~~~~~~",
    "",
    "date",
    "   day of the sale",
    "",
    "``shop``",
    "   name of the shop, one",
    "   of four",
    "",
    "sales",
    "   turnover in thousand euro",
    "",
  ].join("\n");
  return { "shops.csv": csv(["date", "shop", "temperature", "sales"], rows), "shops.rst": help };
}

/** 240 patients with a time to relapse; three visits each of 80 people. */
export function patients(): Record<string, string> {
  const random = randomNumbers(3);
  const rows = Array.from({ length: 240 }, (_, index) => {
    const age = 20 + Math.floor(random() * 60);
    const time = Math.min(365, Math.ceil(1 + random() * 9 * age));
    return [
      `P${100 + Math.floor(index / 3)}`,
      age,
      random() < 0.5 ? "m" : "f",
      (50 + 50 * random()).toFixed(1),
      time,
      time < 365 ? 1 : 0,
    ];
  });
  const dictionary = csv(
    ["variable", "description"],
    [
      ["time", "days until relapse or end of follow-up"],
      ["status", "1 = relapse; 0 = censored"],
      ["sex", "m = male; f = female"],
    ],
  );
  return {
    "patients.csv": csv(["patient", "age", "sex", "weight", "time", "status"], rows),
    "codebook.txt": dictionary.replaceAll(",", ": "),
  };
}

/** 200 messages, half of them advertising. */
export function messages(): Record<string, string> {
  const random = randomNumbers(4);
  const good =
    "see you at the office tomorrow after lunch please bring the report for our meeting thanks".split(" ");
  const bad = "win free cash prize now claim your exclusive offer today limited click urgent credit".split(
    " ",
  );
  const lines = Array.from({ length: 200 }, (_, index) => {
    const words = index % 2 === 0 ? good : bad;
    const text = Array.from(
      { length: 12 },
      () => (random() < 0.7 ? words : [...good, ...bad])[Math.floor(random() * words.length)],
    ).join(" ");
    return [index % 2 === 0 ? "ham" : "spam", `"${text}"`];
  });
  return { "messages.csv": csv(["label", "message"], lines) };
}

/** What breaks naive programs: infinite values, empty columns, control characters, long and odd names. */
export function nasty(): Record<string, string> {
  const random = randomNumbers(5);
  const header = [
    "evil\u0007 name",
    '"a ""quoted"", name"',
    "x".repeat(500),
    "empty",
    "infinite",
    "huge",
    "mixed",
    "target",
  ];
  const rows = Array.from({ length: 150 }, (_, index) => {
    const value = random();
    return [
      `\u001b[31m\u202ered${index % 5}`,
      value,
      random(),
      "",
      index % 50 === 0 ? "inf" : value,
      `${value}e300`,
      index % 75 === 0 ? "seventeen" : Math.round(value * 20),
      value > 0.5 ? "yes" : "no",
    ];
  });
  return { "nasty.csv": csv(header, rows) };
}

/** A table of `rows` rows from a function of the row's number. */
export function table(
  header: string[],
  rows: number,
  cell: (row: number) => Array<string | number>,
): Record<string, string> {
  return {
    "table.csv": csv(
      header,
      Array.from({ length: rows }, (_, row) => cell(row)),
    ),
  };
}
