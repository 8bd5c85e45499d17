import { crc32, gzipSync } from "node:zlib";
import { pack } from "tar-stream";

/** A zip file without compression; names and kinds (Unix mode) are written as they are given, however hostile. */
export function zipOf(entries: { name: string; content: string | Uint8Array; mode?: number }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode } of entries) {
    const bytes = Buffer.from(content);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    parts.push(Buffer.from("PK\u0003\u0004"), common, path, bytes);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((mode ?? 0o100644) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\u0001\u0002"), Buffer.from([20, 3]), common, rest, path);
    offset += 30 + path.length + bytes.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, index, Buffer.from("PK\u0005\u0006"), end]);
}

interface TarEntry {
  name: string;
  content?: string | Uint8Array;
  type?: "file" | "symlink" | "link" | "character-device";
  linkname?: string;
}

/** A gzipped tar archive. */
export async function tarGzOf(entries: TarEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content, type, linkname } of entries) {
    archive.entry(
      { name, type: type ?? "file", ...(linkname === undefined ? {} : { linkname }) },
      typeof content === "string" ? content : Buffer.from(content ?? []),
    );
  }
  archive.finalize();
  const blocks: Buffer[] = [];
  for await (const block of archive) if (block instanceof Uint8Array) blocks.push(Buffer.from(block));
  return gzipSync(Buffer.concat(blocks));
}
