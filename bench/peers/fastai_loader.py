"""fastai's loader without a model: augmented training pictures a second.

    python fastai_loader.py --data SHARED/data/dogs-vs-cats --split ../splits/dogs-vs-cats.json [--workers 0]

The same data block as fastai_train.py. The first pass over the data warms the file cache; `rates` are the later ones.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

from fastai.vision.all import set_seed

from fastai_train import loaders
from machine import report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--mult", type=float, default=2.0)
    parser.add_argument("--min-scale", type=float, default=0.08)
    parser.add_argument("--workers", type=int)
    args = parser.parse_args()
    set_seed(0)
    dls = loaders(args.data, json.loads(args.split.read_text()), args)
    rates, n = [], 0
    for i in range(args.passes + 1):
        begin, n = time.perf_counter(), 0
        for x, _ in dls.train:
            n += len(x)
        if i > 0:
            rates.append(n / (time.perf_counter() - begin))
    report(peer="fastai", workers=dls.train.fake_l.num_workers, mult=args.mult, pictures=n,
           images_per_second=statistics.median(rates), rates=[round(r, 1) for r in rates])


if __name__ == "__main__":
    main()
