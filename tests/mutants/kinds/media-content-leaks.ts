import { deflateSync } from "node:zlib";
import { editWav, exif, isJpeg, isPng, isWav, jpegWithSegment, pngWithChunk } from "./bytes.ts";
import type { MutantKind } from "./kind.ts";
import { inside, lastPixel, lastSample, lowBits, METADATA } from "./media-leaks-kit.ts";

/** Leaks in names, sizes, headers and samples of media files. */
export const mutants: MutantKind[] = [
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
