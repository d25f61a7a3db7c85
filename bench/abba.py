"""Runs two commands in interleaved blocks A B B A and prints the ratio of one number of their JSON.

    python abba.py --a "COMMAND" --b "COMMAND" [--field seconds] [--also accuracy] [--blocks 5]

Each command prints, as the last line of its standard output that starts with `{`, one JSON document. For every block the
two A's and the two B's are averaged; the result is B / A: median [quartiles] over the blocks, so that for seconds 3 means
that A is three times as fast. {i} in a command becomes the number of the run of its side (0, 1, ...), for instance a seed.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path

FEATURES = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")


def run(command: str, i: int) -> dict:
    begin = time.perf_counter()
    done = subprocess.run(shlex.split(command.replace("{i}", str(i))), stdout=subprocess.PIPE, text=True, check=True)
    elapsed = time.perf_counter() - begin
    text = done.stdout.strip()
    try:
        result = json.loads(text)
    except json.JSONDecodeError:
        result = json.loads([line for line in text.splitlines() if line.startswith("{")][-1])
    return result | {"process_seconds": elapsed}


def at(result: dict, field: str) -> float:
    for part in field.split("."):
        result = result[part]
    return float(result)


def machine() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    flags = next((line.split(":")[1].split() for line in text.splitlines() if line.startswith("flags")), [])
    return f"{os.cpu_count()} cores, {' '.join(f for f in FEATURES if f in flags)}, load {os.getloadavg()[0]:.2f}"


def quartiles(values: list[float]) -> str:
    if len(values) < 2:
        return f"{values[0]:.4g}"
    q = statistics.quantiles(values, n=4, method="inclusive")
    return f"{q[1]:.4g} [{q[0]:.4g}, {q[2]:.4g}]"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--a", required=True)
    parser.add_argument("--b", required=True)
    parser.add_argument("--field", default="seconds", help="the number compared; process_seconds is the command's own time")
    parser.add_argument("--field-b", help="its name in B's JSON, if another")
    parser.add_argument("--also", action="append", default=[], help="a number whose mean is printed for both sides")
    parser.add_argument("--blocks", type=int, default=5)
    args = parser.parse_args()
    fields = {"A": args.field, "B": args.field_b or args.field}
    commands, results, ratios = {"A": args.a, "B": args.b}, {"A": [], "B": []}, []
    print(machine())
    for block in range(args.blocks):
        values = {"A": [], "B": []}
        for side in "ABBA" if block % 2 == 0 else "BAAB":
            result = run(commands[side], len(results[side]))
            results[side].append(result)
            values[side].append(at(result, fields[side]))
            print(f"block {block} {side} {values[side][-1]:.4g}", file=sys.stderr, flush=True)
        ratios.append(statistics.mean(values["B"]) / statistics.mean(values["A"]))
    for side in "AB":
        print(f"{side}: {fields[side]} {quartiles([at(r, fields[side]) for r in results[side]])}", end="")
        for field in args.also:
            print(f", {field} mean {statistics.mean(at(r, field) for r in results[side]):.4g}", end="")
        print(f"   {commands[side]}")
    print(f"ratio B / A: {quartiles(ratios)}   {machine()}")


if __name__ == "__main__":
    main()
