import { deflateSync } from "node:zlib";
import { crc32 } from "./kinds/bytes.ts";

/** A grey PNG of 8 bits; brightness is cut to 0 … 255. */
export function greyPng(size: number, brightness: (x: number, y: number) => number): Uint8Array {
  const rows = Array.from({ length: size }, (_, y) =>
    Buffer.from([
      0,
      ...Array.from({ length: size }, (_cell, x) => Math.max(0, Math.min(255, Math.round(brightness(x, y))))),
    ]),
  );
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head[8] = 8;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", head),
    // Stored, not packed: all files have one size.
    pngChunk("IDAT", deflateSync(Buffer.concat(rows), { level: 0 })),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [size, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, check]);
}

/** A WAV of one channel and 16 bits; `sample` takes the time in seconds. */
export function monoWav(rate: number, count: number, sample: (time: number) => number): Uint8Array {
  const bytes = Buffer.alloc(44 + 2 * count);
  bytes.write("RIFF....WAVEfmt ", 0, "latin1");
  bytes.writeUInt32LE(36 + 2 * count, 4);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(2 * count, 40);
  for (let place = 0; place < count; place += 1) {
    const value = Math.max(-32_768, Math.min(32_767, Math.round(sample(place / rate))));
    bytes.writeInt16LE(value, 44 + 2 * place);
  }
  return bytes;
}
