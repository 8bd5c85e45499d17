import { deflateSync } from "node:zlib";
import type { Draft } from "../../verifiers/helpers/draft.ts";
import {
  editWav,
  exif,
  isJpeg,
  isPng,
  isWav,
  jpegWithSegment,
  pngOfScan,
  pngWithChunk,
  scanPng,
} from "./bytes.ts";
import { replaceCells } from "./columns.ts";
import type { MutantKind } from "./kind.ts";
import { mediaPath } from "./rows.ts";
import { bothCells, hasTables, shuffled, shuffledTruth, type Truth, truthOf } from "./truth.ts";

const METADATA = "label not in file name, folder, size, metadata or modification time";

type Content = string | Uint8Array;
/** What becomes of a file; undefined where the encoding does not suit it. */
type Write = (bytes: Uint8Array, code: number, text: string) => Content | undefined;

/** Files in the order of the rows of train and test. */
function filesOf(draft: Draft): string[] {
  const column = draft.manifest.media?.column;
  return column === undefined ? [] : bothCells(draft, column).map((name) => mediaPath(draft, name) ?? "");
}

function bytesOf(draft: Draft, path: string): Uint8Array {
  const content = draft.files.get(path);
  if (content === undefined) throw new Error(`no media file ${path}`);
  return typeof content === "string" ? Buffer.from(content) : content;
}

function inside(id: string, breaks: string, catalogue: string, write: Write): MutantKind {
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
function names(
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

function lastPixel(bytes: Uint8Array, code: number): Content | undefined {
  const scan = scanPng(bytes);
  const row = scan?.rows.at(-1);
  if (scan === undefined || row === undefined || scan.top < 2) return undefined;
  row[scan.stride - scan.step] = Math.min(code, scan.top);
  return pngOfScan(scan);
}

function lowBits(bytes: Uint8Array, code: number): Content | undefined {
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

function lastSample(bytes: Uint8Array, code: number): Content | undefined {
  if (!isWav(bytes)) return undefined;
  return editWav(bytes, (chunks) => {
    const format = chunks.find((chunk) => chunk.type === "fmt ")?.data;
    const data = chunks.find((chunk) => chunk.type === "data")?.data;
    if (format === undefined || data === undefined || data.length < 4) return;
    if (format.readUInt16LE(14) === 8) data[data.length - 1] = 128 + code;
    else data.writeInt16LE(code * 3, data.length - 2);
  });
}

/** Leaks in names, sizes, headers and samples of media files. */
export const mutants: MutantKind[] = [
  names(
    "media-label-in-name",
    "Files are named by their label and a serial number (05: label not in file name).",
    (truth, row, serial) => {
      return `${(truth.texts[row] ?? "").replace(/[^A-Za-z0-9]+/g, "-").slice(0, 30)}_${serial}`;
    },
  ),
  names(
    "media-code-in-name",
    "One letter of the serial in the file name is the label (05: label not in file name).",
    (truth, row, serial) => {
      const mark = String.fromCharCode(97 + ((truth.codes[row] ?? 0) % 26));
      return `${serial.toString(16)}${mark}${((serial * 7919) % 4096).toString(16).padStart(3, "0")}`;
    },
  ),
  names(
    "media-name-remainder",
    "File numbers modulo the number of labels are the label (05: label not in file name).",
    (truth, row, serial) => {
      return String(serial * (truth.classes + 1) + (truth.codes[row] ?? 0)).padStart(7, "0");
    },
  ),
  names(
    "media-label-in-folder",
    "Files lie in a folder for each label, named by a code (05: label not in folder).",
    (truth, row, serial) => {
      return `d${((truth.codes[row] ?? 0) * 7 + 3) % 100}/${serial}`;
    },
  ),
  inside(
    "media-png-text",
    "A text chunk of the PNG holds the label (05: label not in metadata).",
    METADATA,
    (bytes, _code, text) => {
      return isPng(bytes) ? pngWithChunk(bytes, "tEXt", Buffer.from(`Comment\0${text}`)) : undefined;
    },
  ),
  inside(
    "media-png-packed-text",
    "A compressed text chunk of the PNG holds a code of the label (05: label not in metadata).",
    METADATA,
    (bytes, code) => {
      const packed = deflateSync(Buffer.from(`scan line ${code * 17 + 5} of 1024`));
      return isPng(bytes)
        ? pngWithChunk(bytes, "zTXt", Buffer.concat([Buffer.from("Software\0\0"), packed]))
        : undefined;
    },
  ),
  inside(
    "media-png-time",
    "The PNG's own modification time has the label as its minute (05: label not in modification time).",
    METADATA,
    (bytes, code) => {
      return isPng(bytes)
        ? pngWithChunk(bytes, "tIME", Buffer.from([7, 228, 5, 17, 11, code % 60, 30]))
        : undefined;
    },
  ),
  inside(
    "media-exif",
    "EXIF data of the image describe it by its label (05: label not in metadata).",
    METADATA,
    (bytes, _code, text) => {
      if (isPng(bytes)) return pngWithChunk(bytes, "eXIf", exif(text).subarray(6));
      return isJpeg(bytes) ? jpegWithSegment(bytes, 0xe1, exif(text)) : undefined;
    },
  ),
  inside(
    "media-jpeg-comment",
    "A comment segment of the JPEG holds a code of the label (05: label not in metadata).",
    METADATA,
    (bytes, code) => {
      return isJpeg(bytes)
        ? jpegWithSegment(bytes, 0xfe, Buffer.from(`encoder pass ${code * 13 + 2}`))
        : undefined;
    },
  ),
  inside(
    "media-after-end",
    "Bytes after the end of the image or sound are the label (05: label not in metadata).",
    METADATA,
    (bytes, code) => {
      const known = isPng(bytes) || isJpeg(bytes) || isWav(bytes);
      return known ? Buffer.concat([bytes, Buffer.from([code + 1, 0])]) : undefined;
    },
  ),
  inside(
    "media-file-size",
    "Padding makes the size of the file tell the label (05: label not in size).",
    METADATA,
    (bytes, code) => {
      const padding = Buffer.alloc(2000 * (code + 1));
      if (isPng(bytes)) return pngWithChunk(bytes, "prVt", padding);
      if (isJpeg(bytes))
        return jpegWithSegment(bytes, 0xfe, padding.subarray(0, Math.min(65_000, padding.length)));
      return isWav(bytes)
        ? editWav(bytes, (chunks) => chunks.push({ type: "PAD ", data: padding }))
        : undefined;
    },
  ),
  inside(
    "media-size-remainder",
    "The size of the file modulo sixty-four is the label; its order of size says nothing (05: label not in size).",
    METADATA,
    (bytes, code) => {
      const add = (overhead: number): Buffer => {
        return Buffer.alloc((code + 64 - ((bytes.length + overhead) % 64)) % 64);
      };
      if (isPng(bytes)) return pngWithChunk(bytes, "prVt", add(12));
      return isJpeg(bytes) ? jpegWithSegment(bytes, 0xfe, add(4)) : undefined;
    },
  ),
  inside(
    "media-one-pixel",
    "The last pixel of every image is the label (05: encoded copies, in one pixel).",
    "label in the media content itself (one pixel, last sample): encoded copies",
    lastPixel,
  ),
  inside(
    "media-low-bits",
    "The low bits of the first pixels spell the label (05: encoded copies, in pixels).",
    "label in the media content itself (one pixel, last sample): encoded copies",
    lowBits,
  ),
  inside(
    "media-wav-header",
    "An information chunk of the WAV names the label (05: label not in metadata).",
    METADATA,
    (bytes, _code, text) => {
      if (!isWav(bytes)) return undefined;
      const value = Buffer.from(text.length % 2 === 0 ? `${text}\0\0` : `${text}\0`);
      const head = Buffer.from("INFOICMT....", "latin1");
      head.writeUInt32LE(value.length, 8);
      return editWav(bytes, (chunks) => chunks.push({ type: "LIST", data: Buffer.concat([head, value]) }));
    },
  ),
  inside(
    "media-wav-byte-rate",
    "The byte-rate field of the WAV header, which readers ignore, counts the label (05: label not in metadata).",
    METADATA,
    (bytes, code) => {
      if (!isWav(bytes)) return undefined;
      return editWav(bytes, (chunks) => {
        const format = chunks.find((chunk) => chunk.type === "fmt ")?.data;
        format?.writeUInt32LE(format.readUInt32LE(8) + code, 8);
      });
    },
  ),
  inside(
    "media-last-sample",
    "The last sample of every sound is the label (05: encoded copies, in one sample).",
    "label in the media content itself (one pixel, last sample): encoded copies",
    lastSample,
  ),
  inside(
    "media-series-low-digits",
    "The last number of every series file has the label as its low digits (05: encoded copies).",
    "label in the media content itself (one pixel, last sample): encoded copies",
    (bytes, code) => {
      const text = Buffer.from(bytes).toString("utf8");
      const last = /(-?\d+)(\.\d+)?(\D*)$/.exec(text);
      if (isPng(bytes) || isJpeg(bytes) || isWav(bytes) || text.includes("\0") || last === null)
        return undefined;
      const digits = `${last[2] ?? ".0"}00${String(code + 1).padStart(2, "0")}`;
      return `${text.slice(0, last.index)}${last[1]}${digits}${last[3]}`;
    },
  ),
];
