import type { Draft } from "../../verifiers/helpers/draft.ts";
import { editWav, isWav, pngOfScan, scanPng } from "./bytes.ts";
import { replaceCells } from "./columns.ts";
import type { MutantKind } from "./kind.ts";
import { mediaPath } from "./rows.ts";
import { bothCells, hasTables, shuffled, shuffledTruth, type Truth, truthOf } from "./truth.ts";

export const METADATA = "label not in file name, folder, size, metadata or modification time";

export type Content = string | Uint8Array;
/** What becomes of a file; undefined where the encoding does not suit it. */
export type Write = (bytes: Uint8Array, code: number, text: string) => Content | undefined;

/** Files in the order of the rows of train and test. */
export function filesOf(draft: Draft): string[] {
  const column = draft.manifest.media?.column;
  return column === undefined ? [] : bothCells(draft, column).map((name) => mediaPath(draft, name) ?? "");
}

export function bytesOf(draft: Draft, path: string): Uint8Array {
  const content = draft.files.get(path);
  if (content === undefined) throw new Error(`no media file ${path}`);
  return typeof content === "string" ? Buffer.from(content) : content;
}

export function inside(id: string, breaks: string, catalogue: string, write: Write): MutantKind {
  const apply = (draft: Draft, truth: Truth): void => {
    for (const [row, path] of filesOf(draft).entries()) {
      const written = write(bytesOf(draft, path), truth.codes[row] ?? 0, truth.texts[row] ?? "");
      if (written !== undefined) draft.files.set(path, written);
    }
  };
  return {
    id,
    breaks,
    catalogue,
    applies(draft) {
      if (!hasTables(draft) || truthOf(draft).classes > 60) return false;
      const paths = filesOf(draft);
      const fits = (path: string): boolean => {
        return draft.files.has(path) && write(bytesOf(draft, path), 1, "x") !== undefined;
      };
      return paths.length > 0 && paths.slice(0, 50).every(fits);
    },
    mutate: (draft) => apply(draft, truthOf(draft)),
    twin: (draft, random) => apply(draft, shuffledTruth(truthOf(draft), random)),
  };
}

/** New names for the media files, from the rows' truth. */
export function names(
  id: string,
  breaks: string,
  name: (truth: Truth, row: number, serial: number) => string,
): MutantKind {
  const apply = (draft: Draft, truth: Truth, random: () => number): void => {
    const column = draft.manifest.media?.column ?? "";
    const old = bothCells(draft, column);
    const serials = shuffled(
      old.map((_name, row) => 1000 + row),
      random,
    );
    const fresh = old.map((cell, row) => {
      const cut = cell.lastIndexOf("/") + 1;
      const ending = /\.[^./]+$/.exec(cell)?.[0] ?? "";
      return `${cell.slice(0, cut)}${name(truth, row, serials[row] ?? 0)}${ending}`;
    });
    for (const [row, cell] of old.entries()) {
      const path = mediaPath(draft, cell);
      const target = fresh[row] ?? "";
      const content = path === undefined ? undefined : draft.files.get(path);
      if (path === undefined || content === undefined) continue;
      draft.files.delete(path);
      draft.files.set(path.slice(0, path.length - cell.length) + target, content);
    }
    replaceCells(draft, column, fresh);
  };
  return {
    id,
    breaks,
    catalogue: METADATA,
    applies(draft) {
      const column = draft.manifest.media?.column;
      if (column === undefined || !hasTables(draft)) return false;
      const cells = bothCells(draft, column);
      return new Set(cells).size === cells.length;
    },
    mutate: (draft, random) => apply(draft, truthOf(draft), random),
    twin: (draft, random) => apply(draft, shuffledTruth(truthOf(draft), random), random),
  };
}

export function lastPixel(bytes: Uint8Array, code: number): Content | undefined {
  const scan = scanPng(bytes);
  const row = scan?.rows.at(-1);
  if (scan === undefined || row === undefined || scan.top < 2) return undefined;
  row[scan.stride - scan.step] = Math.min(code, scan.top);
  return pngOfScan(scan);
}

export function lowBits(bytes: Uint8Array, code: number): Content | undefined {
  const scan = scanPng(bytes);
  const row = scan?.rows[0];
  if (scan === undefined || row === undefined || scan.top !== 255 || scan.stride < 6 * scan.step)
    return undefined;
  for (let bit = 0; bit < 6; bit += 1) {
    const place = bit * scan.step;
    row[place] = ((row[place] ?? 0) & 254) | ((code >> bit) & 1);
  }
  return pngOfScan(scan);
}

export function lastSample(bytes: Uint8Array, code: number): Content | undefined {
  if (!isWav(bytes)) return undefined;
  return editWav(bytes, (chunks) => {
    const format = chunks.find((chunk) => chunk.type === "fmt ")?.data;
    const data = chunks.find((chunk) => chunk.type === "data")?.data;
    if (format === undefined || data === undefined || data.length < 4) return;
    if (format.readUInt16LE(14) === 8) data[data.length - 1] = 128 + code;
    else data.writeInt16LE(code * 3, data.length - 2);
  });
}
