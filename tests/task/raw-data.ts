/** A seeded source of numbers in [0, 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** CSV text of rows. */
export function csv(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return `${[header, ...rows].map((row) => row.map((cell) => cell ?? "").join(",")).join("\n")}\n`;
}

/** Rows of a CSV text without quotes, as records of text. */
export function parseCsv(text: string): Record<string, string>[] {
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, position) => [name, cells[position] ?? ""]));
  });
}

/** A picture without content: a valid PNG of one grey pixel with a text chunk that gives its label away. */
export function png(label: string, grey: number): Uint8Array {
  const chunk = (kind: string, body: Buffer) => {
    const head = Buffer.concat([Buffer.from(kind, "latin1"), body]);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(body.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(head));
    return Buffer.concat([size, head, check]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const stored = Buffer.from([0x78, 0x01, 0x01, 2, 0, 0xfd, 0xff, 0, grey]);
  let [low, high] = [1, 0];
  for (const byte of [0, grey]) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  const adler = Buffer.alloc(4);
  adler.writeUInt32BE(((high << 16) | low) >>> 0);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("tEXt", Buffer.from(`Comment\0${label}`, "latin1")),
    chunk("IDAT", Buffer.concat([stored, adler])),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** A WAV file of a few samples with a LIST chunk that gives its label away. */
export function wav(label: string, tone: number): Uint8Array {
  const samples = Buffer.alloc(64);
  for (let position = 0; position < 32; position++)
    samples.writeInt16LE(Math.round(9000 * Math.sin(position * tone)), position * 2);
  const chunk = (kind: string, body: Buffer) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(body.length);
    return Buffer.concat([Buffer.from(kind, "latin1"), size, body, Buffer.alloc(body.length % 2)]);
  };
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(8000, 4);
  format.writeUInt32LE(16_000, 8);
  format.writeUInt16LE(2, 12);
  format.writeUInt16LE(16, 14);
  const body = Buffer.concat([
    Buffer.from("WAVE"),
    chunk("fmt ", format),
    chunk("LIST", Buffer.from(`INFOICMT${label}`)),
    chunk("data", samples),
  ]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from("RIFF"), size, body]);
}
