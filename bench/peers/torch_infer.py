"""PyTorch's inference on random pictures: seconds a batch.

    python torch_infer.py --mode nchw|channels_last|channels_last_bf16|script [--model resnet18|efficientnet_lite0|mobilenet_v2]

`script` is TorchScript, frozen and optimised for inference. Prints the median and quartiles after warming up.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch
import torchvision

from machine import report

from lite import EfficientNetLite


@torch.inference_mode()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=["nchw", "channels_last", "channels_last_bf16", "script"], default="channels_last")
    parser.add_argument("--model", choices=["resnet18", "efficientnet_lite0", "mobilenet_v2"], default="resnet18")
    parser.add_argument("--batch-size", type=int, default=1)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--warm-up", type=int, default=3)
    parser.add_argument("--runs", type=int, default=20)
    args = parser.parse_args()

    torch.manual_seed(0)
    model = EfficientNetLite(0) if args.model == "efficientnet_lite0" else torchvision.models.get_model(args.model)
    layout = torch.channels_last if args.mode.startswith("channels_last") else torch.contiguous_format
    model = model.to(memory_format=layout).eval()
    x = torch.randn(args.batch_size, 3, args.size, args.size).to(memory_format=layout)
    if args.mode == "script":
        model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, x)))
    seconds = []
    for _ in range(args.warm_up + args.runs):
        begin = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=args.mode == "channels_last_bf16"):
            model(x)
        seconds.append(time.perf_counter() - begin)
    seconds = seconds[args.warm_up :]
    q = statistics.quantiles(seconds, n=4)
    report(peer="torch", work="inference", model=args.model, mode=args.mode, batch_size=args.batch_size, size=args.size,
           seconds=statistics.median(seconds), quartiles=[round(q[0], 5), round(q[2], 5)], images_per_second=args.batch_size / statistics.median(seconds))


if __name__ == "__main__":
    main()
