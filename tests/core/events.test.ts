import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventLog } from "../../core/events.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "events-"));
  path = join(folder, "events.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(...names: string[]): void {
  const log = new EventLog(path);
  for (const event of names) log.emit({ event });
  log.close();
}

/** The events by name; a line that is no JSON as it is. */
function lines(): string[] {
  const read = (line: string) => {
    try {
      return JSON.parse(line).event;
    } catch {
      return line;
    }
  };
  return readFileSync(path, "utf8").trimEnd().split("\n").map(read);
}

describe("EventLog", () => {
  it("appends to the events of an earlier run, one a line", () => {
    write("first", "second");
    write("third");
    expect(lines()).toEqual(["first", "second", "third"]);
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(4);
  });

  it("begins a new line after one that was cut", () => {
    write("first");
    appendFileSync(path, '{"time":"2020');
    write("second");
    expect(lines()).toEqual(["first", '{"time":"2020', "second"]);
  });

  it("tells listeners until they leave, without a file too", () => {
    const log = new EventLog();
    const heard: string[] = [];
    const leave = log.listen(({ event }) => heard.push(event));
    log.emit({ event: "first" });
    leave();
    log.emit({ event: "second" });
    log.close();
    expect(heard).toEqual(["first"]);
  });
});
