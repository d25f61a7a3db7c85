"""Goldens of regression: a linear model behind a fixed rescaling, trained by PyTorch on whole batches.

  regression.json  for each loss: the loss of every epoch, the final weights, what the model says
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from common import Golden, randn

EPOCHS = 5
LR = 0.05

LOSSES = {
    "mse": F.mse_loss,
    "l1": F.l1_loss,
    "huber": F.huber_loss,
}


def regression():
    golden = Golden("regression")
    golden.values.update(epochs=EPOCHS, lr=LR, cases=list(LOSSES))
    x = randn("regression/x", 12, 4)
    y = randn("regression/y", 12, 2) * torch.tensor([8.0, 0.5]) + torch.tensor([100.0, -3.0])
    golden.put("x", x)
    golden.put("y", y)
    mean, std = y.mean(0), y.std(0, unbiased=False)
    weight, bias = randn("regression/weight", 2, 4, scale=0.5), randn("regression/bias", 2, scale=0.5)
    golden.put("start/weight", weight)
    golden.put("start/bias", bias)
    for name, loss in LOSSES.items():
        linear = nn.Linear(4, 2)
        with torch.no_grad():
            linear.weight.copy_(weight)
            linear.bias.copy_(bias)
        optimizer = torch.optim.AdamW(linear.parameters(), lr=LR, betas=(0.9, 0.99), eps=1e-5, weight_decay=0)
        losses = []
        for _ in range(EPOCHS):
            optimizer.zero_grad()
            value = loss(linear(x) * std + mean, y)
            value.backward()
            optimizer.step()
            losses.append(value.item())
        golden.put(f"{name}/losses", torch.tensor(losses))
        golden.put(f"{name}/weight", linear.weight.detach())
        golden.put(f"{name}/bias", linear.bias.detach())
        golden.put(f"{name}/says", (linear(x) * std + mean).detach())
    golden.save()


if __name__ == "__main__":
    regression()
