"""What every golden script shares: deterministic tensors and the file format that the Java tests read.

A golden file is `{"tensors": {NAME: {"shape", "dtype", "data"}}, "values": {...}}`, one tensor a line, numbers
rounded to nine significant digits (which float32 survives unchanged). JSON has no word for NaN and the infinities:
they are the strings "NaN", "Infinity" and "-Infinity".
"""

from __future__ import annotations

import json
import math
import os
import sys
import zlib
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "espalier-core" / "src" / "test" / "resources" / "golden"
PREDICT = ROOT / "espalier-predict" / "src" / "test" / "resources" / "golden"
EXAMPLES = ROOT / "espalier-examples" / "src" / "test" / "resources" / "golden"


def place(name):
    """The folder for a golden file: pictures are read without tensors, and tested where they are read; so is the book."""
    if name == "book":
        return EXAMPLES
    return PREDICT if name.startswith(("image/", "pictures", "augment/resize", "pth/files")) else GOLDEN
SHARED = Path(os.environ.get("ESPALIER_SHARED", ROOT.parent / "shared"))

torch.set_num_threads(1)


def generator(name: str) -> torch.Generator:
    """A generator seeded by a name, so that adding a case changes no other."""
    return torch.Generator().manual_seed(zlib.crc32(name.encode()))


def seed(name: str) -> None:
    """Seeds PyTorch's global generator by a name."""
    torch.manual_seed(zlib.crc32(name.encode()))


def randn(name: str, *shape: int, scale: float = 1.0) -> torch.Tensor:
    """Normal numbers on a grid of 1/64: products are exact in float32 and short in JSON."""
    x = torch.randn(shape, generator=generator(name)) * scale
    return (x * 64).round() / 64


def rand(name: str, *shape: int) -> torch.Tensor:
    """Uniform numbers in (0, 1) on a grid of 1/1024."""
    x = torch.rand(shape, generator=generator(name))
    return ((x * 1022).round() + 1) / 1024


def number(v, digits: int = 9):
    """A JSON number (or the name of a non-finite one) with so many significant digits."""
    if isinstance(v, (bool, np.bool_)):
        return bool(v)
    if isinstance(v, (int, np.integer)):
        return int(v)
    v = float(v)
    if math.isnan(v):
        return "NaN"
    if math.isinf(v):
        return "Infinity" if v > 0 else "-Infinity"
    r = float(f"{v:.{digits}g}")
    return int(r) if r == int(r) and abs(r) < 1e9 and not (r == 0 and math.copysign(1, v) < 0) else r


def tensor(t, digits: int = 9) -> dict:
    """The JSON form of a tensor."""
    if not isinstance(t, torch.Tensor):
        t = torch.as_tensor(t)
    t = t.detach().cpu().contiguous()
    return {
        "shape": list(t.shape),
        "dtype": str(t.dtype).removeprefix("torch."),
        "data": [number(v, digits) for v in t.reshape(-1).tolist()],
    }


def plain(v):
    """Any tree of dicts, lists, arrays and tensors as plain JSON values, tensors as nested lists."""
    if isinstance(v, dict):
        return {str(k): plain(x) for k, x in v.items()}
    if isinstance(v, (torch.Tensor, np.ndarray)):
        return plain(v.tolist())
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    if v is None or isinstance(v, str):
        return v
    return number(v)


class Golden:
    """A golden file being made: `put` tensors, `set` values, `save` once."""

    def __init__(self, name: str):
        self.name = name
        self.tensors: dict[str, dict] = {}
        self.values: dict = {}

    def put(self, name: str, t, digits: int = 9) -> None:
        assert name not in self.tensors, name
        self.tensors[name] = tensor(t, digits)

    def set(self, name: str, v) -> None:
        self.values[name] = plain(v)

    def save(self) -> None:
        path = place(self.name) / f"{self.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        line = lambda d: ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in d.items())
        text = '{"tensors":{\n' + line(self.tensors) + '\n},"values":{\n' + line(self.values) + "\n}}\n"
        json.loads(text)
        path.write_text(text)
        print(f"{path.relative_to(ROOT)}  {len(text) / 1024:.1f} KB", file=sys.stderr)
