"""Writes samples/fashion-mnist: 1,000 pictures of Fashion-MNIST as PNG, 80 a class to train and 20 to test.

Reads the files of Debian's package dataset-fashion-mnist (or another folder with them, given as the argument). Takes the
first pictures of each class, in the original order, from the original training and test files; a file's name is the
picture's place in its file.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot"]
TO = Path(__file__).resolve().parents[2] / "samples" / "fashion-mnist"


def idx(path: Path) -> np.ndarray:
    """The array of an IDX file of bytes."""
    data = gzip.decompress(path.read_bytes())
    dims = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(dims)).reshape(dims)


def main(source: Path):
    total = 0
    for split, prefix, count in (("train", "train", 80), ("test", "t10k", 20)):
        images = idx(source / f"{prefix}-images-idx3-ubyte.gz")
        labels = idx(source / f"{prefix}-labels-idx1-ubyte.gz")
        for k, name in enumerate(CLASSES):
            folder = TO / split / name
            folder.mkdir(parents=True, exist_ok=True)
            for i in np.flatnonzero(labels == k)[:count]:
                path = folder / f"{i:05d}.png"
                Image.fromarray(images[i]).save(path, optimize=True)
                total += path.stat().st_size
    print(f"{total} bytes", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/datasets/fashion-mnist"))
