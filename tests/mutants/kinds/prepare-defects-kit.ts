import type { Draft } from "../../verifiers/helpers/draft.ts";
import { textOf } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { editProgram, hasPrepare, wrapPrepare } from "./programs.ts";

export const SAME =
  "a second run, with another hash seed, clock, directory order and working directory, gives the same content";
export const COMPLETE = "outputs complete";
export const RAW = "runs on read-only raw inside its limits; raw is unchanged";
export const CODE = "no deletion of raw, no network, no absolute paths, no unseeded randomness";

/** Turns the sample's predictions by some places: the files stay sound, but are others. */
export const TURN = `def turn(path: Path, places: int) -> None:
    """Moves the last columns of a table down by some rows."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(",", 1) for line in lines]
    moved = [pairs[(row + places) % len(pairs)][1] for row in range(len(pairs))]
    rows = [f"{pair[0]},{rest}" for pair, rest in zip(pairs, moved)]
    path.write_text("\\n".join([header, *rows]) + "\\n", encoding="utf-8")`;

/** A prepare.py whose result depends on a number from outside; the twin's number is nought. */
export function depends(
  id: string,
  breaks: string,
  number: string,
  imports: string[],
  sound = "0",
): MutantKind {
  const wrap = (draft: Draft, value: string, lines: string[]): void => {
    const body = `make_files(raw, public, private)\nturn(public / "sample_submission.csv", ${value})`;
    wrapPrepare(draft, body, lines, TURN);
  };
  return {
    id,
    breaks,
    catalogue: SAME,
    applies: hasPrepare,
    mutate: (draft) => wrap(draft, number, imports),
    twin: (draft) => wrap(draft, sound, sound === "0" ? [] : imports),
  };
}

/** A prepare.py that does something before or after its files; the twin does nothing there. */
export function does(
  id: string,
  breaks: string,
  catalogue: string,
  before: string,
  after: string,
  imports: string[] = [],
): MutantKind {
  return {
    id,
    breaks,
    catalogue,
    applies: hasPrepare,
    mutate: (draft) =>
      wrapPrepare(
        draft,
        [before, "make_files(raw, public, private)", after].filter((part) => part !== "").join("\n"),
        imports,
      ),
    twin: (draft) => wrapPrepare(draft, "make_files(raw, public, private)"),
  };
}

export function rewritten(
  id: string,
  breaks: string,
  catalogue: string,
  change: (text: string) => string,
): MutantKind {
  return {
    id,
    breaks,
    catalogue,
    applies: (draft) =>
      hasPrepare(draft) && change(textOf(draft, "prepare.py")) !== textOf(draft, "prepare.py"),
    mutate: (draft) => editProgram(draft, "prepare.py", change),
    twin: (draft) =>
      editProgram(draft, "prepare.py", (text) => `${text.trimEnd()}\n\n\n# The end of the file.\n`),
  };
}

export const HEAD = "def prepare(raw: Path, public: Path, private: Path) -> None:";
