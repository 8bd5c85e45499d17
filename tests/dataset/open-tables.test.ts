import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestServices, testServices } from "../helpers/services.ts";
import { type Case, discoverCases, lines, onlyView } from "./open-cases.ts";

let services: TestServices;
let results: (name: string) => Case;

const cities = ["Paris", "Köln", "Málaga"];
const people = (separator: string, decimal = ".") =>
  `id${separator}city${separator}price\n${lines(60, (i) => `${i}${separator}${cities[i % 3]}${separator}${i}${decimal}25`)}`;

/** Bytes of a text in Mac Roman, as far as the test needs it. */
const macRoman = (text: string) =>
  Buffer.from([...text].map((letter) => ({ ö: 0x9a, á: 0x87 })[letter] ?? letter.charCodeAt(0)));

const files: Record<string, string | Uint8Array> = {
  "semicolon/a.csv": people(";", ","),
  "pipe/a.txt": people("|"),
  "blanks/a.dat": lines(60, (i) => `${i}   ${cities[i % 3]}  ${i}.5`),
  "utf16/a.csv": Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(people(","), "utf16le")]),
  "latin/a.csv": Buffer.from(people(","), "latin1"),
  "mac/a.csv": macRoman(people(",")),
  "headless/a.data": lines(60, (i) => `${i % 7}.5,${(i * 3) % 11}.1,${cities[i % 2]}`),
  "named/iris.data": lines(60, (i) => `${i % 7}.5,${(i * 3) % 11}.1,${cities[i % 2]}`),
  "named/iris.names":
    "1. Title: flowers\n2. Sources: none\n7. Attribute Information:\n   1. sepal length in cm\n   2. sepal width in cm\n   3. class:\n      -- Setosa\n8. Missing values: none\n",
  "steps/a.data": lines(60, (i) => `${i % 7}.5,${(i * 3) % 11}.1,${cities[i % 2]}`),
  "steps/README.md": "How to use it:\n1. unpack\n2. read\n3. learn\n",
  "two_headers/a.csv": `id,Which films?,,,Age\n,First film,Second film,Third film,Response\n${lines(60, (i) => `${i},yes,no,,${20 + i}`)}`,
  "spanning_titles/a.csv": `id,Which films?,,,,,How old?\n,First film,Second film,Third film,Fourth film,Fifth film,Response\n${lines(60, (i) => `${i},yes,no,,no,yes,${20 + i}`)}`,
  "quotes_in_text/a.tsv": lines(60, (i) =>
    i % 20 === 3 ? `ham\t"Hello she said ${i}` : `spam\tplain text "${i}" here`,
  ),
  "quoted_lines/a.csv": `id,text\n${lines(60, (i) => `${i},"He said ""no"", then\nleft, again"`)}`,
  "apostrophes/a.csv": `'pop','city name','vote'\n${lines(60, (i) => `${i},${i % 5 ? "Rome" : "'St. John''s, West'"},${i % 3}`)}`,
  "loose_apostrophes/a.csv": `'pop'\t'city'\n${lines(60, (i) => `${i}\t${i % 7 ? "Rome" : "'s-Hertogenbosch"}`)}`,
  "money/a.csv": `zip,price,share,gap\n${lines(60, (i) => `${String(i).padStart(5, "0")},"$1,${String(i).padStart(3, "0")}.50",${i}%,${i % 7 ? i : "-"}`)}`,
  "stray/a.csv": `a,b\n${lines(60, (i) => `${i === 5 ? "17'" : i},${i}`)}`,
  "missing/a.csv": `x,garage\n${lines(60, (i) => `${i % 5 ? i : "?"},${["None", "Attached", "NA"][i % 3]}`)}`,
  "preamble/a.csv": `Report of sales\nMade in spring\n\n${people(",")}`,
  "hash_header/a.csv": `#id, city\n${lines(60, (i) => `${i}, ${cities[i % 3]}`)}`,
  "trailing/a.csv": `a,b\n${lines(60, (i) => `${i},x${i % 3},`)}`,
  "row_names/a.txt": `"mpg" "cyl"\n${lines(60, (i) => `"car ${i}" ${i} ${i * 2}`)}`,
  "years/a.csv": `country,1990,1995,2000\n${lines(60, (i) => `c${i},${i},${i + 1},${i * 2}`)}`,
  "mangled/a.csv": `"X1","X0","X0.1","X0.2","X3"\n${lines(60, (i) => `${i % 3},0,1,0,${i % 2}`)}`,
  "double_colon/a.dat": lines(60, (i) => `${i}::${i % 2 ? "M" : "F"}::${i % 5}`),
  "fixed/a.txt": `name            age  city of birth\n${lines(60, (i) => `${(i % 2 ? "Ann Lee" : "Bo").padEnd(16)}${String(20 + i).padEnd(5)}${i % 3 ? "New York" : "Rome"}`)}`,
  "arff/a.arff": `% remark\n@RELATION x\n\n@ATTRIBUTE 'sepal length' NUMERIC\n@attribute class {a,'b c'}\n@DATA\n${lines(60, (i) => `${i},${i % 2 ? "a" : "'b c'"}`)}`,
  "libsvm/a.txt": lines(60, (i) => `${i % 3} qid:${Math.floor(i / 10)} 1:${i} 3:0.5`),
  "query_file/rank.train": lines(40, (i) => `${i % 2} 1:${i} 2:1`),
  "query_file/rank.train.query": "10\n30\n",
  "query_file/rank.test": lines(20, (i) => `${i % 2} 1:${i} 4:1`),
  "query_file/rank.test.query": "20\n",
  "json_records/a.json": JSON.stringify({
    version: 1,
    items: Array.from({ length: 60 }, (_, i) => ({ a: i, b: { c: i * 2, tags: ["x", "y"] } })),
  }),
  "json_columns/a.json": JSON.stringify({
    a: Array.from({ length: 60 }, (_, i) => i),
    b: Array.from({ length: 60 }, (_, i) => `t${i}`),
  }),
  "json_index/a.json": JSON.stringify(
    Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`u${i}`, { x: i, y: i % 3 }])),
  ),
  "json_parts/a.json": JSON.stringify(
    Object.fromEntries(
      ["oos_train", "train", "test"].map((part) => [
        part,
        Array.from({ length: 30 }, (_, i) => [`say ${i}`, `intent${i % 3}`]),
      ]),
    ),
  ),
  "json_lines/a.jsonl": lines(60, (i) => JSON.stringify({ text: `hello ${i}`, meta: { stars: i % 5 } })),
};

beforeAll(async () => {
  services = await testServices();
  results = await discoverCases(services, files);
});
afterAll(() => services?.close());

const only = (name: string) => onlyView(results(name));

describe("delimited text", () => {
  it.each([
    ["semicolon", ["id", "city", "price"], [1, "Köln", 1.25]],
    ["pipe", ["id", "city", "price"], [1, "Köln", 1.25]],
    ["blanks", ["column_1", "column_2", "column_3"], [1, "Köln", 1.5]],
    ["utf16", ["id", "city", "price"], [1, "Köln", 1.25]],
    ["latin", ["id", "city", "price"], [1, "Köln", 1.25]],
    ["mac", ["id", "city", "price"], [1, "Köln", 1.25]],
    ["headless", ["column_1", "column_2", "column_3"], [1.5, 3.1, "Köln"]],
    ["named", ["sepal length in cm", "sepal width in cm", "class"], [1.5, 3.1, "Köln"]],
    ["steps", ["column_1", "column_2", "column_3"], [1.5, 3.1, "Köln"]],
    ["preamble", ["id", "city", "price"], [1, "Köln", 1.25]],
    ["hash_header", ["#id", "city"], [1, "Köln"]],
    ["trailing", ["a", "b"], [1, "x1"]],
    ["row_names", ["unnamed_0", "mpg", "cyl"], ["car 1", 1, 2]],
    ["years", ["country", "1990", "1995", "2000"], ["c1", 1, 2, 2]],
    ["mangled", ["column_1", "column_2", "column_3", "column_4", "column_5"], [1, 0, 1, 0, 1]],
    ["double_colon", ["column_1", "column_2", "column_3"], [1, "M", 1]],
    ["fixed", ["name", "age", "city of birth"], ["Ann Lee", 21, "New York"]],
    ["arff", ["sepal length", "class"], [1, "a"]],
    ["packed", ["id", "age", "city", "price"], [1, 25, "Köln", 37.25]],
    ["packed_bz2", ["id", "age", "city", "price"], [1, 25, "Köln", 37.25]],
  ])("reads %s", (name, columns, second) => {
    const { frame } = only(name);
    expect(frame.columns).toEqual(columns);
    expect(frame.head[1]).toEqual(second);
    expect(frame.rows).toBe(60);
  });

  it("joins two header rows to one name a column", () => {
    const { frame } = only("two_headers");
    expect(frame.columns).toEqual([
      "id",
      "Which films? / First film",
      "Which films? / Second film",
      "Which films? / Third film",
      "Age",
    ]);
    expect(frame.rows).toBe(60);
  });

  it("takes a first header row of few titles over many columns for a header, not for a preamble", () => {
    const { frame } = only("spanning_titles");
    expect(frame.columns.slice(-2)).toEqual(["Which films? / Fifth film", "How old?"]);
    expect(frame.rows).toBe(60);
  });

  it("keeps rows apart whose text holds quotation marks", () => {
    const { frame, options } = only("quotes_in_text");
    expect(options.quote).toBeNull();
    expect(frame.rows).toBe(60);
  });

  it("keeps lines together that quotation marks enclose", () => {
    const { frame } = only("quoted_lines");
    expect(frame.rows).toBe(60);
    expect(frame.head[0]).toEqual([0, 'He said "no", then\nleft, again']);
  });

  it("takes apostrophes for quotation marks where they enclose the whole header, and no cell is left open by it", () => {
    const { frame } = only("apostrophes");
    expect(frame.columns).toEqual(["pop", "city name", "vote"]);
    expect(frame.rows).toBe(60);
    expect(frame.head[0]).toEqual([0, "St. John's, West", 0]);
    const loose = only("loose_apostrophes").frame;
    expect(loose.columns).toEqual(["'pop'", "'city'"]);
    expect(loose.rows).toBe(60);
    expect(loose.head[0]).toEqual([0, "'s-Hertogenbosch"]);
  });

  it("reads numbers among symbols, keeps leading zeros, and finds marks of absence", () => {
    const { frame } = only("money");
    expect(frame.head[1]).toEqual(["00001", 1001.5, 1, 1]);
    expect(frame.head[0]?.[3]).toBeNull();
  });

  it("reads a number with a stray mark as the number", () => {
    expect(only("stray").frame.kinds).toEqual(["int64", "int64"]);
  });

  it("takes NA and ? as missing but None as a word", () => {
    expect(only("missing").frame.head).toEqual([
      [null, "None"],
      [1, "Attached"],
      [2, null],
    ]);
  });
});

describe("other formats", () => {
  it.each([
    ["feather", ["id", "age", "city", "price"], 60],
    ["excel", ["id", "age", "city", "price"], 60],
    ["json_records", ["a", "b.c", "b.tags"], 60],
    ["json_columns", ["a", "b"], 60],
    ["json_index", ["id", "x", "y"], 60],
    ["json_lines", ["text", "meta.stars"], 60],
    ["libsvm", ["label", "query", "f1", "f2", "f3"], 60],
  ])("reads %s", (name, columns, rows) => {
    const { frame } = only(name);
    expect(frame.columns).toEqual(columns);
    expect(frame.rows).toBe(rows);
  });

  it("writes lists as words", () => {
    expect(only("json_records").frame.head[1]).toEqual([1, 2, "x y"]);
  });

  it("takes a sheet that explains columns as documentation", () => {
    expect(
      results("excel")
        .found.documentation.map(({ text }) => text)
        .join(),
    ).toContain("age | years");
  });

  it("numbers queries through all files and keeps the published parts", () => {
    const { frame, roles, published, modality } = only("query_file");
    expect(frame.columns).toEqual(["label", "query", "part", "f1", "f2", "f3", "f4"]);
    expect(frame.rows).toBe(60);
    expect(roles).toEqual({ labels: ["label"], query: "query" });
    expect(published).toEqual({ column: "part", train: ["rank.train"], test: ["rank.test"] });
    expect(modality).toBe("ranking");
  });

  it("reads an object of parts with a part column", () => {
    const { frame, published } = only("json_parts");
    expect(frame.columns).toEqual(["column_1", "column_2", "part"]);
    expect(frame.rows).toBe(90);
    expect(published).toEqual({ column: "part", train: ["oos_train", "train"], test: ["test"] });
  });
});
