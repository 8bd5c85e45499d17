import type { Draft } from "../../verifiers/helpers/draft.ts";
import { textOf } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { editProgram, hasPrepare, wrapPrepare } from "./programs.ts";

const SAME =
  "a second run, with another hash seed, clock, directory order and working directory, gives the same content";
const COMPLETE = "outputs complete";
const RAW = "runs on read-only raw inside its limits; raw is unchanged";
const CODE = "no deletion of raw, no network, no absolute paths, no unseeded randomness";

/** Turns the sample's predictions by some places: the files stay sound, but are others. */
const TURN = `def turn(path: Path, places: int) -> None:
    """Moves the last columns of a table down by some rows."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(",", 1) for line in lines]
    moved = [pairs[(row + places) % len(pairs)][1] for row in range(len(pairs))]
    rows = [f"{pair[0]},{rest}" for pair, rest in zip(pairs, moved)]
    path.write_text("\\n".join([header, *rows]) + "\\n", encoding="utf-8")`;

/** A prepare.py whose result depends on a number from outside; the twin's number is nought. */
function depends(id: string, breaks: string, number: string, imports: string[], sound = "0"): MutantKind {
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
function does(
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

function rewritten(
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

const HEAD = "def prepare(raw: Path, public: Path, private: Path) -> None:";

/** Preparations that differ from run to run, do too little, or too much. All need the raw data to show. */
export const mutants: MutantKind[] = [
  depends(
    "prepare-clock",
    "The files depend on the clock (05: a second run with another clock gives the same content).",
    "time.time_ns() // 1_000_000",
    ["import time"],
  ),
  depends(
    "prepare-date",
    "The files depend on the date, not on the time of day (05: another clock gives the same content).",
    "datetime.date.today().toordinal()",
    ["import datetime"],
  ),
  depends(
    "prepare-hash-seed",
    "The files depend on the hash of a text (05: another hash seed gives the same content).",
    'hash("sample")',
    [],
  ),
  depends(
    "prepare-set-order",
    "The files depend on the order of a set of texts (05: another hash seed gives the same content).",
    "[int(text) for text in {str(value) for value in range(60)}][0]",
    [],
  ),
  depends(
    "prepare-directory-order",
    "The files depend on the order in which a directory is listed (05: another directory order gives the same content).",
    'zlib.crc32(" ".join(os.listdir(public)).encode())',
    ["import os", "import zlib"],
  ),
  depends(
    "prepare-glob-order",
    "The files depend on the order of an unsorted glob (05: another directory order gives the same content).",
    'zlib.crc32(" ".join(path.name for path in public.glob("*.csv")).encode())',
    ["import zlib"],
  ),
  depends(
    "prepare-working-directory",
    "The files depend on the working directory (05: another working directory gives the same content).",
    "zlib.crc32(str(Path.cwd()).encode())",
    ["import zlib"],
  ),
  depends(
    "prepare-raw-path",
    "The files depend on where raw lies (05: another directory gives the same content).",
    "zlib.crc32(str(raw.resolve()).encode())",
    ["import zlib"],
  ),
  depends(
    "prepare-output-path",
    "The files depend on where the outputs lie (05: a second run gives the same content).",
    "zlib.crc32(str(public.resolve()).encode())",
    ["import zlib"],
  ),
  depends(
    "prepare-locale",
    "The files depend on the locale (04: no environment; 05: a second run gives the same content).",
    "zlib.crc32(repr((locale.getlocale(), os.environ.get('LANG'), os.environ.get('LC_ALL'))).encode())",
    ["import locale", "import os", "import zlib"],
  ),
  depends(
    "prepare-time-zone",
    "The files depend on the time zone (04: no environment; 05: a second run gives the same content).",
    "time.localtime(0).tm_hour * 60 + time.localtime(0).tm_min",
    ["import time"],
  ),
  depends(
    "prepare-cores",
    "The files depend on the number of cores (04: no environment; 05: a second run gives the same content).",
    "len(os.sched_getaffinity(0))",
    ["import os"],
  ),
  depends(
    "prepare-environment",
    "The files depend on environment variables (04: no environment).",
    'zlib.crc32(repr(sorted((name, os.environ[name]) for name in ("HOME", "USER", "PATH", "PWD", "TMPDIR") if name in os.environ)).encode())',
    ["import os", "import zlib"],
  ),
  depends(
    "prepare-process-id",
    "The files depend on the number of the process (05: a second run gives the same content).",
    "os.getpid()",
    ["import os"],
  ),
  depends(
    "prepare-address",
    "The files depend on an address in memory (05: a second run gives the same content).",
    "id(object()) // 64",
    [],
  ),
  depends(
    "prepare-file-time",
    "The files depend on the modification time of the outputs (05: another clock gives the same content).",
    '(public / "train.csv").stat().st_mtime_ns // 1_000_000',
    [],
  ),
  depends(
    "prepare-unseeded",
    "The files depend on a generator without a seed (05: no unseeded randomness).",
    "int(np.random.default_rng().integers(1_000_000))",
    ["import numpy as np"],
    "int(np.random.default_rng(0).integers(1))",
  ),
  depends(
    "prepare-unseeded-library",
    "The files depend on the unseeded generator of the standard library (05: no unseeded randomness).",
    "random.randrange(1_000_000)",
    ["import random"],
  ),
  depends(
    "prepare-system-entropy",
    "The files depend on random bytes of the system (05: no unseeded randomness).",
    'int.from_bytes(os.urandom(4), "big")',
    ["import os"],
  ),
  rewritten(
    "prepare-file-empty",
    "prepare.py is empty (05: exactly the required names; MLE-Dojo #4).",
    "prepare.py parses; exactly the required names and signatures",
    () => "",
  ),
  rewritten(
    "prepare-does-nothing",
    "prepare returns at once (05: outputs complete; MLE-Dojo #4).",
    COMPLETE,
    (text) => text.replace(`${HEAD}\n`, `${HEAD}\n    return\n`),
  ),
  rewritten(
    "prepare-does-not-parse",
    "prepare.py has a syntax error (05: prepare.py parses).",
    "prepare.py and metric.py parse",
    (text) => text.replace(HEAD, HEAD.slice(0, -1)),
  ),
  rewritten(
    "prepare-other-name",
    "The function has another name (05: exactly the required names).",
    "exactly the required names and signatures",
    (text) => text.replace(HEAD, HEAD.replace("prepare", "prepare_data")),
  ),
  rewritten(
    "prepare-other-signature",
    "The function takes public before raw (05: exactly the required signatures).",
    "exactly the required names and signatures",
    (text) => text.replace(HEAD, "def prepare(public: Path, raw: Path, private: Path) -> None:"),
  ),
  rewritten(
    "prepare-missing-import",
    "prepare.py imports a package that the runtime lacks (05: runs inside its limits; 04: standalone).",
    "prepare.py runs on the declared runtime",
    (text) => text.replace("\nimport numpy", "\nimport polars_dataset_extra\nimport numpy"),
  ),
  does(
    "prepare-lacks-answers",
    "prepare writes no answers (05: outputs complete; MLE-Dojo #6).",
    COMPLETE,
    "",
    '(private / "test_answer.csv").unlink()',
  ),
  does(
    "prepare-lacks-sample",
    "prepare writes no sample submission (05: outputs complete).",
    COMPLETE,
    "",
    '(public / "sample_submission.csv").unlink()',
  ),
  does(
    "prepare-half-a-file",
    "prepare writes half of the train table (05: outputs complete; the same content as the package).",
    COMPLETE,
    "",
    'text = (public / "train.csv").read_text(encoding="utf-8")\n(public / "train.csv").write_text(text[: len(text) // 2], encoding="utf-8")',
  ),
  does(
    "prepare-exits-early",
    "prepare ends the process with success before it writes (05: outputs complete; nothing that ran generated code decides).",
    COMPLETE,
    "os._exit(0)",
    "",
    ["import os"],
  ),
  does(
    "prepare-raises",
    "prepare raises an error after its files (05: runs inside its limits).",
    RAW,
    "",
    'raise RuntimeError("no more data")',
  ),
  does(
    "prepare-never-ends",
    "prepare waits for hours (05: runs inside its limits).",
    RAW,
    "time.sleep(86_400)",
    "",
    ["import time"],
  ),
  does(
    "prepare-eats-memory",
    "prepare takes more memory than there is (05: runs inside its limits).",
    RAW,
    "hoard = [np.ones(2**27) for _ in range(16)]\ndel hoard",
    "",
    ["import numpy as np"],
  ),
  does(
    "prepare-deletes-raw",
    "prepare deletes the raw folder (05: no deletion of raw; raw is unchanged).",
    CODE,
    "",
    "shutil.rmtree(raw)",
    ["import shutil"],
  ),
  does(
    "prepare-deletes-raw-quietly",
    "prepare deletes the raw files one by one and swallows errors (05: no deletion of raw).",
    CODE,
    "",
    "for path in sorted(raw.rglob('*'), reverse=True):\n    try:\n        path.unlink() if path.is_file() else path.rmdir()\n    except OSError:\n        pass",
  ),
  does(
    "prepare-moves-raw",
    "prepare renames the raw files (05: no deletion of raw; raw is unchanged).",
    CODE,
    "",
    "for path in [path for path in raw.iterdir() if path.is_file()]:\n    try:\n        os.replace(path, private / path.name)\n    except OSError:\n        pass",
    ["import os"],
  ),
  does(
    "prepare-writes-raw",
    "prepare writes a file in raw (05: runs on read-only raw; raw is unchanged).",
    RAW,
    "",
    '(raw / "done.txt").write_text("done", encoding="utf-8")',
  ),
  does(
    "prepare-network",
    "prepare asks a server and ignores failure (05: no network).",
    CODE,
    'try:\n    urllib.request.urlopen("http://example.com/version", timeout=2).read()\nexcept OSError:\n    pass',
    "",
    ["import urllib.request"],
  ),
  does(
    "prepare-network-hidden",
    "prepare opens a socket by a module whose name is put together (05: no network).",
    CODE,
    'try:\n    __import__("soc" + "ket").create_connection(("192.0.2.1", 80), timeout=1).close()\nexcept OSError:\n    pass',
    "",
  ),
  does(
    "prepare-absolute-path",
    "prepare writes beside its folders, in an absolute path (05: no absolute paths).",
    CODE,
    "",
    'Path("/tmp/mle-task-cache.txt").write_text("cache", encoding="utf-8")',
  ),
  does(
    "prepare-publishes-answers",
    "prepare copies the answers to public (05: nothing private in public).",
    "nothing private in public, in any encoding, archive or file name",
    "",
    'shutil.copy(private / "test_answer.csv", public / "validation.csv")',
    ["import shutil"],
  ),
  does(
    "prepare-publishes-answers-packed",
    "prepare packs the answers into a hidden public file (05: nothing private in public, in any archive).",
    "nothing private in public, in any encoding, archive or file name",
    "",
    'packed = zlib.compress((private / "test_answer.csv").read_bytes())\n(public / ".index").write_bytes(packed)',
    ["import zlib"],
  ),
  does(
    "prepare-extra-output",
    "prepare writes a file that the package lacks (05: nothing else there; the same content).",
    "outputs complete; nothing else there",
    "",
    '(public / "notes.csv").write_text("id,note\\n", encoding="utf-8")',
  ),
];
