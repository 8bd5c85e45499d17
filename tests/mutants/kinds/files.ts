import type { Draft } from "../../verifiers/helpers/draft.ts";
import { crc32, deflateRawSync } from "./bytes.ts";
import { retouchDescription } from "./columns.ts";

/** Adds a file to public and names it in the description after the other files. */
export function addPublicFile(
  draft: Draft,
  name: string,
  content: string | Uint8Array,
  meaning: string,
): void {
  draft.files.set(`public/${name}`, content);
  describePublicFile(draft, name, meaning);
}

/** Names a public file in the description, after the last one named there. */
export function describePublicFile(draft: Draft, name: string, meaning: string): void {
  retouchDescription(draft, (text) => {
    const last = text.split("\n").findLast((line) => /^[-*] `[^`]+`/.test(line));
    return last === undefined ? text : text.replace(last, () => `${last}\n- \`${name}\`: ${meaning}.`);
  });
}

/** A ZIP archive of one file. */
export function zip(name: string, text: string): Uint8Array {
  const content = Buffer.from(text);
  const packed = deflateRawSync(content);
  const path = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt16LE(0x21, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, path, packed]);
  const entry = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, Buffer.alloc(14), path]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

/** An uncompressed tar archive of one file. */
export function tar(name: string, text: string): Uint8Array {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, "0")}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
  );
  return Buffer.concat([
    header,
    content,
    Buffer.alloc((512 - (content.length % 512)) % 512),
    Buffer.alloc(1024),
  ]);
}
