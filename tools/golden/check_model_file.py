"""Opens an exported model with the Python package safetensors and checks what any reader may rely on.

    python check_model_file.py MODEL.safetensors [--print]

One metadata key, `espalier`, with a JSON document; tensors that are readable and finite; no gap or overlap in the data.
Run by hand; exits with 1 and says what is wrong.
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
from pathlib import Path

import torch
from safetensors import safe_open


def problems(path: Path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    end = 0
    for name, entry in sorted(header.items(), key=lambda e: e[1]["data_offsets"]):
        if entry["data_offsets"][0] != end:
            yield f"{name}: starts at {entry['data_offsets'][0]}, expected {end}"
        end = entry["data_offsets"][1]
    if 8 + length + end != len(raw):
        yield f"the file has {len(raw)} bytes, its tensors end at {8 + length + end}"
    with safe_open(path, "pt") as f:
        if list(f.metadata() or {}) != ["espalier"]:
            yield f"metadata keys {list(f.metadata() or {})}, expected ['espalier']"
        else:
            json.loads(f.metadata()["espalier"])
        for name in f.keys():
            t = f.get_tensor(name)
            if t.is_floating_point() and not torch.isfinite(t).all():
                yield f"{name}: not finite"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--print", action="store_true", help="the document, and each tensor's name, type and shape")
    args = parser.parse_args()
    found = list(problems(args.file))
    if args.print:
        with safe_open(args.file, "pt") as f:
            document = (f.metadata() or {}).get("espalier")
            print(json.dumps(json.loads(document), indent=2, ensure_ascii=False) if document else "no document")
            for name in f.keys():
                part = f.get_slice(name)
                print(name, part.get_dtype(), part.get_shape())
    for p in found:
        print(p, file=sys.stderr)
    if not found:
        with safe_open(args.file, "pt") as f:
            print(f"{args.file}: {len(f.keys())} tensors, fine")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
