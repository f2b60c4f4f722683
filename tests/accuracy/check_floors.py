#!/usr/bin/env python3
"""Fail when a score on the development data falls more than one point below its floor.

usage: check_floors.py LAGEBILD --floors FILE --shared DIR [--print]

Runs DIR/eval/run (or $LAGEBILD_SHARED/eval/run) on the program. Exits with 77 (ctest: skipped) where that is not there.
--print writes the floors as they stand now, for checking in after an improvement.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SKIPPED = 77
TOLERANCE = 1.0
SECTION = re.compile(r"^== (\w+)$")
# "claims message  P  61.0  R  60.1  F1  60.5   (8/9)", "claims speaker   71.2 %   (5/7)", "joint  P .. R .. F1 .."
LINE = re.compile(r"^(?P<name>\S.*?)\s+(?:P\s+[\d.]+\s+R\s+[\d.]+\s+F1\s+(?P<f1>[\d.]+)|(?P<rate>[\d.]+) %)")


def scores(output):
    """{"seeds/claims message": 60.5} from what eval/run prints."""
    found, section = {}, ""
    for line in output.splitlines():
        heading = SECTION.match(line)
        if heading:
            section = heading.group(1)
            continue
        match = LINE.match(line)
        if section and match:
            found[f"{section}/{match.group('name').strip()}"] = float(match.group("f1") or match.group("rate"))
    return found


def read_floors(path):
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {name: float(floor) for name, floor in lines}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lagebild", type=pathlib.Path)
    parser.add_argument("--floors", type=pathlib.Path, required=True)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    parser.add_argument("--print", action="store_true")
    args = parser.parse_args()
    shared = pathlib.Path(os.environ.get("LAGEBILD_SHARED", args.shared))
    if not (shared / "eval" / "run").exists():
        print(f"No development data in {shared}: set LAGEBILD_SHARED to score. Nothing was checked.")
        return SKIPPED
    with tempfile.TemporaryDirectory() as work:
        run = subprocess.run([shared / "eval" / "run", args.lagebild.resolve(), work], capture_output=True, text=True)
    print(run.stdout, run.stderr, sep="\n")
    if run.returncode != 0:
        print(f"eval/run failed with exit code {run.returncode}")
        return 1
    found = scores(run.stdout)
    if args.print:
        for name, value in sorted(found.items()):
            print(f"{name}\t{value}")
        return 0
    failed = False
    for name, floor in read_floors(args.floors).items():
        value = found.get(name)
        if value is None:
            print(f"FAILED {name}: eval/run prints no such score")
            failed = True
        elif value < floor - TOLERANCE:
            print(f"FAILED {name}: {value} is more than {TOLERANCE} below the floor of {floor}")
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
