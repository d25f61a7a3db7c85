"""Goldens of the layers: outputs, gradients and running statistics of torch.nn on tiny inputs.

Each file nn/LAYER.json holds one or more cases. `values.cases` maps a case's name to its options (PyTorch's words);
its tensors are
  CASE/x                 input                     CASE/param/NAME        parameters and buffers before the call
  CASE/y                 output in training mode   CASE/y_eval            output in evaluation mode, where it differs
  CASE/g                 weights of the sum        CASE/grad/x, /grad/NAME  gradients of sum(y * g)
  CASE/after/NAME        buffers after the training call, used by CASE/y_eval
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from common import Golden, rand, randn, seed


def fill(module: nn.Module, name: str) -> None:
    """Gives every parameter and float buffer its own short numbers."""
    with torch.no_grad():
        for key, p in list(module.named_parameters()) + list(module.named_buffers()):
            if not p.is_floating_point():
                continue
            v = randn(f"{name}/{key}", *p.shape, scale=0.5)
            if key.endswith("running_var"):
                v = v.abs() + 0.5
            p.copy_(v)


def case(golden: Golden, name: str, module: nn.Module, x: torch.Tensor, options: dict, eval_differs: bool = False):
    """Runs a module with one input and one output, and records everything."""
    key = f"{golden.name}/{name}"
    fill(module, key)
    golden.values.setdefault("cases", {})[name] = options
    x = x.clone()
    if x.is_floating_point():
        x.requires_grad_()
    golden.put(f"{name}/x", x)
    for k, v in module.state_dict().items():
        golden.put(f"{name}/param/{k}", v)
    module.train()
    y = module(x)
    g = randn(f"{key}/g", *y.shape)
    golden.put(f"{name}/y", y)
    golden.put(f"{name}/g", g)
    gradients(golden, f"{name}/grad", module, x, (y * g).sum())
    if eval_differs:
        for k, v in module.named_buffers():
            golden.put(f"{name}/after/{k}", v)
        module.eval()
        y = module(x)
        golden.put(f"{name}/y_eval", y)
        gradients(golden, f"{name}/grad_eval", module, x, (y * g).sum())


def gradients(golden: Golden, prefix: str, module: nn.Module, x: torch.Tensor, loss: torch.Tensor):
    names = [k for k, p in module.named_parameters()]
    inputs = [p for _, p in module.named_parameters()]
    if x.is_floating_point():
        names, inputs = ["x"] + names, [x] + inputs
    if not inputs:
        return
    for k, g in zip(names, torch.autograd.grad(loss, inputs)):
        golden.put(f"{prefix}/{k}", g)


class SameConv2d(nn.Conv2d):
    """TensorFlow's "same": output ceil(in / stride), the odd row or column of padding at the bottom and right."""

    def forward(self, x):
        pads = []
        for size, k, s, d in zip(x.shape[-2:], self.kernel_size, self.stride, self.dilation):
            total = max((-(-size // s) - 1) * s + (k - 1) * d + 1 - size, 0)
            pads = [total // 2, total - total // 2] + pads
        return F.conv2d(F.pad(x, pads), self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


class AdaptiveConcatPool2d(nn.Module):
    """fastai's: maximum first, then average."""

    def forward(self, x):
        return torch.cat([F.adaptive_max_pool2d(x, 1), F.adaptive_avg_pool2d(x, 1)], 1)


def simple(name: str, cases: dict):
    golden = Golden(f"nn/{name}")
    for key, (module, x, options) in cases.items():
        case(golden, key, module, x, options)
    golden.save()


def linear():
    simple("linear", {
        "plain": (nn.Linear(4, 3), randn("linear", 2, 4), {"in": 4, "out": 3, "bias": True}),
        "no_bias": (nn.Linear(4, 3, bias=False), randn("linear2", 2, 4), {"in": 4, "out": 3, "bias": False}),
        "three_dims": (nn.Linear(4, 3), randn("linear3", 2, 3, 4), {"in": 4, "out": 3, "bias": True}),
    })


def conv1d():
    def c(length, **kw):
        o = dict({"in": 2, "out": 4, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True}, **kw)
        m = nn.Conv1d(o["in"], o["out"], o["kernel"], o["stride"], o["padding"], o["dilation"], o["groups"], o["bias"])
        return m, randn(f"conv1d{sorted(o.items())}", 2, o["in"], length), o
    simple("conv1d", {
        "plain": c(7), "stride": c(8, stride=2, padding=1), "dilation": c(9, dilation=2, padding=2),
        "groups": c(7, groups=2, bias=False),
    })


def conv2d():
    def c(size=(5, 6), cls=nn.Conv2d, **kw):
        o = dict({"in": 2, "out": 4, "kernel": [3, 3], "stride": [1, 1], "padding": [0, 0], "dilation": [1, 1],
                  "groups": 1, "bias": True}, **kw)
        pad = o["padding"] if not isinstance(o["padding"], str) else 0
        m = cls(o["in"], o["out"], o["kernel"], o["stride"], pad, o["dilation"], o["groups"], o["bias"])
        return m, randn(f"conv2d{sorted(o.items())}{size}", 2, o["in"], *size), o
    tf = {"cls": SameConv2d, "padding": "same_tf"}
    simple("conv2d", {
        "plain": c(), "stride_padding": c(stride=[2, 2], padding=[1, 1]), "no_bias": c(bias=False, padding=[1, 1]),
        "rectangular": c(kernel=[1, 3], stride=[2, 1], padding=[0, 1]), "dilation": c(dilation=[2, 2], padding=[2, 2]),
        "groups": c(groups=2), "depthwise": c(**{"in": 4, "groups": 4, "padding": [1, 1], "bias": False}),
        "pointwise": c(kernel=[1, 1]),
        "same_tf_stride1": c(**tf), "same_tf_stride2_even": c((6, 8), stride=[2, 2], **tf),
        "same_tf_stride2_odd": c((5, 7), stride=[2, 2], **tf),
        "same_tf_kernel5_even_odd": c((6, 7), stride=[2, 2], kernel=[5, 5], **tf),
        "same_tf_depthwise": c((6, 6), stride=[2, 2], **{"in": 4, "groups": 4, "bias": False}, **tf),
    })


def norms():
    for name, make, shape in (("batch_norm1d", nn.BatchNorm1d, (5, 3)), ("batch_norm2d", nn.BatchNorm2d, (3, 2, 3, 4))):
        golden = Golden(f"nn/{name}")
        n = shape[1]
        for key, kw in (("plain", {}), ("eps_momentum", {"eps": 1e-3, "momentum": 0.01}), ("no_affine", {"affine": False})):
            o = dict({"features": n, "eps": 1e-5, "momentum": 0.1, "affine": True}, **kw)
            m = make(n, eps=o["eps"], momentum=o["momentum"], affine=o["affine"])
            case(golden, key, m, randn(f"{name}{key}", *shape) * 2 + 0.5, o, eval_differs=True)
        if name == "batch_norm1d":
            o = {"features": 3, "eps": 1e-5, "momentum": 0.1, "affine": True}
            case(golden, "sequence", make(3), randn(f"{name}seq", 2, 3, 4) * 2, o, eval_differs=True)
        golden.save()
    simple("layer_norm", {
        "last": (nn.LayerNorm(5), randn("ln1", 3, 5) * 2 + 1, {"shape": [5], "eps": 1e-5, "affine": True}),
        "two_dims": (nn.LayerNorm([2, 3]), randn("ln2", 2, 2, 3), {"shape": [2, 3], "eps": 1e-5, "affine": True}),
        "no_affine": (nn.LayerNorm(5, eps=1e-3, elementwise_affine=False), randn("ln3", 2, 4, 5),
                      {"shape": [5], "eps": 1e-3, "affine": False}),
    })
    simple("group_norm", {
        "two": (nn.GroupNorm(2, 4), randn("gn", 2, 4, 3, 2), {"groups": 2, "channels": 4, "eps": 1e-5}),
        "each": (nn.GroupNorm(4, 4), randn("gn2", 2, 4, 3, 2), {"groups": 4, "channels": 4, "eps": 1e-5}),
    })


def activations():
    x = torch.cat([randn("activations", 10, scale=3), torch.tensor([0.0, 6.5, -3.5, 3.0, -3.0, 25.0])]).reshape(2, 8)
    table = {
        "relu": (nn.ReLU(), {}), "relu6": (nn.ReLU6(), {}), "leaky_relu": (nn.LeakyReLU(), {"negative_slope": 0.01}),
        "leaky_relu_0.2": (nn.LeakyReLU(0.2), {"negative_slope": 0.2}), "silu": (nn.SiLU(), {}),
        "hardswish": (nn.Hardswish(), {}), "hardsigmoid": (nn.Hardsigmoid(), {}), "gelu": (nn.GELU(), {}),
        "gelu_tanh": (nn.GELU(approximate="tanh"), {"approximate": "tanh"}), "sigmoid": (nn.Sigmoid(), {}),
        "tanh": (nn.Tanh(), {}), "elu": (nn.ELU(), {"alpha": 1.0}), "mish": (nn.Mish(), {}),
        "softmax": (nn.Softmax(1), {"dim": 1}), "softmax_dim0": (nn.Softmax(0), {"dim": 0}),
        "log_softmax": (nn.LogSoftmax(1), {"dim": 1}), "softplus": (nn.Softplus(), {"beta": 1, "threshold": 20}),
        "log_sigmoid": (nn.LogSigmoid(), {}),
    }
    simple("activations", {k: (m, x, o) for k, (m, o) in table.items()})


def pools():
    x = randn("pools", 2, 2, 5, 6)
    even = randn("pools_even", 1, 2, 6, 6)
    simple("pools", {
        "max_2": (nn.MaxPool2d(2), x, {"kind": "max", "kernel": 2, "stride": 2, "padding": 0}),
        "max_3_2_1": (nn.MaxPool2d(3, 2, 1), x, {"kind": "max", "kernel": 3, "stride": 2, "padding": 1}),
        "max_ceil": (nn.MaxPool2d(3, 2, ceil_mode=True), even, {"kind": "max", "kernel": 3, "stride": 2, "padding": 0, "ceil": True}),
        "avg_2": (nn.AvgPool2d(2), x, {"kind": "avg", "kernel": 2, "stride": 2, "padding": 0}),
        "avg_3_2_1": (nn.AvgPool2d(3, 2, 1), x, {"kind": "avg", "kernel": 3, "stride": 2, "padding": 1, "count_include_pad": True}),
        "avg_3_2_1_exclude_pad": (nn.AvgPool2d(3, 2, 1, count_include_pad=False), x,
                                  {"kind": "avg", "kernel": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
        "adaptive_avg_1": (nn.AdaptiveAvgPool2d(1), x, {"kind": "adaptive_avg", "size": [1, 1]}),
        "adaptive_avg_2x4": (nn.AdaptiveAvgPool2d((2, 4)), x, {"kind": "adaptive_avg", "size": [2, 4]}),
        "adaptive_avg_larger": (nn.AdaptiveAvgPool2d(7), x, {"kind": "adaptive_avg", "size": [7, 7]}),
        "adaptive_max_1": (nn.AdaptiveMaxPool2d(1), x, {"kind": "adaptive_max", "size": [1, 1]}),
        "adaptive_max_2x4": (nn.AdaptiveMaxPool2d((2, 4)), x, {"kind": "adaptive_max", "size": [2, 4]}),
        "adaptive_concat": (AdaptiveConcatPool2d(), x, {"kind": "adaptive_concat", "size": [1, 1]}),
        "adaptive_avg1d_1": (nn.AdaptiveAvgPool1d(1), randn("pool1d", 2, 3, 5), {"kind": "adaptive_avg1d", "size": [1]}),
        "max1d_2": (nn.MaxPool1d(2), randn("pool1d", 2, 3, 5), {"kind": "max1d", "kernel": 2, "stride": 2, "padding": 0}),
    })


def others():
    simple("flatten", {
        "all": (nn.Flatten(), randn("flatten", 2, 2, 3), {"start": 1, "end": -1}),
        "some": (nn.Flatten(0, 1), randn("flatten", 2, 2, 3), {"start": 0, "end": 1}),
    })
    tokens = torch.tensor([[1, 4, 0, 2], [3, 3, 1, 1]])
    simple("embedding", {
        "plain": (nn.Embedding(5, 3), tokens, {"num": 5, "dim": 3}),
        "padding": (nn.Embedding(5, 3, padding_idx=1), tokens, {"num": 5, "dim": 3, "padding_idx": 1}),
    })
    m = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1, bias=False), nn.BatchNorm2d(2), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
                      nn.Flatten(), nn.Linear(2, 3))
    golden = Golden("nn/sequential")
    case(golden, "conv_norm_relu_pool_linear", m, randn("sequential", 2, 1, 4, 5), {}, eval_differs=True)
    golden.save()


class Branches(nn.Module):
    """Two ways, one of them through a ReLU, added."""

    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleDict({"left": nn.Linear(3, 2), "between": nn.ReLU(), "right": nn.Linear(3, 2)})

    def forward(self, x):
        return self.parts["between"](self.parts["left"](x)) + self.parts["right"](x)


class Steps(nn.Module):
    """One after the other, each but the last with a hyperbolic tangent."""

    def __init__(self):
        super().__init__()
        self.steps = nn.ModuleList([nn.Linear(3, 4), nn.Linear(4, 2)])

    def forward(self, x):
        for step in self.steps[:-1]:
            x = torch.tanh(step(x))
        return self.steps[-1](x)


class LayerNorm2d(nn.LayerNorm):
    """torchvision's."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class SelfAttention(nn.MultiheadAttention):
    """Queries, keys and values are the input; with a mask of what comes later."""

    def __init__(self, dim, heads, causal):
        super().__init__(dim, heads, batch_first=True)
        self.causal = causal

    def forward(self, x):
        n = x.shape[1]
        mask = torch.ones(n, n, dtype=torch.bool).triu(1) if self.causal else None
        return super().forward(x, x, x, attn_mask=mask, need_weights=False)[0]


class TwoSteps(nn.LSTMCell):
    """Hidden and cell state, side by side, after two steps over the halves of the input."""

    def forward(self, x):
        first, second = x.chunk(2, 1)
        return torch.cat(super().forward(second, super().forward(first)), 1)


def pictures():
    def t(**kw):
        o = dict({"in": 2, "out": 4, "kernel": 3, "stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1,
                  "bias": True}, **kw)
        m = nn.ConvTranspose2d(o["in"], o["out"], o["kernel"], o["stride"], o["padding"], o["output_padding"], o["groups"],
                               o["bias"], o["dilation"])
        return m, randn(f"conv_transpose2d{sorted(o.items())}", 2, o["in"], 4, 3), o
    simple("conv_transpose2d", {
        "plain": t(), "double": t(kernel=2, stride=2), "odd": t(stride=2, padding=1, output_padding=1),
        "dilation": t(dilation=2, bias=False), "groups": t(groups=2),
    })
    simple("instance_norm2d", {
        "plain": (nn.InstanceNorm2d(3), randn("in1", 2, 3, 4, 3) * 2 + 1, {"channels": 3, "eps": 1e-5, "affine": False}),
        "affine": (nn.InstanceNorm2d(3, affine=True, eps=1e-3), randn("in2", 2, 3, 2, 3),
                   {"channels": 3, "eps": 1e-3, "affine": True}),
    })
    simple("layer_norm2d", {
        "plain": (LayerNorm2d(3), randn("ln2d", 2, 3, 2, 4) * 2 + 1, {"channels": 3, "eps": 1e-5}),
        "eps": (LayerNorm2d(3, eps=1e-2), randn("ln2d2", 2, 3, 2, 4), {"channels": 3, "eps": 1e-2}),
    })
    x = randn("upsample", 2, 2, 3, 4)
    simple("upsample", {mode: (nn.Upsample(scale_factor=k, mode=mode), x, {"factor": k})
                        for mode, k in (("nearest", 2), ("bilinear", 3), ("bicubic", 2))})


def attention():
    simple("multihead_attention", {
        "plain": (SelfAttention(6, 2, False), randn("mha", 2, 4, 6), {"dim": 6, "heads": 2, "causal": False}),
        "causal": (SelfAttention(4, 1, True), randn("mha2", 2, 3, 4), {"dim": 4, "heads": 1, "causal": True}),
    })
    simple("lstm_cell", {"two_steps": (TwoSteps(3, 2), randn("lstm_cell", 4, 6), {"input": 3, "hidden": 2})})


def containers():
    simple("module_dict", {"two_ways": (Branches(), randn("module_dict", 4, 3), {})})
    simple("module_list", {"loop": (Steps(), randn("module_list", 4, 3), {})})
    x = randn("zero_pad2d", 2, 2, 3, 4)
    simple("zero_pad2d", {name: (nn.ZeroPad2d(tuple(sides)), x, {"sides": sides})
                          for name, sides in (("all", [1, 1, 1, 1]), ("sides", [2, 0, 1, -1]))})


def recurrent():
    for name, make in (("rnn", nn.RNN), ("lstm", nn.LSTM), ("gru", nn.GRU)):
        golden = Golden(f"nn/{name}")
        golden.values["cases"] = {}
        table = [("plain", {}), ("two_layers_bidirectional", {"num_layers": 2, "bidirectional": True, "batch_first": True}),
                 ("no_bias_time_first", {"bias": False}), ("initial_state", {"batch_first": True, "state": True}),
                 ("packed", {"num_layers": 2, "bidirectional": True, "batch_first": True, "lengths": [4, 2, 1]})]
        if name == "rnn":
            table.append(("relu", {"nonlinearity": "relu", "batch_first": True}))
        for key, kw in table:
            recurrent_case(golden, name, make, key, kw)
        golden.save()


def recurrent_case(golden, name, make, key, kw):
    o = dict({"input": 3, "hidden": 2, "num_layers": 1, "bias": True, "batch_first": False, "bidirectional": False}, **kw)
    extra = {"nonlinearity": o["nonlinearity"]} if "nonlinearity" in o else {}
    m = make(o["input"], o["hidden"], o["num_layers"], bias=o["bias"], batch_first=o["batch_first"],
             bidirectional=o["bidirectional"], **extra)
    full = f"{name}/{key}"
    fill(m, full)
    golden.values["cases"][key] = o
    n, t = 3, 4
    x = randn(f"{full}/x", *((n, t, 3) if o["batch_first"] else (t, n, 3))).requires_grad_()
    golden.put(f"{key}/x", x)
    for k, v in m.state_dict().items():
        golden.put(f"{key}/param/{k}", v)
    state = None
    if o.get("state"):
        shape = (o["num_layers"] * (2 if o["bidirectional"] else 1), n, 2)
        state = randn(f"{full}/h0", *shape)
        golden.put(f"{key}/h_0", state)
        if name == "lstm":
            state = (state, randn(f"{full}/c0", *shape))
            golden.put(f"{key}/c_0", state[1])
    if "lengths" in o:
        packed = nn.utils.rnn.pack_padded_sequence(x, torch.tensor(o["lengths"]), batch_first=True)
        y, h = m(packed)
        y, _ = nn.utils.rnn.pad_packed_sequence(y, batch_first=True)
    else:
        y, h = m(x, state)
    outs = {"y": y, "h_n": h[0], "c_n": h[1]} if name == "lstm" else {"y": y, "h_n": h}
    loss = 0
    for k, v in outs.items():
        g = randn(f"{full}/g/{k}", *v.shape)
        golden.put(f"{key}/{k}", v)
        golden.put(f"{key}/g" if k == "y" else f"{key}/g_{k}", g)
        loss = loss + (v * g).sum()
    gradients(golden, f"{key}/grad", m, x, loss)


if __name__ == "__main__":
    seed("nn")
    linear()
    conv1d()
    conv2d()
    norms()
    activations()
    pools()
    others()
    recurrent()
    pictures()
    attention()
    containers()
