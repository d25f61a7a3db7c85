"""Writes a split of a folder of class folders: the same files for Espalier and its peers.

    python make_split.py FOLDER --held-out 100 --valid 0.2 --out ../splits/NAME.json

In each class the files are ordered by the SHA-256 of their relative path; the first go to `held_out`, the next to
`valid` (a share of the rest), the others to `train`. Paths are relative, with forward slashes, sorted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--held-out", type=int, default=100)
    parser.add_argument("--valid", type=float, default=0.2)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    classes = sorted(p.name for p in args.folder.iterdir() if p.is_dir())
    split = {"held_out": [], "valid": [], "train": []}
    for name in classes:
        paths = [f"{name}/{p.name}" for p in (args.folder / name).iterdir() if p.is_file()]
        paths.sort(key=lambda p: hashlib.sha256(p.encode()).digest())
        held = args.held_out // len(classes)
        valid = round((len(paths) - held) * args.valid)
        split["held_out"] += paths[:held]
        split["valid"] += paths[held : held + valid]
        split["train"] += paths[held + valid :]
    lines = [f'"{k}":[\n' + ",\n".join(json.dumps(p) for p in sorted(v)) + "\n]" for k, v in split.items()]
    args.out.write_text("{" + ",\n".join(lines) + "}\n")
    print({k: len(v) for k, v in split.items()})


if __name__ == "__main__":
    main()
