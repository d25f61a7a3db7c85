"""PyTorch's training step: forward, cross entropy, backward, Adam, on random pictures.

    python torch_resnet18_step.py --mode nchw|channels_last|channels_last_bf16 [--model resnet18|efficientnet_lite0]

Prints the median and quartiles of the seconds a step, after warming up.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch
import torch.nn.functional as F
import torchvision

from machine import report

from lite import EfficientNetLite


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=["nchw", "channels_last", "channels_last_bf16"], default="channels_last_bf16")
    parser.add_argument("--model", choices=["resnet18", "efficientnet_lite0"], default="resnet18")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5)
    args = parser.parse_args()

    torch.manual_seed(0)
    layout = torch.contiguous_format if args.mode == "nchw" else torch.channels_last
    model = torchvision.models.resnet18(num_classes=10) if args.model == "resnet18" else EfficientNetLite(0, 10)
    model = model.to(memory_format=layout).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    x = torch.randn(args.batch_size, 3, args.size, args.size).to(memory_format=layout)
    y = torch.arange(args.batch_size) % 10
    seconds = []
    for _ in range(args.warm_up + args.steps):
        begin = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=args.mode == "channels_last_bf16"):
            scores = model(x)
        loss = F.cross_entropy(scores.float(), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seconds.append(time.perf_counter() - begin)
    seconds = seconds[args.warm_up :]
    q = statistics.quantiles(seconds, n=4)
    report(peer="torch", work="training step", model=args.model, mode=args.mode, batch_size=args.batch_size, size=args.size,
           seconds=statistics.median(seconds), quartiles=[round(q[0], 4), round(q[2], 4)], steps=args.steps)


if __name__ == "__main__":
    main()
