"""EfficientNet-Lite in PyTorch, with the parameter names of the published weights (`_conv_stem.weight`, ...).

ReLU6, no squeeze-and-excitation, TensorFlow's "same" padding, batch norms with eps 1e-3 and momentum 0.01. Of the family's
scaling only the repeats of the middle stages and the widths between stem and head grow.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

MEAN, STD = [127 / 255] * 3, [128 / 255] * 3
# repeats, kernel, stride, expansion, in, out
STAGES = [(1, 3, 1, 1, 32, 16), (2, 3, 2, 6, 16, 24), (2, 5, 2, 6, 24, 40), (3, 3, 2, 6, 40, 80),
          (3, 5, 1, 6, 80, 112), (4, 5, 2, 6, 112, 192), (1, 3, 1, 6, 192, 320)]
# width, depth, picture size, dropout
SCALES = {0: (1.0, 1.0, 224, 0.2), 1: (1.0, 1.1, 240, 0.2), 2: (1.1, 1.2, 260, 0.3)}


class SameConv2d(nn.Conv2d):
    """A convolution with TensorFlow's "same" padding."""

    def forward(self, x):
        pads = []
        for size, k, s in zip(x.shape[-2:], self.kernel_size, self.stride):
            total = max((-(-size // s) - 1) * s + k - size, 0)
            pads = [total // 2, total - total // 2] + pads
        if pads[0] == pads[1] and pads[2] == pads[3]:
            return F.conv2d(x, self.weight, self.bias, self.stride, (pads[2], pads[0]), 1, self.groups)
        return F.conv2d(F.pad(x, pads), self.weight, self.bias, self.stride, 0, 1, self.groups)


def norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class Block(nn.Module):
    """Expand, depthwise, project; with the input added where the shapes allow."""

    def __init__(self, kernel: int, stride: int, expand: int, cin: int, cout: int):
        super().__init__()
        mid = cin * expand
        if expand > 1:
            self._expand_conv, self._bn0 = SameConv2d(cin, mid, 1, bias=False), norm(mid)
        self._depthwise_conv, self._bn1 = SameConv2d(mid, mid, kernel, stride, groups=mid, bias=False), norm(mid)
        self._project_conv, self._bn2 = SameConv2d(mid, cout, 1, bias=False), norm(cout)
        self.residual = stride == 1 and cin == cout

    def forward(self, x):
        y = x
        if hasattr(self, "_expand_conv"):
            y = F.relu6(self._bn0(self._expand_conv(y)))
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.residual else y


class EfficientNetLite(nn.Module):
    """The classifier; `features(x)` stops after the head's activation, before pooling."""

    def __init__(self, variant: int = 0, classes: int = 1000):
        super().__init__()
        width, depth, self.size, dropout = SCALES[variant]
        self._conv_stem, self._bn0 = SameConv2d(3, 32, 3, 2, bias=False), norm(32)
        blocks, cin = [], 32
        for i, (repeats, kernel, stride, expand, _, out) in enumerate(STAGES):
            out = self.round_width(out * width)
            if 0 < i < len(STAGES) - 1:
                repeats = math.ceil(repeats * depth)
            for j in range(repeats):
                blocks.append(Block(kernel, stride if j == 0 else 1, expand, cin, out))
                cin = out
        self._blocks = nn.ModuleList(blocks)
        self._conv_head, self._bn1 = SameConv2d(cin, 1280, 1, bias=False), norm(1280)
        self._dropout, self._fc = nn.Dropout(dropout), nn.Linear(1280, classes)

    @staticmethod
    def round_width(width: float) -> int:
        """The nearest multiple of 8 that is not more than a tenth below."""
        rounded = max(8, int(width + 4) // 8 * 8)
        return rounded + 8 if rounded < 0.9 * width else rounded

    def features(self, x):
        x = F.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        return F.relu6(self._bn1(self._conv_head(x)))

    def forward(self, x):
        x = self.features(x).mean((2, 3))
        return self._fc(self._dropout(x))


def pretrained(path: Path) -> EfficientNetLite:
    """EfficientNet-Lite0 with the published ImageNet weights, ready to predict."""
    model = EfficientNetLite(0)
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.eval()
