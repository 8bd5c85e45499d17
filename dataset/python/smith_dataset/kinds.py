"""What each file of a dataset is, told from its first bytes before its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .head import packing, read_head

IMAGES = {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp"}
AUDIO = {".wav", ".flac", ".ogg", ".oga", ".mp3", ".aif", ".aiff", ".au"}
CODE = {".py", ".r", ".ipynb", ".sh", ".js", ".ts", ".c", ".cpp", ".h", ".java", ".m", ".do", ".sas", ".rmd", ".css", ".toml", ".cfg", ".ini", ".bib", ".tex", ".yml", ".yaml", ".lock", ".rproj", ".qmd", ".sql"}
DOCUMENTS = {".md", ".rst", ".names", ".info", ".markdown", ".adoc", ".doc"}
LICENCES = re.compile(r"(licen[cs]e|copying|unlicense)([._-].*)?$", re.I)
READMES = re.compile(r"(readme|source|description|about|codebook|datasheet|data[_ -]?dictionary|changelog|citation|dataset_description|metadata)", re.I)
NEVER = {
    ".pkl": "pickles can run code and are never opened",
    ".pickle": "pickles can run code and are never opened",
    ".joblib": "joblib files can run code and are never opened",
    ".pt": "PyTorch files can run code and are never opened",
    ".pth": "PyTorch files can run code and are never opened",
    ".rdata": "R data files are not supported; save it as CSV",
    ".rda": "R data files are not supported; save it as CSV",
    ".rds": "R data files are not supported; save it as CSV",
    ".mat": "MATLAB files are not supported; save it as CSV",
    ".npy": "NumPy arrays are not supported; save it as CSV or Parquet",
    ".npz": "NumPy arrays are not supported; save it as CSV or Parquet",
    ".h5": "HDF5 files are not supported; save it as CSV or Parquet",
    ".hdf5": "HDF5 files are not supported; save it as CSV or Parquet",
    ".dta": "Stata files are not supported; save it as CSV",
    ".sav": "SPSS files are not supported; save it as CSV",
    ".xls": "the old Excel format is not supported; save it as .xlsx or CSV",
    ".tfrecord": "TFRecord files are not supported",
    ".mp4": "video is not supported",
    ".avi": "video is not supported",
    ".mov": "video is not supported",
    ".dcm": "DICOM files are not supported",
    ".rar": "rar archives are not supported; unpack it first",
    ".7z": "7z archives are not supported; unpack it first",
}
HIDDEN = {"__macosx", "thumbs.db", "desktop.ini", ".ds_store", ".git", ".svn", "__pycache__", ".ipynb_checkpoints", "node_modules"}


@dataclass(frozen=True)
class RawFile:
    """A file relative to raw. Kinds: table, json, parquet, arrow, excel, sqlite, image, audio, xml, html, pdf,
    document, licence, aside (with the reason)."""

    path: str
    size: int
    kind: str
    why: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def suffix(self) -> str:
        return Path(self.path).suffix.lower()


def list_files(raw: Path) -> list[RawFile]:
    """All regular files in order of path, each with its kind; hidden ones are left out, links never followed."""
    found = []
    for file in sorted(raw.rglob("*"), key=lambda path: path.relative_to(raw).as_posix()):
        relative = file.relative_to(raw)
        if file.is_symlink() or not file.is_file() or any(part.lower() in HIDDEN or part.startswith(".") for part in relative.parts):
            continue
        found.append(describe_file(raw, relative.as_posix()))
    return found


def describe_file(raw: Path, path: str) -> RawFile:
    """The kind of one file."""
    file = raw / path
    try:
        size = file.stat().st_size
        if size == 0:
            return RawFile(path, 0, "aside", "it is empty")
        kind, why = _kind(file)
    except (OSError, EOFError, ValueError) as problem:
        return RawFile(path, 0, "aside", f"it cannot be read ({str(problem)[:120]})")
    except Exception as problem:  # noqa: BLE001 - a damaged compressed stream raises errors of many libraries
        return RawFile(path, size, "aside", f"it cannot be unpacked ({type(problem).__name__})")
    return RawFile(path, size, kind, why)


def _kind(file: Path) -> tuple[str, str]:
    suffix = file.suffix.lower()
    name = file.name
    with open(file, "rb") as opened:
        start = opened.read(512)
    if start.startswith(b"version https://git-lfs.github.com/spec"):
        return "aside", "it is a Git LFS pointer: the data themselves were not downloaded (run `git lfs pull`)"
    if suffix in NEVER:
        return "aside", NEVER[suffix]
    by_content = _magic(start)
    if by_content == "zip":
        return ("excel", "") if suffix in (".xlsx", ".xlsm") else ("aside", "it is an archive that was not unpacked")
    if by_content in ("image", "audio"):
        expected = IMAGES if by_content == "image" else AUDIO
        return (by_content, "") if suffix in expected else ("aside", f"its content is {by_content}, its name says otherwise")
    if by_content is not None:
        return by_content, ""
    if suffix == ".mp3" and (start[:3] == b"ID3" or start[:1] == b"\xff"):
        return "audio", ""
    if suffix in IMAGES | AUDIO:
        return "aside", f"its name ends in {suffix} but its content is something else"
    if packing(file) is not None:
        start = read_head(file, 512)
        suffix = Path(name.removesuffix(file.suffix)).suffix.lower()
        inner = _magic(start)
        if inner is not None:
            return "aside", "it is a compressed file of a kind that is read only when it is not compressed"
    if LICENCES.match(name):
        return "licence", ""
    if suffix in CODE:
        return "aside", "it is code or configuration, not data"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    lowered = text[:200].lower()
    if lowered.startswith((b"<!doctype html", b"<html")):
        return ("html", "") if suffix in (".html", ".htm", "") else ("aside", "it is an HTML page, perhaps of a failed download")
    if lowered.startswith(b"<?xml") or (suffix == ".xml" and lowered.startswith(b"<")):
        return "xml", ""
    if suffix in (".htm", ".html"):
        return "html", ""
    if suffix in DOCUMENTS or (suffix in ("", ".txt") and READMES.search(name)):
        return "document", ""
    if (suffix in (".json", ".jsonl", ".ndjson", ".geojson", ".topojson") or text[:1] == b"{") and text[:1] in b"[{":
        return "json", ""
    return "table", ""


def _magic(start: bytes) -> str | None:
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"ARROW1", b"FEA1")) or start[:4] == b"\xff\xff\xff\xff":
        return "arrow"
    if start.startswith(b"SQLite format 3\0"):
        return "sqlite"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if start.startswith(b"%PDF"):
        return "pdf"
    if start.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*")) or (start[:2] == b"BM" and b"\0" in start[:20]):
        return "image"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image"
    if (start[:4] == b"RIFF" and start[8:12] == b"WAVE") or start.startswith((b"fLaC", b"OggS", b".snd")):
        return "audio"
    if start[:4] == b"FORM" and start[8:12] in (b"AIFF", b"AIFC"):
        return "audio"
    return None
