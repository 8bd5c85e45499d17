import type { MutantKind } from "./kind.ts";
import { depends } from "./prepare-defects-kit.ts";

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
];
