import { deflateRawSync, deflateSync, inflateSync } from "node:zlib";

export { deflateRawSync };

const TABLE = Array.from({ length: 256 }, (_, start) => {
  let value = start;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32 as PNG and ZIP use it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

interface Chunk {
  type: string;
  data: Buffer;
}

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

export function isPng(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 8)).equals(SIGNATURE);
}

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

function pngChunks(bytes: Uint8Array): Chunk[] {
  const buffer = Buffer.from(bytes);
  const chunks: Chunk[] = [];
  for (let place = 8; place + 12 <= buffer.length; ) {
    const length = buffer.readUInt32BE(place);
    const type = buffer.toString("latin1", place + 4, place + 8);
    chunks.push({ type, data: buffer.subarray(place + 8, place + 8 + length) });
    place += 12 + length;
  }
  return chunks;
}

function pngOf(chunks: Chunk[]): Uint8Array {
  const parts = chunks.map(({ type, data }) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const part = Buffer.alloc(body.length + 8);
    part.writeUInt32BE(data.length, 0);
    body.copy(part, 4);
    part.writeUInt32BE(crc32(body), body.length + 4);
    return part;
  });
  return Buffer.concat([SIGNATURE, ...parts]);
}

/** A PNG with one more chunk, before its end. */
export function pngWithChunk(bytes: Uint8Array, type: string, data: Uint8Array): Uint8Array {
  const chunks = pngChunks(bytes);
  chunks.splice(Math.max(0, chunks.length - 1), 0, { type, data: Buffer.from(data) });
  return pngOf(chunks);
}

interface Scan {
  chunks: Chunk[];
  /** Bytes of a row without the filter byte, and of a pixel. */
  stride: number;
  step: number;
  rows: Buffer[];
  /** Highest value of a sample: 255, or the palette's last entry. */
  top: number;
}

/** Pixels of a PNG of 8 bits per sample without interlacing; undefined for others. */
export function scanPng(bytes: Uint8Array): Scan | undefined {
  if (!isPng(bytes)) return undefined;
  const chunks = pngChunks(bytes);
  const head = chunks.find((chunk) => chunk.type === "IHDR")?.data;
  if (head === undefined || head[8] !== 8 || head[12] !== 0) return undefined;
  const step = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[head[9] ?? 99];
  if (step === undefined) return undefined;
  const stride = head.readUInt32BE(0) * step;
  const packed = Buffer.concat(chunks.filter((chunk) => chunk.type === "IDAT").map((chunk) => chunk.data));
  const flat = inflateSync(packed);
  const rows: Buffer[] = [];
  let above = Buffer.alloc(stride);
  for (let place = 0; place + stride < flat.length; place += stride + 1) {
    const row = Buffer.from(flat.subarray(place + 1, place + 1 + stride));
    unfilter(row, above, flat[place] ?? 0, step);
    rows.push(row);
    above = row;
  }
  const palette = chunks.find((chunk) => chunk.type === "PLTE");
  const top = head[9] === 3 ? (palette?.data.length ?? 3) / 3 - 1 : 255;
  return { chunks, stride, step, rows, top };
}

function unfilter(row: Buffer, above: Buffer, filter: number, step: number): void {
  for (let place = 0; place < row.length; place += 1) {
    const left = place < step ? 0 : (row[place - step] ?? 0);
    const corner = place < step ? 0 : (above[place - step] ?? 0);
    const up = above[place] ?? 0;
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    row[place] = ((row[place] ?? 0) + guess) & 255;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** The PNG of changed pixels, with the other chunks as they were. */
export function pngOfScan(scan: Scan, level = 6): Uint8Array {
  const flat = Buffer.concat(scan.rows.flatMap((row) => [Buffer.from([0]), row]));
  const first = scan.chunks.findIndex((chunk) => chunk.type === "IDAT");
  const others = scan.chunks.filter((chunk) => chunk.type !== "IDAT");
  others.splice(first, 0, { type: "IDAT", data: deflateSync(flat, { level }) });
  return pngOf(others);
}

/** A JPEG with one more segment after its start (and after a JFIF header). */
export function jpegWithSegment(bytes: Uint8Array, marker: number, data: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes);
  const place = buffer[3] === 0xe0 ? 4 + buffer.readUInt16BE(4) : 2;
  const head = Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]);
  return Buffer.concat([buffer.subarray(0, place), head, data, buffer.subarray(place)]);
}

/** EXIF data with one text, as an image description (tag 0x010E). */
export function exif(text: string): Uint8Array {
  const value = Buffer.from(`${text.padEnd(4, " ")}\0`);
  const head = Buffer.alloc(26);
  head.write("MM\0*", 0, "latin1");
  head.writeUInt32BE(8, 4);
  head.writeUInt16BE(1, 8);
  head.writeUInt16BE(0x010e, 10);
  head.writeUInt16BE(2, 12);
  head.writeUInt32BE(value.length, 14);
  head.writeUInt32BE(26, 18);
  return Buffer.concat([Buffer.from("Exif\0\0", "latin1"), head, value]);
}

export function isWav(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.subarray(0, 12));
  return buffer.toString("latin1", 0, 4) === "RIFF" && buffer.toString("latin1", 8, 12) === "WAVE";
}

/** Changes the chunks of a WAV; sizes are written anew. */
export function editWav(bytes: Uint8Array, change: (chunks: Chunk[]) => void): Uint8Array {
  const buffer = Buffer.from(bytes);
  const chunks: Chunk[] = [];
  for (let place = 12; place + 8 <= buffer.length; ) {
    const length = Math.min(buffer.readUInt32LE(place + 4), buffer.length - place - 8);
    const type = buffer.toString("latin1", place, place + 4);
    chunks.push({ type, data: Buffer.from(buffer.subarray(place + 8, place + 8 + length)) });
    place += 8 + length + (length % 2);
  }
  change(chunks);
  const body = Buffer.concat(
    chunks.map(({ type, data }) => {
      const head = Buffer.alloc(8);
      head.write(type, "latin1");
      head.writeUInt32LE(data.length, 4);
      return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
    }),
  );
  const head = Buffer.from("RIFF....WAVE", "latin1");
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}
