"""Goldens of the model catalogue: parameter names and shapes, logits of filled and of published weights.

  models/architectures.json  counts and hashes of every model's state, the whole list for some
  models/filled.json         logits of models filled by formula, on a picture made by formula
  models/backbones.json      the same of the architectures of BACKBONES
  models/pretrained.json     logits of the two published weight files
  models/imagenet_sample.json  what PyTorch predicts on real photos with them

The last two need ESPALIER_SHARED (weights/, data/imagenet-sample/).

A model is filled tensor by tensor: k = CRC-32 of the tensor's name (UTF-8), and for element i (row-major), in 32-bit
unsigned arithmetic,
    h = i * 2654435761 + k;  h ^= h >> 15;  h *= 2246822519;  h ^= h >> 13;  u = (h >> 8) / 2^24        (0 <= u < 1)
    weights of two or more dimensions   (2u - 1) * sqrt(3 / fan_in), fan_in = elements of one output
    one-dimensional "weight"            0.8 + 0.4 u
    "running_var"                       0.5 + u
    "bias", "running_mean"              0.2 u - 0.1
computed in float64 and rounded to float32. Pictures: x[i] = sin(0.01 i), row-major over [N, C, H, W].
"""

from __future__ import annotations

import csv
import hashlib
import math
import sys
import zlib

import numpy as np
import timm
import torch
import torchvision
from PIL import Image
from torchvision.transforms import functional as V
from torchvision.transforms import InterpolationMode

from common import SHARED, Golden
from lite import MEAN, STD, EfficientNetLite, pretrained

torch.set_num_threads(2)
LITE_WEIGHTS = SHARED / "weights" / "efficientnet-lite0-57934424.pth"
MOBILENET_WEIGHTS = SHARED / "weights" / "mobilenet_v2-b0353104.pth"
LISTED = {"resnet18", "resnet50", "efficientnet_b0", "mobilenet_v2", "efficientnet_lite0"}
# Each with the side of the picture for its logits: small, but not too small for the network.
BACKBONES = {"alexnet": 64, "vgg16": 64, "squeezenet1_1": 64, "densenet121": 64, "googlenet": 64, "inception_v3": 96,
             "mobilenet_v3_large": 64, "convnext_tiny": 64}
TIMM = {"vit_small_patch16_224": 224, "mobilenetv4_conv_small": 64, "vit_small_patch14_dinov2": 518}
# Vision transformers at other sizes than they were made for, height and width, with their positions resampled.
RESAMPLED = {"vit_small_patch16_224": (96, 256), "vit_small_patch14_dinov2": (98, 532)}
IMAGENET_MEAN, IMAGENET_STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def catalogue() -> dict:
    names = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "efficientnet_b0", "efficientnet_b1",
             "efficientnet_b2", "efficientnet_b3", "efficientnet_b4", "mobilenet_v2", *BACKBONES]
    more = {n: {"init_weights": False} for n in ("googlenet", "inception_v3", "vgg16")}
    models = {n: (lambda n=n: torchvision.models.get_model(n, weights=None, **more.get(n, {}))) for n in names}
    models.update({n: (lambda n=n: timm.create_model(n)) for n in TIMM})
    models.update({f"efficientnet_lite{v}": (lambda v=v: EfficientNetLite(v)) for v in (0, 1, 2)})
    return models


def architectures():
    golden = Golden("models/architectures")
    for name, make in catalogue().items():
        model = make()
        lines = [f"{k} {'x'.join(map(str, v.shape))}" for k, v in model.state_dict().items()]
        used = [line for line in lines if "num_batches_tracked" not in line]
        entry = {
            "tensors": len(lines), "tensors_without_counters": len(used),
            "parameters": sum(p.numel() for p in model.parameters()),
            "parameter_tensors": sum(1 for _ in model.parameters()),
            "sha256_sorted": digest(sorted(lines)), "sha256_sorted_without_counters": digest(sorted(used)),
            "sha256_in_order_without_counters": digest(used),
        }
        if name in LISTED:
            entry["state"] = used
        golden.set(name, entry)
    golden.save()


def digest(lines: list[str]) -> str:
    """SHA-256 of the lines `NAME DxDxD`, each ended by a line feed, in UTF-8."""
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


def fill(model: torch.nn.Module):
    for name, t in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        h = np.arange(t.numel(), dtype=np.uint32) * np.uint32(2654435761) + np.uint32(zlib.crc32(name.encode()))
        h ^= h >> np.uint32(15)
        h *= np.uint32(2246822519)
        h ^= h >> np.uint32(13)
        u = (h >> np.uint32(8)) / 2.0**24
        if t.dim() > 1:
            v = (2 * u - 1) * math.sqrt(3 / (t.numel() // t.shape[0]))
        elif name.endswith("running_var"):
            v = 0.5 + u
        elif name.endswith("weight"):
            v = 0.8 + 0.4 * u
        else:
            v = 0.2 * u - 0.1
        t.copy_(torch.from_numpy(v.astype(np.float32)).reshape(t.shape))
    return model


def waves(*shape: int) -> torch.Tensor:
    return torch.from_numpy(np.sin(0.01 * np.arange(math.prod(shape))).astype(np.float32)).reshape(shape)


def summary(y: torch.Tensor, first: int) -> dict:
    return {"first": y[:, :first], "argmax": y.argmax(1), "sum": y.double().sum(1), "abs_sum": y.double().abs().sum(1)}


@torch.no_grad()
def filled():
    golden = Golden("models/filled")
    for name in [n for n in catalogue() if n not in BACKBONES | TIMM]:
        model = fill(catalogue()[name]()).eval()
        y = model(waves(1, 3, 64, 64))
        golden.set(name, dict(summary(y, 20), std=float(y.std()), input=[1, 3, 64, 64]))
    model = fill(catalogue()["resnet18"]())
    golden.set("fill_check", {"model": "resnet18", "conv1.weight": model.conv1.weight.flatten()[:8], "bn1.weight": model.bn1.weight[:8],
                              "bn1.bias": model.bn1.bias[:8], "bn1.running_mean": model.bn1.running_mean[:8], "bn1.running_var": model.bn1.running_var[:8]})
    y = model.train()(waves(2, 3, 64, 64))
    golden.set("resnet18_training", dict(summary(y, 20), input=[2, 3, 64, 64], **{"after.bn1.running_mean": model.bn1.running_mean[:8],
                                         "after.bn1.running_var": model.bn1.running_var[:8]}))
    golden.save()


@torch.no_grad()
def backbones():
    golden = Golden("models/backbones")
    for name, size in (BACKBONES | TIMM).items():
        y = fill(catalogue()[name]()).eval()(waves(1, 3, size, size))
        golden.set(name, dict(summary(y, 20), std=float(y.std()), input=[1, 3, size, size]))
    for name, (height, width) in RESAMPLED.items():
        y = fill(timm.create_model(name, dynamic_img_size=True)).eval()(waves(1, 3, height, width))
        golden.set(name + "_resampled", dict(summary(y, 20), std=float(y.std()), input=[1, 3, height, width]))
    golden.save()


def published() -> dict:
    mobilenet = torchvision.models.mobilenet_v2()
    mobilenet.load_state_dict(torch.load(MOBILENET_WEIGHTS, weights_only=True))
    return {"efficientnet_lite0": pretrained(LITE_WEIGHTS), "mobilenet_v2": mobilenet.eval()}


@torch.no_grad()
def logits(models: dict):
    golden = Golden("models/pretrained")
    for name, model in models.items():
        golden.set(name, dict(summary(model(waves(2, 3, 224, 224)), 10), input=[2, 3, 224, 224]))
    golden.save()


@torch.no_grad()
def imagenet_sample(models: dict):
    """Pictures are resized by Pillow (short side, antialiased) and cropped in the middle to 224, as torchvision does."""
    folder = SHARED / "data" / "imagenet-sample"
    with open(folder / "labels.csv") as f:
        labels = {r["file"]: int(r["class_index"]) for r in csv.DictReader(f)}
    images = {f: Image.open(folder / f).convert("RGB") for f in labels}
    bicubic, bilinear = InterpolationMode.BICUBIC, InterpolationMode.BILINEAR
    settings = {
        "efficientnet_lite0": [(256, bilinear, MEAN, STD), (256, bicubic, MEAN, STD), (256, bilinear, IMAGENET_MEAN, IMAGENET_STD)],
        "mobilenet_v2": [(256, bilinear, IMAGENET_MEAN, IMAGENET_STD), (256, bicubic, IMAGENET_MEAN, IMAGENET_STD), (232, bilinear, IMAGENET_MEAN, IMAGENET_STD)],
    }
    golden = Golden("models/imagenet_sample")
    golden.set("labels", labels)
    for name, model in models.items():
        runs = []
        for resize, mode, mean, std in settings[name]:
            predicted = {}
            for f, image in images.items():
                x = V.center_crop(V.resize(image, resize, mode), 224)
                predicted[f] = int(model(V.normalize(V.to_tensor(x), mean, std)[None]).argmax())
            right = sum(predicted[f] == labels[f] for f in labels)
            runs.append({"resize": resize, "interpolation": mode.value, "crop": 224, "mean": mean, "std": std, "right": right, "of": len(labels)})
            print(name, resize, mode.value, right, file=sys.stderr)
            if len(runs) == 1:
                runs[0]["predicted"] = predicted
        golden.set(name, runs)
    golden.save()


if __name__ == "__main__":
    architectures()
    filled()
    backbones()
    models = published()
    logits(models)
    imagenet_sample(models)
