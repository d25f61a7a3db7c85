"""Goldens of the book: the first losses of its networks, trained by PyTorch from weights and pictures that a formula gives.

book.json: `losses/simple`, `losses/cnn`: float64 `[20]`. Element i of a tensor is ((i * 7919 + 13 * place) % 1000) / 1000 - 0.5,
times 2 (cnn: 4.5) / sqrt(fan in) for weights, where place is the parameter's place in the state dict. Pictures: the same with place 99, plus
0.4 times the label in the first channel; item n has the label n % 2.
`losses/simple_photos`, `losses/cnn_photos`: the same networks from the same weights on the photos of ../shared/data/dogs-vs-cats: batch k
holds the names 4k to 4k + 3 of `cat` and of `dog`, in the order of their characters, cats first; 64 by 64 pixels by Pillow's
bilinear resizing, from 0 to 1, minus 0.5.
"""

from pathlib import Path

import numpy as np
from PIL import Image

import torch
import torch.nn as nn
import torch.nn.functional as F

from common import Golden

BATCH, STEPS = 8, 20


def formula(place: int, *shape: int) -> torch.Tensor:
    n = torch.Size(shape).numel()
    i = torch.arange(n, dtype=torch.int64)
    return (((i * 7919 + 13 * place) % 1000).double() / 1000 - 0.5).float().reshape(shape)


def fill(model: nn.Module, scale: float) -> nn.Module:
    with torch.no_grad():
        for place, p in enumerate(model.parameters()):
            fan_in = p[0].numel() if p.dim() > 1 else p.numel()
            p.copy_(formula(place, *p.shape) * (scale / fan_in ** 0.5))
    return model


class SimpleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(12288, 84), nn.Linear(84, 50), nn.Linear(50, 2)

    def forward(self, x):
        x = x.view(-1, 12288)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


class CNNNet(nn.Module):
    def __init__(self, classes=2):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2))
        self.avgpool = nn.AdaptiveAvgPool2d(6)
        self.classifier = nn.Sequential(
            nn.Dropout(0), nn.Linear(256 * 36, 512), nn.ReLU(), nn.Dropout(0), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def waves(step):
    y = torch.arange(BATCH) % 2
    x = formula(99 + step % 4, BATCH, 3, 64, 64)
    x[:, 0] += 0.4 * y[:, None, None]
    return x, y


def photos(step):
    folder = Path(__file__).parents[3] / "shared" / "data" / "dogs-vs-cats"
    half = BATCH // 2
    files = [f for c in ("cat", "dog") for f in sorted((folder / c).iterdir())[half * step:half * step + half]]
    pixels = [np.asarray(Image.open(f).convert("RGB").resize((64, 64), Image.BILINEAR)) for f in files]
    x = torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).contiguous().float() / 255 - 0.5
    return x, torch.arange(BATCH) // half


def losses(model, optimizer, batch, steps=STEPS):
    out = []
    for step in range(steps):
        x, y = batch(step)
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        out.append(loss.item())
    return torch.tensor(out, dtype=torch.float64)


golden = Golden("book")
for suffix, batch in (("", waves), ("_photos", photos)):
    simple = fill(SimpleNet(), 2)
    golden.put("losses/simple" + suffix, losses(simple, torch.optim.Adam(simple.parameters(), lr=1e-3), batch))
    cnn = fill(CNNNet(), 4.5)
    golden.put("losses/cnn" + suffix, losses(cnn, torch.optim.SGD(cnn.parameters(), lr=0.0005, momentum=0.9), batch))
golden.save()
