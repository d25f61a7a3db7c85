"""PyTorch's side of a frozen body with a head of one's own: x-rays by split folders, every epoch through the whole network.

    python torch_xrays.py --data SHARED/data/chest-xrays --seed 0

EfficientNet-Lite0 with its published weights, frozen and in evaluation mode; head: batch norm, 512, 128, 2 with ReLU and dropout 0.4;
pictures squeezed to 224 by 224; Adam 5e-4, batches of 32, the epoch with the least validation loss; accuracy on `test`. Prints one line of
JSON; `seconds` runs from the data set to the trained model.
"""

from __future__ import annotations

import argparse
import copy
import time
from pathlib import Path

START = time.perf_counter()
import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402
from torchvision import transforms  # noqa: E402
from torchvision.datasets import ImageFolder  # noqa: E402

from machine import LITE_WEIGHTS, report  # noqa: E402

import lite  # noqa: E402

IMPORTED = time.perf_counter()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = lite.pretrained(LITE_WEIGHTS).eval().requires_grad_(False)
        self.head = nn.Sequential(
            nn.BatchNorm1d(1280), nn.Linear(1280, 512), nn.ReLU(), nn.Dropout(0.4), nn.Linear(512, 128), nn.ReLU(), nn.Dropout(0.4),
            nn.Linear(128, 2))

    def train(self, mode=True):
        super().train(mode)
        self.body.eval()
        return self

    def forward(self, x):
        with torch.no_grad():
            x = self.body.features(x).mean((2, 3))
        return self.head(x)


def judge(net, loader):
    net.eval()
    loss, right, count = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            scores = net(x)
            loss += nn.functional.cross_entropy(scores, y, reduction="sum").item()
            right += (scores.argmax(1) == y).sum().item()
            count += len(y)
    return loss / count, right / count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    begin = time.perf_counter()
    change = transforms.Compose([
        transforms.Resize((args.size, args.size)), transforms.ToTensor(), transforms.Normalize(lite.MEAN, lite.STD)])
    train, valid, test = (ImageFolder(args.data / part, change) for part in ("train", "valid", "test"))
    kw = {"batch_size": 32, "num_workers": args.workers}
    net = Net()
    adam = torch.optim.Adam(net.head.parameters(), lr=5e-4)
    losses, seconds, best, kept = [], [], float("inf"), None
    for _ in range(args.epochs):
        net.train()
        total, start = 0.0, time.perf_counter()
        for x, y in DataLoader(train, shuffle=True, **kw):
            loss = nn.functional.cross_entropy(net(x), y)
            adam.zero_grad()
            loss.backward()
            adam.step()
            total += loss.item() * len(y)
        losses.append(total / len(train))
        reached, _ = judge(net, DataLoader(valid, **kw))
        seconds.append(time.perf_counter() - start)
        if reached < best:
            best, kept = reached, copy.deepcopy(net.head.state_dict())
    trained = time.perf_counter()
    net.head.load_state_dict(kept)
    _, accuracy = judge(net, DataLoader(test, **kw))
    report(
        peer="pytorch", seed=args.seed, epochs=args.epochs, n_train=len(train), n_valid=len(valid), n_held_out=len(test),
        seconds=trained - begin, accuracy=accuracy, valid_loss=best, losses=losses, epoch_seconds=seconds, import_seconds=IMPORTED - START)


if __name__ == "__main__":
    main()
