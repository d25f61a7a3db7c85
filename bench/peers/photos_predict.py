"""Many photos from disk through a model: pictures a second of fastai's `get_preds` or of what timm's `inference.py` does.

    python photos_predict.py --peer fastai|timm --data DIR [--photos 999] [--tuned]

EfficientNet-Lite0 with its published weights; the photos of DIR, in turn until there are as many as asked for. fastai as its
tutorial has it (`test_dl`, `get_preds`; --tuned: channels_last), timm as `inference.py --channels-last` (batches of 256, two
workers; without --tuned NCHW). Only the pass over the photos is timed, not the start. Beside it: `espalier predict MODEL DIR --out x.csv`,
which tells its own seconds.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from torch import nn

from machine import LITE_WEIGHTS, report

import lite

ENDINGS = {".jpg", ".jpeg", ".png"}


def photos(data: Path, count: int) -> list[Path]:
    files = sorted(file for file in data.rglob("*") if file.suffix.lower() in ENDINGS)
    return [files[i % len(files)] for i in range(count)]


def fastai_seconds(files: list[Path], args) -> float:
    from fastai.vision.all import CategoryBlock, ChannelsLast, DataBlock, ImageBlock, Learner, Normalize, Resize

    block = DataBlock(blocks=(ImageBlock, CategoryBlock), get_items=lambda _: files, get_y=lambda file: file.parent.name,
                      item_tfms=Resize(args.size), batch_tfms=Normalize.from_stats(lite.MEAN, lite.STD))
    dls = block.dataloaders(args.data, bs=args.batch_size or 64)
    learn = Learner(dls, lite.pretrained(LITE_WEIGHTS), loss_func=nn.CrossEntropyLoss(), cbs=[ChannelsLast()] if args.tuned else [])
    begin = time.perf_counter()
    with learn.no_bar(), learn.no_logging():
        scores, _ = learn.get_preds(dl=dls.test_dl(files))
    assert len(scores) == len(files)
    return time.perf_counter() - begin


@torch.inference_mode()
def timm_seconds(files: list[Path], args) -> float:
    from timm.data import ImageDataset, create_loader
    from timm.data.readers.reader import Reader

    class Given(Reader):
        def __getitem__(self, index):
            return files[index].open("rb"), 0

        def __len__(self):
            return len(files)

        def _filename(self, index, basename=False, absolute=False):
            return str(files[index])

    layout = torch.channels_last if args.tuned else torch.contiguous_format
    model = lite.pretrained(LITE_WEIGHTS).eval().to(memory_format=layout)
    loader = create_loader(ImageDataset("", reader=Given()), input_size=(3, args.size, args.size), batch_size=args.batch_size or 256,
                           use_prefetcher=False, mean=lite.MEAN, std=lite.STD, interpolation="bicubic", crop_pct=0.875,
                           num_workers=2, device=torch.device("cpu"))
    begin, seen = time.perf_counter(), 0
    for x, _ in loader:
        seen += len(model(x.to(memory_format=layout)).softmax(-1).topk(1)[1])
    assert seen == len(files)
    return time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", choices=["fastai", "timm"], required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=999)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch-size", type=int, default=0, help="0: the peer's own")
    parser.add_argument("--tuned", action="store_true", help="channels_last")
    args = parser.parse_args()
    files = photos(args.data, args.photos)
    seconds = (fastai_seconds if args.peer == "fastai" else timm_seconds)(files, args)
    report(peer=args.peer, work="predict photos", tuned=args.tuned, photos=len(files), seconds=seconds, photos_per_second=len(files) / seconds)


if __name__ == "__main__":
    main()
