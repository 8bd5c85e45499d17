import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestServices, testServices } from "../helpers/services.ts";
import { type Case, discoverCases, lines, onlyView } from "./open-cases.ts";

let services: TestServices;
let results: (name: string) => Case;

const table = (rows: number, first = 0, more: (i: number) => string = () => "", header = "") =>
  `id,age,city${header}\n${lines(rows, (i) => `${i + first},${20 + ((i + first) % 50)},${["A", "B"][i % 2]}${more(i)}`)}`;
const series = (i: number) => `time,value\n${lines(25, (step) => `${step},${step * i}`)}`;
const many = (count: number, path: (i: number) => string, text: (i: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [path(i), text(i)]));

const files: Record<string, string | Uint8Array> = {
  "competition/train.csv": table(80, 0, (i) => `,${i % 2}`, ",target"),
  "competition/test.csv": table(40, 500),
  "competition/sample_submission.csv": `id,target\n${lines(40, (i) => `${i + 500},0`)}`,
  "competition/README.md":
    "# Survivors\n\nLicence: CC BY-SA 4.0\nSource: https://example.org/data\nage is the age in years.\n",
  "published/train.csv": table(80),
  "published/test.csv": table(40, 500),
  "sites/north.csv": table(50),
  "sites/south.csv": table(50, 700),
  "sampled/full.csv": table(90),
  "sampled/small.csv": table(30),
  "split_column/a.csv": table(60, 0, (i) => (i < 40 ? ",train" : ",test"), ",split"),
  "other_labels/a.data": lines(60, (i) => `${i},${i % 5}.5,${["<=50", ">50"][i % 2]}`),
  "other_labels/a.test": lines(30, (i) => `${i},${i % 5}.5,${["<=50.", ">50."][i % 2]}`),
  "ratings/ratings.csv": `userId,movieId,rating\n${lines(200, (i) => `${i % 30},${(i * 7) % 40},${i % 5}`)}`,
  "ratings/movies.csv": `movieId,title\n${lines(40, (i) => `${i},"Film, ${i}"`)}`,
  "composite/sales.csv": `store,date,sales\n${lines(200, (i) => `${i % 4},day ${i >> 2},${i}`)}`,
  "composite/weather.csv": `store,date,rain,holiday\n${lines(200, (i) => `${i % 4},day ${i >> 2},${i * 2},${i % 3}`)}`,
  "composite/stores.csv": "store,kind\n0,a\n1,b\n2,a\n3,b\n",
  "graph/pages.json": JSON.stringify(
    Object.fromEntries(Array.from({ length: 60 }, (_, i) => [String(i), [i, i + 1]])),
  ),
  "graph/target.csv": `id,visits\n${lines(60, (i) => `${i},${i * i}`)}`,
  "graph/edges.csv": `id1,id2\n${lines(150, (i) => `${i % 50},${(i * 7) % 60}`)}`,
  "dictionary/a.csv": table(60),
  "dictionary/columns.csv": "variable,meaning\nid,number\nage,age in years\ncity,where they live\n",
  ...many(25, (i) => `series_table/data/run_${i + 1}.csv`, series),
  "series_table/data/target.csv": `run, label\n${lines(25, (i) => `${i + 1}, ${i % 2 ? "up" : "down"}`)}`,
  ...many(25, (i) => `series_folders/${i % 2 ? "up" : "down"}/r${i}.csv`, series),
  ...many(
    60,
    (i) => `reviews/${i % 5 ? "train" : "test"}/${i % 2 ? "good" : "bad"}/${i}_${i % 10}.txt`,
    (i) => `This film, number ${i}, was ${i % 2 ? "good" : "bad"}.\nI saw it, and left.\n`,
  ),
  "reviews/README": "Reviews of films.",
  ...many(25, (i) => `stations/s${String(i).padStart(2, "0")}.csv`, series),
  ...many(24, (i) => `events/wave${i}.csv`, series),
  "events/labels.json": JSON.stringify(
    Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`wave${i}.csv`, ["noon"]])),
  ),
  "sentences/train.conllu": lines(20, (i) => `# text = a${i}\n1\ta\ta\tX\tX\t_\t0\troot\t_\t_\n`),
  "entities/train.txt": lines(30, (i) => `Word${i} B-ORG\nis O\n`),
  "only_words/README.md": "# A famous data set\n\nIt has moved.\n",
  "pointer/a.csv": "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 1\n",
  "empty/a.csv": "",
  "pickle/model.pkl": "x",
};

beforeAll(async () => {
  services = await testServices();
  results = await discoverCases(services, files);
});
afterAll(() => services?.close());

const only = (name: string) => onlyView(results(name));

describe("parts", () => {
  it("sets the unlabelled part of a competition aside and names what it lacks", () => {
    const { frame, roles, aside, published } = only("competition");
    expect(frame.rows).toBe(80);
    expect(roles.labels).toEqual(["target"]);
    expect(published).toBeNull();
    expect(aside["test.csv"]).toContain("without target");
    expect(aside["sample_submission.csv"]).toContain("submission");
  });

  it("finds licence, source and documentation", () => {
    const { licence, source, documentation } = results("competition").found;
    expect(licence).toEqual({ path: "README.md", name: "CC-BY-SA-4.0" });
    expect(source).toBe("https://example.org/data");
    expect(documentation[0]?.text).toContain("age in years");
  });

  it.each([
    ["published", "part", ["train"], ["test"], 120],
    ["split_column", "split", ["train"], ["test"], 60],
    ["parquet_parts", "part", ["train-00000-of-00001"], ["test-00000-of-00001"], 90],
    ["image_folders", "folder_1", ["train"], ["test"], 80],
    ["image_boxes", "part", ["train", "val"], ["test"], 40],
  ])("keeps the published parts of %s", (name, column, train, test, rows) => {
    const { published, frame } = only(name);
    expect(published).toEqual({ column, train, test });
    expect(frame.rows).toBe(rows);
  });

  it("stacks files of one layout that are no parts", () => {
    const { frame, published } = only("sites");
    expect(frame.rows).toBe(100);
    expect(frame.columns).toEqual(["id", "age", "city", "part"]);
    expect(frame.head[0]?.[3]).toBe("north");
    expect(published).toBeNull();
  });

  it("leaves out a file whose rows are in another one", () => {
    const { frame, aside } = only("sampled");
    expect(frame.rows).toBe(90);
    expect(aside["small.csv"]).toContain("full.csv");
  });

  it("does not stack a part whose labels are written otherwise", () => {
    const { frame, aside } = only("other_labels");
    expect(frame.rows).toBe(60);
    expect(aside["a.test"]).toContain("none of those");
  });
});

describe("linked tables", () => {
  it("brings what rows name to them, two steps deep, and counts what names them", () => {
    const { found, frames } = results("database");
    expect(found.views.map(({ view }) => view.id)).toEqual(["order_items", "orders", "customers"]);
    expect(frames[0]?.columns).toEqual([
      "id",
      "order_id",
      "product",
      "orders.customer_id",
      "orders.total",
      "customers.name",
      "customers.country",
    ]);
    expect(frames[0]?.head[1]).toEqual([2, 12, "y", 28, 46, "c27", "B"]);
    expect(frames[1]?.columns).toEqual([
      "id",
      "customer_id",
      "total",
      "customers.name",
      "customers.country",
      "order_items.count",
    ]);
    expect(frames[1]?.head[0]?.[5]).toBe(2);
  });

  it("joins films to ratings", () => {
    const { found, frames } = results("ratings");
    expect(found.views[0]?.view.base).toBe("ratings");
    expect(frames[0]?.columns).toEqual(["userId", "movieId", "rating", "movies.title"]);
    expect(frames[0]?.head[1]).toEqual([1, 7, 1, "Film, 7"]);
  });

  it("joins by columns that are a key only together", () => {
    const { frame } = only("composite");
    expect(frame.columns).toEqual(["store", "date", "rain", "holiday", "stores.kind", "sales"]);
    expect(frame.head[1]).toEqual([1, "day 0", 2, 1, "b", 1]);
  });

  it("counts both ends of the edges of a graph", () => {
    const { frame, modality } = only("graph");
    expect(modality).toBe("graph");
    expect(frame.columns).toEqual(["id", "values", "visits", "edges_id1.count", "edges_id2.count"]);
    expect(frame.head[1]).toEqual([1, "1 2", 1, 3, 2]);
  });

  it("takes a table of column names as documentation", () => {
    only("dictionary");
    expect(results("dictionary").found.documentation[0]?.text).toContain("age | age in years");
  });
});

describe("files as rows", () => {
  it("offers folders as labels", () => {
    const { roles, view } = only("image_folders");
    expect(roles.labels).toEqual(["folder_2"]);
    expect(view.media).toEqual({ column: "path", kind: "image" });
  });

  it("joins a label table to the pictures, and what it names", () => {
    const { roles, frame } = only("image_table");
    expect(frame.columns).toEqual(["path", "stem", "name_1", "breed_id", "breeds.name"]);
    expect(frame.head[1]).toEqual(["images/0001.jpg", "0001", 1, 1, "pug"]);
    expect(roles.labels).toEqual(["breed_id"]);
  });

  it("leaves out a folder of pictures that no table labels", () => {
    const { frame, aside, roles, published } = only("image_competition");
    expect(frame.rows).toBe(40);
    expect(roles.labels).toEqual(["breed"]);
    expect(published).toBeNull();
    expect(aside.test).toContain("no table has labels");
  });

  it("reads folders of texts, one file a row", () => {
    const { frame, roles, published, view, modality } = only("reviews");
    expect(modality).toBe("text");
    expect(view.media).toBeNull();
    expect(frame.rows).toBe(60);
    expect(frame.head[0]?.slice(0, 2)).toEqual(["test/bad/0_0.txt", "0_0"]);
    expect(frame.head[0]?.at(-1)).toBe("This film, number 0, was bad.\nI saw it, and left.");
    expect(roles.labels[0]).toBe("folder_2");
    expect(published).toEqual({ column: "folder_1", train: ["train"], test: ["test"] });
    expect(results("reviews").found.documentation.map(({ path }) => path)).toEqual(["README"]);
  });

  it("joins labels by paths that start above the folder of the pictures", () => {
    const { frame, roles } = only("image_paths");
    expect(roles.labels).toEqual(["label"]);
    expect([frame.head[0]?.[0], frame.head[0]?.at(-1)]).toEqual(["data/img/0.png", "a"]);
  });

  it("leaves out masks", () => {
    const { frame, aside } = only("image_masks");
    expect(frame.rows).toBe(40);
    expect(aside.masks).toContain("pictures as answers");
  });

  it("counts the boxes of XML files by class and says that detection is not supported", () => {
    const { frame, roles, notes } = only("image_boxes");
    expect(roles.labels).toEqual(["count_rbc", "count_wbc"]);
    // p0, p1, p10: number % 4 boxes, the first of each is a wbc.
    expect(
      frame.head.map((row) =>
        row.slice(frame.columns.indexOf("count_rbc"), frame.columns.indexOf("count_rbc") + 2),
      ),
    ).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
    expect(notes.join()).toContain("detection");
  });

  it("counts annotations that name a picture by the number of another table", () => {
    const { frame } = only("image_coco");
    const at = frame.columns.indexOf("annotations.count");
    expect(frame.head[0]?.[at]).toBe(3);
  });

  it("joins labels to short series by the number in their names", () => {
    const { frame, roles, view } = only("series_table");
    expect(view.media).toEqual({ column: "path", kind: "series" });
    expect(frame.rows).toBe(25);
    expect(roles.labels).toEqual(["label"]);
    const row = frame.head[1] ?? [];
    expect([row[0], row.at(-1)]).toEqual(["data/run_10.csv", "up"]);
  });

  it("takes folders as labels of series, and stacks series that nothing labels", () => {
    expect(only("series_folders").roles.labels).toEqual(["folder_1"]);
    const stacked = only("stations");
    expect(stacked.view.media).toBeNull();
    expect(stacked.frame.rows).toBe(625);
    expect(stacked.frame.head[0]).toEqual([0, 0, "s00"]);
  });
});

describe("refusals", () => {
  it.each([
    ["sentences", "sequence labelling"],
    ["entities", "sequence labelling"],
    ["only_words", "only documents"],
    ["pointer", "Git LFS"],
    ["empty", "empty"],
    ["pickle", "never opened"],
  ])("refuses %s and says why", (name, reason) => {
    const { found } = results(name);
    expect(found.views).toEqual([]);
    expect(found.refusal?.reason).toContain(reason);
    expect(found.refusal?.help).not.toBe("");
  });
});
