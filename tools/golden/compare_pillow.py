"""Reads pictures with Espalier and with Pillow, and prints where the two differ.

    python3 compare_pillow.py --java "java -cp $CP espalier.bench.DecodePictures" FOLDER ... [--mutants 6] [--list FILE]

Every file below the folders is read by both. With --mutants N, so many damaged copies of each file of at most 256 KB are
read too: cut, with flipped bits, with wrong bytes in the header, with a part removed or doubled. What is done to a copy follows
from its name alone, so two runs see the same files.

The table counts files that both read: alike to 3 levels on average ("equal"); otherwise, with a warning by Espalier or as the
undamaged file ("differ, warned"); otherwise without a word ("differ"). And files that only one reads; those of Espalier alone
as the undamaged file, with a warning, or otherwise ("damaged"). --list writes one line for each file that is not equal.

Pillow's picture is the one after exif_transpose, over white where it is transparent, with 16 bits scaled by full range.
"""

from __future__ import annotations

import argparse
import io
import random
import shlex
import struct
import subprocess
import tempfile
import warnings
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

FORMATS = {"BMP", "DIB", "GIF", "JPEG", "MPO", "PNG", "TIFF", "WEBP"}
LEVELS = 3
MUTATED_BYTES = 256 << 10


def pillow(data: bytes):
    """The format that Pillow sees, and the picture as RGB or the reason why there is none."""
    name = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
            name = image.format
            image.load()
            # Values of transparency are numbers or bytes; exif_transpose copies the frame and keeps them.
            return name, rgb(ImageOps.exif_transpose(image))
    except Exception as wrong:  # noqa: BLE001: whatever Pillow throws is its refusal
        return name, f"{type(wrong).__name__}: {wrong}"[:160].replace("\n", " ")


def rgb(image) -> np.ndarray:
    if image.mode.startswith("I;16") or image.mode == "I":
        grey = np.asarray(image).astype(np.int64)
        grey[grey == image.info.get("transparency", -1)] = 65535
        return np.repeat(((grey.clip(0, 65535) * 255 + 32767) // 65535)[..., None], 3, axis=2).astype(np.uint8)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        # RGBa cannot be converted from every mode, but always to RGBA.
        over = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return np.asarray(image.convert("RGB"))


def mutants(name: str, data: bytes, count: int):
    """Damaged copies of a file, each with a word for what was done."""
    for number in range(count):
        rng = random.Random(f"{name}/{number}")
        broken = bytearray(data)
        kind = ("cut", "bits", "header", "removed", "doubled", "bits")[number % 6]
        at = rng.randrange(len(broken))
        if kind == "cut":
            del broken[max(1, at):]
        elif kind == "bits":
            for _ in range(1 + number // 6 * 8):
                broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
        elif kind == "header":
            broken[rng.randrange(min(len(broken), 128))] = rng.choice((0, 1, 127, 128, 255))
        elif kind == "removed":
            del broken[at : at + rng.randrange(1, 64)]
        else:
            broken[at:at] = broken[at : at + rng.randrange(1, 64)]
        yield f"{number}-{kind}", bytes(broken)


class Espalier:
    """The other side: a process that reads paths and answers with pixels."""

    def __init__(self, command: str):
        self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, path: Path):
        self.process.stdin.write(f"{path}\n".encode())
        self.process.stdin.flush()
        width, height, length = struct.unpack(">iiH", self.process.stdout.read(10))
        said = self.process.stdout.read(length).decode("utf-8", "replace")
        if width == 0:
            return said, None
        samples = np.frombuffer(self.process.stdout.read(3 * width * height), np.uint8)
        return said, samples.reshape(height, width, 3)


def same(one, other) -> bool:
    return one.shape == other.shape and np.abs(one.astype(np.int16) - other).mean() <= LEVELS


def verdict(theirs, ours, said, original) -> str:
    if ours is None:
        return "neither" if isinstance(theirs, str) else "Pillow only"
    if isinstance(theirs, str):
        if original is None or same(ours, original):
            return "Espalier only"
        return "Espalier only, warned" if said else "Espalier only, damaged"
    if same(theirs, ours):
        return "equal"
    # A damaged copy may be read better than Pillow reads it.
    return "differ, warned" if said or (original is not None and same(ours, original)) else "differ"


def compare(name, path, data, espalier, rows, listed, original=None):
    kind, theirs = pillow(data)
    said, ours = espalier.read(path)
    result = verdict(theirs, ours, said, original)
    if kind and kind not in FORMATS:
        result = "other format, refused" if ours is None else "other format, READ"
        kind = "others"
    group = kind or ("not known to Pillow" if ours is None else "of Espalier alone")
    rows[group][result] += 1
    if result not in ("equal", "other format, refused", "neither"):
        mean = ""
        if result.startswith("differ") and theirs.shape == ours.shape:
            mean = f"{np.abs(theirs.astype(np.int16) - ours).mean():.1f}"
        sizes = f"{ours.shape if ours is not None else ''} {theirs if isinstance(theirs, str) else theirs.shape}"
        listed.append(f"{result}\t{group}\t{name}\t{mean}\tEspalier: {said}\t{sizes}")
    return ours


def table(rows) -> str:
    columns = ["equal", "differ", "differ, warned", "Pillow only", "Espalier only"]
    columns += ["Espalier only, warned", "Espalier only, damaged", "neither"]
    known = [name for name in sorted(rows) if name in FORMATS]
    lines = ["| format | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    lines += ["| " + " | ".join([name] + [str(rows[name][column]) for column in columns]) + " |" for name in known]
    for name in sorted(set(rows) - set(known)):
        lines.append(f"{name}: {dict(rows[name])}")
    return "\n".join(lines)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--java", required=True)
    options.add_argument("--mutants", type=int, default=0)
    options.add_argument("--list")
    options.add_argument("folders", nargs="+", type=Path)
    given = options.parse_args()
    espalier = Espalier(given.java)
    whole, damaged, listed = defaultdict(Counter), defaultdict(Counter), []
    with tempfile.TemporaryDirectory() as folder:
        for root in given.folders:
            for path in sorted(file for file in root.rglob("*") if file.is_file()):
                data, name = path.read_bytes(), str(path.relative_to(root))
                original = compare(name, path, data, espalier, whole, listed)
                small = 0 < len(data) <= MUTATED_BYTES and pillow(data)[0] in FORMATS
                copy = Path(folder) / f"mutant{path.suffix}"
                for kind, broken in mutants(name, data, given.mutants if small else 0):
                    copy.write_bytes(broken)
                    compare(f"{name} {kind}", copy, broken, espalier, damaged, listed, original)
    print(table(whole))
    if given.mutants:
        print("\nDamaged copies:\n" + table(damaged))
    if given.list:
        Path(given.list).write_text("\n".join(listed) + "\n")


if __name__ == "__main__":
    main()
