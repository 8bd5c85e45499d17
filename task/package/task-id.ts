import { hashValue } from "../../core/hash.ts";
import type { Manifest } from "../manifest.ts";

/** Lower-case ASCII words joined by hyphens, at most `length` characters; empty when nothing of the text is left. */
function slug(text: string, length = 40): string {
  const words =
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, length).replace(/-+$/, "");
}

/**
 * Id of a task: words of dataset and target, and a hash of all that determines the package (dataset, design, seed,
 * author). `design` is the specification, or the code of a free design.
 */
export function taskId(
  dataset: { name: string; fingerprint: string },
  design: { target: string; content: unknown },
  seed: number,
  author: Manifest["author"],
): string {
  const hash = hashValue({
    name: dataset.name,
    fingerprint: dataset.fingerprint,
    design: design.content,
    seed,
    author,
  });
  const words = [slug(dataset.name) || "dataset", slug(design.target, 30)].filter((part) => part !== "");
  return `${words.join("-")}-${hash.slice(0, 8)}`;
}
