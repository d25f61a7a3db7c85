"""fastai's side of `espalier train tags`: the planet lesson on photos of a table, judged by F2 on the held-out ones.

    python fastai_tags.py --table tags.csv --images DIR --seed 0

The table has the columns image_name, tags and part (train, valid, test). EfficientNet-Lite0 at 128 pixels, the lesson's transforms
(flip_vert aside: photos have an upright side), one cycle of frozen epochs at slice(lr), one of all layers at slice(1e-5, lr/5);
tags count above 0.2. Prints one line of JSON; `seconds` runs from the data block to the trained model.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

START = time.perf_counter()
from fastai.vision.all import (  # noqa: E402
    DataBlock, ImageBlock, L, Learner, MultiCategoryBlock, Normalize, RandomResizedCrop, apply_init, aug_transforms, create_head,
    nn, params, set_seed)
from sklearn.metrics import fbeta_score  # noqa: E402

from fastai_train import Body, cpu_seconds  # noqa: E402
from machine import report  # noqa: E402

import lite  # noqa: E402

IMPORTED = time.perf_counter()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5, help="of each of the two cycles")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--lr", type=float, default=1e-2)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--min-scale", type=float, default=0.35)
    parser.add_argument("--threshold", type=float, default=0.2)
    args = parser.parse_args()
    with open(args.table, newline="") as file:
        rows = list(csv.DictReader(file))
    used = [row for row in rows if row["part"] != "test"]
    held = [row for row in rows if row["part"] == "test"]
    set_seed(args.seed, reproducible=True)

    begin, cpu = time.perf_counter(), cpu_seconds()
    block = DataBlock(
        blocks=(ImageBlock, MultiCategoryBlock), get_items=lambda _: used,
        get_x=lambda row: args.images / (row["image_name"] + ".jpg"), get_y=lambda row: row["tags"].split(),
        splitter=lambda items: ([i for i, row in enumerate(items) if row["part"] == "train"],
                                [i for i, row in enumerate(items) if row["part"] == "valid"]),
        item_tfms=RandomResizedCrop(args.size, min_scale=args.min_scale),
        batch_tfms=[*aug_transforms(), Normalize.from_stats(lite.MEAN, lite.STD)])
    dls = block.dataloaders(args.images, bs=args.batch_size)
    model = nn.Sequential(Body(), create_head(1280, dls.c))
    apply_init(model[1], nn.init.kaiming_normal_)
    learn = Learner(dls, model, splitter=lambda m: L(m[0], m[1]).map(params))
    learn.freeze()
    with learn.no_bar(), learn.no_logging():
        learn.fit_one_cycle(args.epochs, slice(args.lr))
        learn.unfreeze()
        learn.fit_one_cycle(args.epochs, slice(1e-5, args.lr / 5))
    trained, cpu = time.perf_counter(), cpu_seconds() - cpu
    history = [[round(float(v), 4) for v in row] for row in learn.recorder.values]
    with learn.no_bar(), learn.no_logging():
        probabilities, _ = learn.get_preds(dl=dls.test_dl(held))
    truth = [[int(tag in row["tags"].split()) for tag in dls.vocab] for row in held]
    score = fbeta_score(truth, (probabilities > args.threshold).int().numpy(), beta=2, average="samples", zero_division=0)
    report(
        peer="fastai", seed=args.seed, epochs=args.epochs, n_train=len(dls.train_ds), n_valid=len(dls.valid_ds), n_held_out=len(held),
        seconds=trained - begin, cpu_seconds=cpu, f2_samples=float(score), import_seconds=IMPORTED - START, history=history)


if __name__ == "__main__":
    main()
