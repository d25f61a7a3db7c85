"""What PyTorch's Python loop costs: training steps of three linear maps, 128 wide, batch 64, one thread.

    python torch_mlp_step.py [STEPS]

Prints the median and quartiles of the microseconds a step, and the processor's, after 2,000 steps to warm up.
"""

import json
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    torch.set_num_threads(1)
    torch.manual_seed(42)
    model = nn.Sequential(nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))
    x, y = torch.randn(64, 128), torch.randint(0, 10, (64,))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
    times = []
    for step in range(steps + 2_000):
        if step == 2_000:
            cpu = time.process_time()
        start = time.perf_counter()
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        times.append(time.perf_counter() - start)
    cpu = 1e6 * (time.process_time() - cpu) / steps
    lower, median, upper = (1e6 * q for q in statistics.quantiles(times[2_000:], n=4))
    print(json.dumps({"median_us": round(median, 1), "lower_us": round(lower, 1), "upper_us": round(upper, 1), "cpu_us": round(cpu, 1), "torch": torch.__version__}))


main()
