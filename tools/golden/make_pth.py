"""Goldens of weight files: tiny `.pth` files of every kind as base64, and sums of the tensors of two real ones.

pth/files.json: `values.files` maps a file's name to `{"base64", "tensors": {NAME: {"dtype", "shape", "data"}}}`.
The keys of storages are memory addresses and random numbers: running this again changes the base64, not the values.
pth/FILE.json: `values.tensors` lists `[name, dtype, shape, sum in float64]` in the order of the file.
"""

from __future__ import annotations

import base64
import io
import warnings
from collections import OrderedDict

import torch
from safetensors.torch import save as save_safetensors
from torch import nn

from common import SHARED, Golden, randn, seed

warnings.filterwarnings("ignore")


def describe(tensors: dict) -> dict:
    return {
        name: {
            "dtype": str(t.dtype).removeprefix("torch."),
            "shape": list(t.shape),
            "data": [float(v) for v in t.detach().to(torch.float64).flatten()],
        }
        for name, t in tensors.items()
    }


def pth(value, legacy: bool = False, protocol: int = 2) -> str:
    out = io.BytesIO()
    torch.save(value, out, _use_new_zipfile_serialization=not legacy, pickle_protocol=protocol)
    return base64.b64encode(out.getvalue()).decode()


def model_state() -> OrderedDict:
    seed("pth/model")
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Linear(2, 3)).state_dict()


def all_types() -> dict:
    x = randn("pth/types", 2, 3, scale=4.0)
    names = ["uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64"]
    tensors = {name: (x.abs() if name == "uint8" else x).to(getattr(torch, name)) for name in names}
    tensors["bool"] = x > 0
    tensors["empty"] = torch.zeros(0, 3)
    tensors["scalar"] = torch.tensor(2.5)
    tensors["subnormal"] = torch.tensor([6e-8, -6e-5, 65504.0], dtype=torch.float16)
    return tensors


def views() -> dict:
    x = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    return {
        "whole": x,
        "transposed": x.permute(2, 0, 1),
        "part": x[1, 1:],
        "column": x[:, :, 2],
        "expanded": torch.tensor([1.0, 2.0]).expand(3, 2),
        "parameter": nn.Parameter(x[0]),
    }


def main() -> None:
    golden = Golden("pth/files")
    state, types, parts = model_state(), all_types(), views()
    files = golden.values["files"] = {}

    def add(name: str, value, tensors: dict, **options):
        files[name] = {"base64": pth(value, **options), "tensors": describe(tensors)}

    add("zip", state, state)
    add("legacy", state, state, legacy=True)
    add("zip_protocol4", state, state, protocol=4)
    add("zip_types", types, types)
    add("legacy_types", types, types, legacy=True)
    add("zip_views", parts, parts)
    add("legacy_views", parts, parts, legacy=True)
    small = {"w": torch.tensor([1.0, 2.0])}
    add("checkpoint", {"epoch": 3, "state_dict": small, "lr": 0.1, "shape": torch.Size([2])}, small)
    add("model", {"model": small, "optimizer": {"state": {0: {"step": 1}}, "groups": [(1, 2)]}}, small)
    files["safetensors"] = {
        "base64": base64.b64encode(save_safetensors(types, {"format": "pt"})).decode(),
        "tensors": describe(types),
    }
    scripted = io.BytesIO()
    torch.jit.save(torch.jit.script(nn.Linear(1, 1)), scripted)
    files["torchscript"] = {"base64": base64.b64encode(scripted.getvalue()).decode(), "tensors": {}}
    whole = io.BytesIO()
    torch.save(nn.Linear(1, 1), whole)
    files["pickled_module"] = {"base64": base64.b64encode(whole.getvalue()).decode(), "tensors": {}}
    csr = {"w": torch.eye(2).to_sparse_csr()}
    files["sparse_csr"] = {"base64": pth(csr), "tensors": {}}
    golden.set("files", files)
    golden.save()

    for name in ("efficientnet-lite0-57934424", "mobilenet_v2-b0353104"):
        real = Golden(f"pth/{name}")
        weights = torch.load(SHARED / "weights" / f"{name}.pth", weights_only=True)
        rows = [
            [key, str(t.dtype).removeprefix("torch."), list(t.shape), t.double().sum().item()]
            for key, t in weights.items()
        ]
        real.set("tensors", rows)
        real.save()


if __name__ == "__main__":
    main()
