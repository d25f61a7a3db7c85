"""Counts which functions of PyTorch are used most, and writes the first 150: functions.txt of the tensor goldens.

Source: every .py file of fastai, timm and torchvision as installed (tests left out), read with `ast`. Counted are calls
and mentions of `torch.NAME`, `nn.NAME`, `F.NAME` (`nn.functional`), `transforms.NAME`, and calls `x.NAME(...)` of names
that are methods of `Tensor` and of none of Python's own types or `Path`, whatever x is: a
name's count is an upper bound where other libraries use the word too. `torch.NAME` and `Tensor.NAME` are one function.
Left out: types, constants, and what compiles, traces, distributes or registers (see OMITTED). Ranked, each namespace for itself, by the number of files that use a name, then by the
number of uses, then by the alphabet.
"""

from __future__ import annotations

import ast
import collections
import inspect
import pathlib

import fastai
import timm
import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision
import torchvision.transforms as transforms

from common import GOLDEN

QUOTAS = {"torch": 88, "nn": 30, "nn.functional": 20, "transforms": 15}  # 150 in all, so that each namespace is there
PYTHON = {name for kind in (str, list, dict, set, tuple, bytes, pathlib.Path, int, float, collections.Counter) for name in dir(kind)}
OMITTED = set("""compile jit script no_grad enable_grad inference_mode is_grad_enabled set_grad_enabled Generator device
    Size Tensor Parameter Module manual_seed load save is_tensor typename get_default_dtype set_default_dtype finfo iinfo
    dtype register_buffer register_hook Buffer LongTensor FloatTensor ByteTensor HalfTensor as_subclass is_floating_point
    is_complex is_cuda UninitializedParameter autocast get_autocast_gpu_dtype is_autocast_enabled record_stream
    assert_async memory_format""".split())


def kind(owner: str, name: str) -> str | None:
    """The name as the list shows it; None for what is not counted."""
    if name in OMITTED or name.startswith("_") or name.endswith("_like_"):
        return None
    if owner == "nn":
        found = getattr(nn, name, None)
        return f"nn.{name}" if inspect.isclass(found) and issubclass(found, nn.Module) else None
    if owner == "F":
        return f"nn.functional.{name}" if callable(getattr(F, name, None)) else None
    if owner == "transforms":
        found = getattr(transforms, name, None)
        return f"transforms.{name}" if inspect.isclass(found) and not issubclass(found, Exception) and name != "InterpolationMode" else None
    if owner == "torch":
        found = getattr(torch, name, None)
        if not callable(found) or inspect.isclass(found):
            return None
    elif name in PYTHON or not callable(getattr(torch.Tensor, name, None)):
        return None
    return f"torch.{name}" if callable(getattr(torch, name, None)) else f"Tensor.{name}"


def owner_of(node: ast.expr) -> str | None:
    """Which namespace an attribute is taken of, by the names that these libraries give them."""
    return {
        "torch": "torch", "nn": "nn", "torch.nn": "nn", "F": "F", "nn.functional": "F", "torch.nn.functional": "F",
        "transforms": "transforms", "T": "transforms", "torchvision.transforms": "transforms",
    }.get(ast.unparse(node))


def names(tree: ast.AST):
    """Each counted name of a file, as often as it is there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = owner_of(node.value)
            if owner:
                yield kind(owner, node.attr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and owner_of(node.func.value) is None:
            yield kind("Tensor", node.func.attr)


def space_of(name: str) -> str:
    """The namespace whose quota a name counts for: `torch.NAME` and `Tensor.NAME` share one."""
    space = name.rpartition(".")[0]
    return "torch" if space == "Tensor" else space


def main():
    uses, files = collections.Counter(), collections.Counter()
    for library in (fastai, timm, torchvision):
        for path in sorted(pathlib.Path(library.__file__).parent.rglob("*.py")):
            found = [name for name in names(ast.parse(path.read_text())) if name]
            uses.update(found)
            files.update(set(found))
    ranked = sorted(uses, key=lambda name: (-files[name], -uses[name], name))
    first = [name for space, count in QUOTAS.items() for name in [n for n in ranked if space_of(n) == space][:count]]
    versions = ", ".join(f"{m.__name__} {m.__version__}" for m in (fastai, timm, torchvision, torch))
    lines = [f"# The {len(first)} functions of PyTorch that most files use. Made by tools/golden/count_functions.py from {versions}.",
             "# NAME FILES USES"]
    path = GOLDEN / "tensor" / "functions.txt"
    path.write_text("\n".join(lines + [f"{name} {files[name]} {uses[name]}" for name in first]) + "\n")


main()
