"""fastai's side of `espalier train image`: fine-tunes EfficientNet-Lite0 on a split and judges it on the held-out photos.

    python fastai_train.py --data SHARED/data/dogs-vs-cats --split ../splits/dogs-vs-cats.json --seed 0 [--tuned]

Data block, RandomResizedCrop(224), aug_transforms(mult=2), the weights' own statistics, batches of 32, fine_tune(4): what
the tutorial does, with the published weights. --tuned adds what an expert adds on a CPU: channels_last, two workers.
Prints one line of JSON. `seconds` runs from the data block to the trained model; start-up is `import_seconds`.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path

START = time.perf_counter()
from fastai.vision.all import (  # noqa: E402
    CategoryBlock, ChannelsLast, DataBlock, ImageBlock, L, Learner, Normalize, RandomResizedCrop, apply_init, aug_transforms,
    create_head, error_rate, nn, params, parent_label, set_seed)

from machine import LITE_WEIGHTS, report  # noqa: E402

import lite  # noqa: E402

IMPORTED = time.perf_counter()


class Body(nn.Module):
    """EfficientNet-Lite0 up to the last activation."""

    def __init__(self):
        super().__init__()
        self.net = lite.pretrained(LITE_WEIGHTS)
        self.net._fc = nn.Identity()

    def forward(self, x):
        return self.net.features(x)


def cpu_seconds() -> float:
    """Processor time of this process and its finished workers."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def loaders(data: Path, split: dict, args):
    files = [data / f for f in split["train"] + split["valid"]]
    n = len(split["train"])
    block = DataBlock(
        blocks=(ImageBlock, CategoryBlock), get_items=lambda _: files, get_y=parent_label,
        splitter=lambda items: (list(range(n)), list(range(n, len(items)))),
        item_tfms=RandomResizedCrop(args.size, min_scale=args.min_scale),
        batch_tfms=[*aug_transforms(mult=args.mult), Normalize.from_stats(lite.MEAN, lite.STD)])
    kw = {} if args.workers is None else {"num_workers": args.workers}
    return block.dataloaders(data, bs=args.batch_size, **kw)


def learner(dls, args):
    model = nn.Sequential(Body(), create_head(1280, dls.c))
    apply_init(model[1], nn.init.kaiming_normal_)
    return Learner(dls, model, splitter=lambda m: L(m[0], m[1]).map(params), metrics=error_rate,
                   cbs=[ChannelsLast()] if args.tuned else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", type=Path, required=True, help="JSON with train, valid and held_out: paths below --data")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--mult", type=float, default=2.0)
    parser.add_argument("--min-scale", type=float, default=0.08)
    parser.add_argument("--workers", type=int, help="default: fastai's own, the number of cores")
    parser.add_argument("--tuned", action="store_true", help="channels_last and two workers")
    args = parser.parse_args()
    if args.tuned and args.workers is None:
        args.workers = 2
    split = json.loads(args.split.read_text())
    set_seed(args.seed, reproducible=True)

    begin, cpu = time.perf_counter(), cpu_seconds()
    dls = loaders(args.data, split, args)
    learn = learner(dls, args)
    learn.freeze()
    with learn.no_bar(), learn.no_logging():
        learn.fine_tune(args.epochs)
    trained, cpu = time.perf_counter(), cpu_seconds() - cpu
    history = [[round(float(v), 4) for v in row] for row in learn.recorder.values]
    with learn.no_bar(), learn.no_logging():
        scores, targets = learn.get_preds(dl=dls.test_dl([args.data / f for f in split["held_out"]], with_labels=True))
    judged = time.perf_counter()
    accuracy = float((scores.argmax(1) == targets).float().mean())
    report(
        peer="fastai", tuned=args.tuned, seed=args.seed, epochs=args.epochs, min_scale=args.min_scale,
        n_train=len(split["train"]), n_valid=len(split["valid"]), n_held_out=len(split["held_out"]),
        seconds=trained - begin, cpu_seconds=cpu, accuracy=accuracy, predict_seconds=judged - trained, import_seconds=IMPORTED - START,
        history=history)


if __name__ == "__main__":
    main()
