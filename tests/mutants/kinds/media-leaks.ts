import type { MutantKind } from "./kind.ts";
import { names } from "./media-leaks-kit.ts";

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
];
