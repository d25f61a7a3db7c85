"""Goldens of training: optimisers, schedules, losses, metrics, and whole tiny fits by fastai.

  optim/optimizers.json  parameters after each step for fixed gradients
  schedules.json         schedule functions; lr and momentum traces recorded from fastai's fits; lr_find and its suggestions
  fits.json              a tiny model trained by fastai on fixed batches: every loss, the final weights
  losses.json            values, gradients, activations and decodings
  metrics.json           metrics by fastai, scikit-learn and torch
  train/tta.json         predictions by fastai's test-time augmentation whose passes are known
"""

from __future__ import annotations

import json
import math
import tempfile
from functools import partial

import numpy as np
import sklearn.metrics as skm
import torch
import torch.nn.functional as F
from fastai import optimizer as fo
from fastai.basics import DataLoaders, ItemTransform, Learner, Callback, accuracy, params
from fastai.callback import schedule as fs
from fastai.callback.training import BnFreeze
from fastai.callback.tracker import TerminateOnNaNCallback  # noqa: F401  (loads fastai's callbacks)
from fastai.data.load import DataLoader
from fastai.data.core import Datasets, TfmdDL
from fastai.losses import BCEWithLogitsLossFlat, CrossEntropyLossFlat, FocalLossFlat, LabelSmoothingCrossEntropyFlat
from fastai.metrics import accuracy_multi, top_k_accuracy
from timm.optim import Lion
from torch import nn

from common import Golden, plain, rand, randn, seed

STEPS = 6


# ---- optimisers -----------------------------------------------------------------------------------------------------

def optimizers():
    golden = Golden("optim/optimizers")
    golden.values.update(steps=STEPS, parameters=["p0", "p1"], cases={})
    start = {"p0": randn("optim/p0", 2, 3), "p1": randn("optim/p1", 3)}
    grads = [{k: randn(f"optim/g{i}/{k}", *v.shape) for k, v in start.items()} for i in range(STEPS)]
    for k, v in start.items():
        golden.put(f"start/{k}", v)
    for i, g in enumerate(grads):
        for k, v in g.items():
            golden.put(f"grad/{i}/{k}", v)

    def run(name, make, options, hypers=None, wd_only_first=False):
        golden.values["cases"][name] = plain(options)
        ps = {k: nn.Parameter(v.clone()) for k, v in start.items()}
        opt = make(list(ps.values()))
        for i, g in enumerate(grads):
            for k, p in ps.items():
                p.grad = g[k].clone()
            for k, vs in (hypers or {}).items():
                opt.set_hypers(**{k: vs[i]})
            opt.step()
            for k, p in ps.items():
                golden.put(f"{name}/{i}/{k}", p)

    o = torch.optim
    run("adam_fastai", partial(fo.Adam, lr=0.1), {"class": "adam", "lr": 0.1, "momentum": 0.9, "sqr_momentum": 0.99, "eps": 1e-5, "weight_decay": 0.01, "decoupled": True})
    lrs, moms = [0.01, 0.05, 0.1, 0.08, 0.04, 0.01], [0.95, 0.9, 0.85, 0.88, 0.92, 0.95]
    run("adam_fastai_scheduled", partial(fo.Adam, lr=0.1), {"class": "adam", "lrs": lrs, "momenta": moms, "sqr_momentum": 0.99, "eps": 1e-5, "weight_decay": 0.01, "decoupled": True},
        {"lr": lrs, "mom": moms})
    run("adamw_as_fastai", partial(o.AdamW, lr=0.1, betas=(0.9, 0.99), eps=1e-5, weight_decay=0.01), {"class": "adam", "lr": 0.1, "momentum": 0.9, "sqr_momentum": 0.99, "eps": 1e-5, "weight_decay": 0.01, "decoupled": True})
    run("adam_torch", partial(o.Adam, lr=0.1), {"class": "adam", "lr": 0.1, "momentum": 0.9, "sqr_momentum": 0.999, "eps": 1e-8, "weight_decay": 0, "decoupled": False})
    run("adam_torch_l2", partial(o.Adam, lr=0.1, weight_decay=0.1), {"class": "adam", "lr": 0.1, "momentum": 0.9, "sqr_momentum": 0.999, "eps": 1e-8, "weight_decay": 0.1, "decoupled": False})
    run("sgd", partial(o.SGD, lr=0.1), {"class": "sgd", "lr": 0.1, "momentum": 0, "weight_decay": 0, "nesterov": False})
    run("sgd_l2", partial(o.SGD, lr=0.1, weight_decay=0.1), {"class": "sgd", "lr": 0.1, "momentum": 0, "weight_decay": 0.1, "nesterov": False, "decoupled": False})
    run("sgd_momentum", partial(o.SGD, lr=0.1, momentum=0.9), {"class": "sgd", "lr": 0.1, "momentum": 0.9, "weight_decay": 0, "nesterov": False})
    run("sgd_nesterov_l2", partial(o.SGD, lr=0.1, momentum=0.9, weight_decay=0.1, nesterov=True), {"class": "sgd", "lr": 0.1, "momentum": 0.9, "weight_decay": 0.1, "nesterov": True, "decoupled": False})
    run("sgd_fastai", partial(fo.SGD, lr=0.1, mom=0.9, wd=0.1), {"class": "sgd", "lr": 0.1, "momentum": 0.9, "weight_decay": 0.1, "nesterov": False, "decoupled": True})
    run("rmsprop_torch", partial(o.RMSprop, lr=0.01), {"class": "rmsprop", "lr": 0.01, "alpha": 0.99, "eps": 1e-8, "momentum": 0, "weight_decay": 0, "centered": False})
    run("rmsprop_torch_momentum_l2", partial(o.RMSprop, lr=0.01, momentum=0.9, weight_decay=0.1), {"class": "rmsprop", "lr": 0.01, "alpha": 0.99, "eps": 1e-8, "momentum": 0.9, "weight_decay": 0.1, "decoupled": False, "centered": False})
    run("rmsprop_torch_centered", partial(o.RMSprop, lr=0.01, centered=True), {"class": "rmsprop", "lr": 0.01, "alpha": 0.99, "eps": 1e-8, "momentum": 0, "weight_decay": 0, "centered": True})
    run("rmsprop_fastai", partial(fo.RMSProp, lr=0.01), {"class": "rmsprop_fastai", "lr": 0.01, "alpha": 0.99, "eps": 1e-8, "momentum": 0, "weight_decay": 0})
    run("radam_fastai", partial(fo.RAdam, lr=0.1), {"class": "radam_fastai", "lr": 0.1, "momentum": 0.9, "sqr_momentum": 0.99, "eps": 1e-5, "weight_decay": 0, "rectified_above": 5})
    run("radam_torch", partial(o.RAdam, lr=0.1), {"class": "radam", "lr": 0.1, "momentum": 0.9, "sqr_momentum": 0.999, "eps": 1e-8, "weight_decay": 0})
    run("radam_torch_short_memory", partial(o.RAdam, lr=0.1, betas=(0.9, 0.9)), {"class": "radam", "lr": 0.1, "momentum": 0.9, "sqr_momentum": 0.9, "eps": 1e-8, "weight_decay": 0})
    run("radam_torch_decoupled", partial(o.RAdam, lr=0.1, betas=(0.9, 0.99), eps=1e-5, weight_decay=0.01, decoupled_weight_decay=True), {"class": "radam", "lr": 0.1, "momentum": 0.9, "sqr_momentum": 0.99, "eps": 1e-5, "weight_decay": 0.01, "decoupled": True})
    run("lamb_fastai", partial(fo.Lamb, lr=0.1), {"class": "lamb", "lr": 0.1, "momentum": 0.9, "sqr_momentum": 0.99, "eps": 1e-5, "weight_decay": 0})
    run("adagrad_torch", partial(o.Adagrad, lr=0.1), {"class": "adagrad", "lr": 0.1, "eps": 1e-10})
    run("adadelta_torch", partial(o.Adadelta, lr=1.0), {"class": "adadelta", "lr": 1.0, "eps": 1e-6})
    run("adamax_torch", partial(o.Adamax, lr=0.1), {"class": "adamax", "lr": 0.1})
    run("nadam_torch", partial(o.NAdam, lr=0.1), {"class": "nadam", "lr": 0.1, "weight_decay": 0})
    run("nadam_torch_decoupled", partial(o.NAdam, lr=0.1, weight_decay=0.1, decoupled_weight_decay=True), {"class": "nadam", "lr": 0.1, "weight_decay": 0.1})
    run("lion_timm", partial(Lion, lr=0.1, weight_decay=0.1), {"class": "lion", "lr": 0.1, "weight_decay": 0.1})
    run("larc_fastai", partial(fo.Larc, lr=0.1), {"class": "larc", "lr": 0.1})
    run("lars_fastai", partial(fo.Larc, lr=0.1, clip=False), {"class": "lars", "lr": 0.1})
    run("ranger_fastai", lambda ps: fo.ranger(ps, lr=0.1), {"class": "ranger", "lr": 0.1, "k": 6})
    run("lookahead_fastai", lambda ps: fo.Lookahead(fo.SGD(ps, lr=0.1, mom=0.9), k=2), {"class": "lookahead", "lr": 0.1, "k": 2})
    clip(golden, grads)
    golden.save()


def clip(golden, grads):
    """Gradients of the first step after clipping their total norm to 1."""
    ps = [nn.Parameter(torch.zeros_like(g)) for g in grads[0].values()]
    for p, g in zip(ps, grads[0].values()):
        p.grad = g.clone()
    golden.set("clip_norm", {"max_norm": 1.0, "total_norm": float(nn.utils.clip_grad_norm_(ps, 1.0))})
    for k, p in zip(grads[0], ps):
        golden.put(f"clip_norm/{k}", p.grad)


# ---- fits -----------------------------------------------------------------------------------------------------------

class Trace(Callback):
    """Records each group's hyper-parameters at every training batch, just before the optimiser's step."""

    order = 100

    def __init__(self):
        self.rows = []

    def before_step(self):
        self.rows.append({k: [h[k] for h in self.opt.hypers] for k in ("lr", "mom")})

    def take(self) -> dict:
        rows, self.rows = self.rows, []
        return {"lr": [r["lr"] for r in rows], "mom": [r["mom"][0] for r in rows]}


def tiny_model():
    m = nn.Sequential(nn.Sequential(nn.Linear(4, 6)), nn.Sequential(nn.BatchNorm1d(6), nn.ReLU()), nn.Linear(6, 3))
    with torch.no_grad():
        for k, p in m.named_parameters():
            p.copy_(randn(f"fits/{k}", *p.shape, scale=0.5))
    return m


def three_groups(m):
    return [params(m[0]), params(m[1]), params(m[2])]


def two_groups(m):
    return [params(m[:2]), params(m[2])]


def learner(batches=4, splitter=three_groups, cbs=(), path=None, **kw):
    x, y = randn("fits/x", 4 * batches, 4), torch.arange(4 * batches) * 7 % 3
    vx, vy = randn("fits/vx", 10, 4), torch.arange(10) % 3
    train = DataLoader(list(zip(x, y)), bs=4, shuffle=False, num_workers=0)
    valid = DataLoader(list(zip(vx, vy)), bs=4, shuffle=False, num_workers=0)
    learn = Learner(DataLoaders(train, valid), tiny_model(), loss_func=CrossEntropyLossFlat(), splitter=splitter,
                    metrics=accuracy, cbs=list(cbs), path=path, **kw)
    return learn


def schedules():
    golden = Golden("schedules")
    pos = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]
    table = {"lin": fs.SchedLin, "cos": fs.SchedCos, "no": fs.SchedNo, "exp": fs.SchedExp}
    golden.set("positions", pos)
    golden.set("functions", [{"name": n, "start": s, "end": e, "values": [f(s, e)(p) for p in pos]}
                             for n, f in table.items() for s, e in ((1, 2), (0.4, 1e-4))]
               + [{"name": "poly", "power": w, "start": s, "end": e, "values": [fs.SchedPoly(s, e, w)(p) for p in pos]}
                  for w in (2, 0.5) for s, e in ((0, 2), (1, 0.1))])
    dense = [i / 20 for i in range(21)]
    combined = fs.combine_scheds([0.3, 0.7], [fs.SchedCos(0.3, 0.6), fs.SchedCos(0.6, 0.2)])
    three = fs.combine_scheds([0.2, 0.3, 0.5], [fs.SchedLin(0, 1), fs.SchedNo(1, 1), fs.SchedExp(1, 0.01)])
    golden.set("combined", {"positions": dense, "cos_30_70": [float(combined(p)) for p in dense],
                            "lin_no_exp_20_30_50": [float(three(p)) for p in dense],
                            "combined_cos_25": [float(fs.combined_cos(0.25, 0.04, 1.0, 1e-5)(p)) for p in dense]})
    golden.set("traces", traces())
    golden.set("lr_find", lr_find())
    golden.set("suggestions", suggestions())
    golden.save()


def traces():
    """Hyper-parameters that fastai really used, one entry a training batch; `lr` has one value for each group."""
    out = []

    def record(name, options, batches, splitter, run):
        trace = Trace()
        learn = learner(batches, splitter, [trace])
        seed(name)
        with learn.no_bar(), learn.no_logging():
            run(learn)
        groups = len(splitter(tiny_model()))
        out.append({"name": name, "batches": batches, "groups": groups, "options": options, **trace.take()})

    one = lambda m: [params(m)]
    record("one_cycle_1_group", {"epochs": 2, "lr_max": 1e-2}, 4, one, lambda l: l.fit_one_cycle(2, 1e-2))
    record("one_cycle_default_lr", {"epochs": 1, "lr_max": 1e-3}, 5, one, lambda l: l.fit_one_cycle(1))
    record("one_cycle_slice", {"epochs": 2, "lr_max": [1e-4, 1e-2]}, 4, three_groups, lambda l: l.fit_one_cycle(2, slice(1e-4, 1e-2)))
    record("one_cycle_slice_end", {"epochs": 1, "lr_max": [None, 1e-2]}, 4, three_groups, lambda l: l.fit_one_cycle(1, slice(1e-2)))
    record("one_cycle_list", {"epochs": 1, "lr_max": [1e-3, 2e-3, 5e-3]}, 4, three_groups, lambda l: l.fit_one_cycle(1, np.array([1e-3, 2e-3, 5e-3])))
    record("one_cycle_options", {"epochs": 2, "lr_max": 1e-2, "div": 10, "div_final": 100, "pct_start": 0.4, "moms": [0.9, 0.8, 0.99]}, 4, one,
           lambda l: l.fit_one_cycle(2, 1e-2, div=10, div_final=100, pct_start=0.4, moms=(0.9, 0.8, 0.99)))
    record("fine_tune_3_groups", {"epochs": 1, "base_lr": 2e-3, "freeze_epochs": 1}, 4, three_groups, lambda l: l.fine_tune(1))
    record("fine_tune_2_groups", {"epochs": 2, "base_lr": 2e-3, "freeze_epochs": 1}, 4, two_groups, lambda l: l.fine_tune(2))
    record("fine_tune_options", {"epochs": 2, "base_lr": 1e-2, "freeze_epochs": 2, "lr_mult": 50, "pct_start": 0.5, "div": 4}, 3, three_groups,
           lambda l: l.fine_tune(2, 1e-2, freeze_epochs=2, lr_mult=50, pct_start=0.5, div=4.0))
    record("flat_cos", {"epochs": 2, "lr": 1e-2}, 6, one, lambda l: l.fit_flat_cos(2, 1e-2))
    record("sgdr", {"cycles": 2, "cycle_len": 1, "lr_max": 1e-2, "cycle_mult": 2}, 4, one, lambda l: l.fit_sgdr(2, 1, 1e-2))
    record("fit_constant", {"epochs": 1, "lr": 1e-2}, 3, three_groups, lambda l: l.fit(1, slice(1e-3, 1e-2)))
    return out


def lr_find():
    """The whole curve of fastai's lr_find on the tiny model: rates, smoothed losses (what it stops by), suggestions."""
    out = []
    for name, batches, kw in (("default", 4, {}), ("short", 4, {"num_it": 20}), ("no_stop", 4, {"num_it": 30, "stop_div": False}),
                              ("range", 3, {"start_lr": 1e-4, "end_lr": 1, "num_it": 25}),
                              ("diverges", 4, {"start_lr": 1e-2, "end_lr": 1e4, "num_it": 50})):
        with tempfile.TemporaryDirectory() as path:
            learn = learner(batches, path=path)
            learn.remove_cb(learn.progress)
            # slide looks back 15 points: fastai fails on a shorter curve.
            functions = (fs.valley, fs.minimum, fs.steep) + ((fs.slide,) if kw.get("num_it", 100) > 40 else ())
            with learn.no_bar(), learn.no_logging():
                found = learn.lr_find(show_plot=False, suggest_funcs=functions, **kw)
        r = learn.recorder
        options = dict({"start_lr": 1e-7, "end_lr": 10, "num_it": 100, "stop_div": True}, **kw)
        out.append({"name": name, "batches": batches, "options": options, "lrs": r.lrs, "losses": [float(v) for v in r.losses],
                    "suggestions": found._asdict()})
    return out


def curves():
    """Loss curves as lr_find shows them: flat, valley, blow-up."""
    n = 100
    lrs = [1e-7 * (10 / 1e-7) ** (i / n) for i in range(n)]
    x = np.linspace(-7, 1, n)
    wiggle = np.array([math.sin(1.7 * i) + math.cos(0.9 * i * i) for i in range(n)])
    bowl = 2.3 - 1.6 / (1 + np.exp(-2.5 * (x + 3.2))) + np.exp(3.0 * (x + 0.2))
    return lrs, {
        "smooth": bowl, "rough": bowl + 0.02 * wiggle, "very_rough": bowl + 0.15 * wiggle,
        "falling": 2 - 1.5 / (1 + np.exp(-1.5 * (x + 2))), "rising": 1 + np.exp(0.8 * x), "flat": np.full(n, 0.7),
        "early": 2.0 - 1.2 / (1 + np.exp(-3 * (x + 5.5))) + np.exp(2.0 * (x + 3)),
    }


def suggestions():
    """fastai's suggestion functions on whole curves (nothing cut off) as it calls them, on float32 tensors."""
    lrs, table = curves()
    table = {k: v.round(4) for k, v in table.items()}
    out = []
    for name, losses in table.items():
        t, r = torch.tensor(losses, dtype=torch.float32), torch.tensor(lrs)
        found = {f.__name__: f(r, t, 100)[0] for f in (fs.valley, fs.slide, fs.minimum, fs.steep)}
        index = {k: int(np.argmin(np.abs(np.log(lrs) - math.log(v)))) for k, v in found.items() if k != "minimum"}
        out.append({"name": name, "losses": losses.tolist(), "suggestions": found, "index": index})
    for losses in ([5, 5, 4, 3, 2, 1, 1.5, 9], [3, 2.9, 2.8, 2.7, 2.5, 2.2, 1.8, 1.5, 1.3, 1.2, 1.25, 1.6, 4]):
        r = torch.tensor(lrs[: len(losses)])
        lr = fs.valley(r, torch.tensor(losses, dtype=torch.float32), 100)[0]
        out.append({"name": f"valley_{len(losses)}", "losses": losses, "suggestions": {"valley": lr},
                    "index": {"valley": int(np.argmin(np.abs(np.log(lrs) - math.log(lr))))}})
    return {"lrs": lrs, "curves": out}


def fits():
    """Whole fits: batch losses, epoch values and final weights, comparable to about 1e-4."""
    golden = Golden("fits")
    x, y = randn("fits/x", 16, 4), torch.arange(16) * 7 % 3
    golden.put("x", x)
    golden.put("y", y)
    golden.put("valid_x", randn("fits/vx", 10, 4))
    golden.put("valid_y", torch.arange(10) % 3)
    for k, v in tiny_model().state_dict().items():
        golden.put(f"start/{k}", v)
    golden.set("model", "Sequential(Sequential(Linear(4, 6)), Sequential(BatchNorm1d(6), ReLU), Linear(6, 3)), one group for each child; batch size 4, in order, not shuffled; cross entropy; default Adam")
    cases = []

    def run(name, options, body, **kw):
        learn = learner(4, **kw)
        losses = []
        learn.add_cb(BatchLosses(losses))
        epochs = []
        learn.add_cb(EpochValues(epochs))
        with learn.no_bar(), learn.no_logging():
            body(learn)
        for k, v in learn.model.state_dict().items():
            golden.put(f"{name}/end/{k}", v)
        learn.model.eval()
        golden.put(f"{name}/valid_scores", learn.model(randn("fits/vx", 10, 4)))
        cases.append({"name": name, "options": options, "batch_losses": losses, "epochs": epochs})

    run("fit", {"epochs": 2, "lr": 0.01, "frozen": False}, lambda l: l.fit(2, 0.01))
    run("one_cycle", {"epochs": 3, "lr_max": 0.02}, lambda l: l.fit_one_cycle(3, 0.02))
    run("fine_tune", {"epochs": 2, "base_lr": 0.02}, lambda l: l.fine_tune(2, 0.02))
    run("fine_tune_bn_frozen", {"epochs": 2, "base_lr": 0.02, "train_bn": False}, lambda l: l.fine_tune(2, 0.02), train_bn=False, cbs=[BnFreeze()])
    golden.set("cases", cases)
    golden.save()


class BatchLosses(Callback):
    def __init__(self, to):
        self.to = to

    def after_backward(self):
        self.to.append(float(self.loss.detach()))


class EpochValues(Callback):
    order = 60

    def __init__(self, to):
        self.to = to

    def after_epoch(self):
        v = self.recorder.log
        self.to.append({"epoch": v[0], "train_loss": float(v[1]), "valid_loss": float(v[2]), "accuracy": float(v[3])})


# ---- test-time augmentation -----------------------------------------------------------------------------------------

class KnownNoise(ItemTransform):
    """Adds to each item of the training split's way the noise of the pass in which it is read."""

    split_idx = 0

    def __init__(self, x, noise):
        self.x, self.noise, self.passes = x, noise, [0] * len(x)

    def encodes(self, item):
        i = [torch.equal(row, item[0]) for row in self.x].index(True)
        self.passes[i] += 1
        return item[0] + self.noise[self.passes[i] - 1, i], item[1]


def tta():
    """A linear model of 3 inputs and 3 outputs on 8 items; `noise` is what pass and item add to the input."""
    golden = Golden("train/tta")
    x, weight, bias = randn("tta/x", 8, 3), randn("tta/weight", 3, 3), randn("tta/bias", 3)
    labels = {"category": torch.arange(8) * 5 % 3, "tags": (randn("tta/tags", 8, 3) > 0).float()}
    noise = randn("tta/noise", 6, 8, 3)
    for name, t in {"x": x, "weight": weight, "bias": bias, "noise": noise, **labels}.items():
        golden.put(name, t)
    model = nn.Linear(3, 3)
    model.load_state_dict({"weight": weight, "bias": bias})
    for target, loss in (("category", CrossEntropyLossFlat()), ("tags", BCEWithLogitsLossFlat())):
        for n, beta in ((4, 0.25), (2, 0.25), (6, 0.9)):
            data = Datasets(range(8), tfms=[[lambda i: x[i]], [lambda i, y=labels[target]: y[i]]], splits=[[0], range(8)])
            dls = DataLoaders(*[TfmdDL(part, bs=4, after_item=KnownNoise(x, noise), num_workers=0) for part in (data.train, data.valid)])
            learn = Learner(dls, model, loss_func=loss)
            with learn.no_bar(), learn.no_logging():
                golden.put(f"{target}/{n}/{beta}", learn.tta(n=n, beta=beta)[0])
    golden.save()


# ---- losses ---------------------------------------------------------------------------------------------------------

def losses():
    golden = Golden("losses")
    golden.values["cases"] = {}

    def case(name, fn, scores, target, activation=None, decode=None, **options):
        """fn(scores, target, reduction)"""
        golden.values["cases"][name] = options
        golden.put(f"{name}/scores", scores)
        golden.put(f"{name}/target", target)
        for reduction in ("mean", "sum", "none"):
            s = scores.clone().requires_grad_()
            y = fn(s, target, reduction)
            golden.put(f"{name}/{reduction}", y)
            g = torch.ones(()) if y.dim() == 0 else randn(f"losses/{name}/g", *y.shape)
            if y.dim():
                golden.put(f"{name}/g", g)
            golden.put(f"{name}/grad/{reduction}", torch.autograd.grad((y * g).sum(), s)[0])
        if activation:
            golden.put(f"{name}/activation", activation(scores))
        if decode:
            golden.put(f"{name}/decoded", decode(scores))

    k, y = randn("losses/scores", 4, 3, scale=2), torch.tensor([2, 0, 1, 2])
    weight = torch.tensor([0.5, 2.0, 1.0])
    golden.put("class_weight", weight)
    soft = dict(activation=lambda s: s.softmax(1), decode=lambda s: s.argmax(1))
    ce = lambda **kw: lambda s, t, r: F.cross_entropy(s, t, reduction=r, **kw)
    case("cross_entropy", ce(), k, y, loss="cross_entropy", **soft)
    case("cross_entropy_weight", ce(weight=weight), k, y, loss="cross_entropy", weight="class_weight")
    case("cross_entropy_smoothing", ce(label_smoothing=0.1), k, y, loss="cross_entropy", label_smoothing=0.1)
    case("cross_entropy_smoothing_weight", ce(label_smoothing=0.1, weight=weight), k, y, loss="cross_entropy", label_smoothing=0.1, weight="class_weight")
    case("cross_entropy_probabilities", ce(), k, randn("losses/soft", 4, 3).softmax(1), loss="cross_entropy", soft_target=True)
    kl = lambda s, t, r: F.kl_div(s.log_softmax(1), t, reduction="none").sum(1) if r == "none" else F.kl_div(s.log_softmax(1), t, reduction="batchmean" if r == "mean" else r)
    case("kl_div", kl, k, torch.cat([randn("losses/soft", 4, 3).softmax(1)[:3], torch.tensor([[0.0, 1.0, 0.0]])]), loss="kl_div", **soft)
    case("cross_entropy_extreme", ce(), torch.tensor([[100.0, -100.0], [-1000.0, 1000.0]]), torch.tensor([1, 1]), loss="cross_entropy")
    case("cross_entropy_ignored", ce(ignore_index=-100), k, torch.tensor([2, -100, 1, 2]), loss="cross_entropy", ignore_index=-100)
    case("nll", lambda s, t, r: F.nll_loss(s, t, reduction=r), k.log_softmax(1), y, loss="nll")

    def focal(gamma, weight=None):
        return lambda s, t, r: FocalLossFlat(gamma=gamma, weight=weight, reduction=r)(s, t)

    case("focal", focal(2.0), k, y, loss="focal", gamma=2, **soft)
    case("focal_weight", focal(2.0, weight), k, y, loss="focal", gamma=2, weight="class_weight")
    case("focal_gamma0", focal(0.0), k, y, loss="focal", gamma=0)
    b, t = randn("losses/bce", 3, 4, scale=2), (rand("losses/bce_t", 3, 4) > 0.5).float()
    pos = torch.tensor([1.0, 2.0, 0.5, 3.0])
    golden.put("pos_weight", pos)
    bce = lambda **kw: lambda s, u, r: F.binary_cross_entropy_with_logits(s, u, reduction=r, **kw)
    case("bce_with_logits", bce(), b, t, torch.sigmoid, lambda s: s.sigmoid() > 0.5, loss="bce_with_logits")
    case("bce_with_logits_pos_weight", bce(pos_weight=pos), b, t, loss="bce_with_logits", pos_weight="pos_weight")
    case("bce_with_logits_weight", bce(weight=pos), b, t, loss="bce_with_logits", weight="pos_weight")
    case("bce_with_logits_extreme", bce(), torch.tensor([[200.0, -200.0]]), torch.tensor([[0.0, 0.0]]), loss="bce_with_logits")
    r, q = randn("losses/r", 3, 2, scale=2), randn("losses/q", 3, 2, scale=2)
    for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"):
        fn = getattr(F, name)
        case(name.removesuffix("_loss"), lambda s, u, red: fn(s, u, reduction=red), r, q, loss=name.removesuffix("_loss"))
    case("smooth_l1_beta", lambda s, u, red: F.smooth_l1_loss(s, u, reduction=red, beta=0.5), r, q, loss="smooth_l1", beta=0.5)
    case("huber_delta", lambda s, u, red: F.huber_loss(s, u, reduction=red, delta=0.5), r, q, loss="huber", delta=0.5)
    case("numbers_123", ce(), torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([2]), loss="cross_entropy")
    case("numbers_123_smoothing", lambda s, u, red: LabelSmoothingCrossEntropyFlat(eps=0.1, reduction=red)(s, u), torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([2]),
         loss="cross_entropy", label_smoothing=0.1)
    case("numbers_123_focal", focal(2.0), torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([2]), loss="focal", gamma=2)
    golden.save()


# ---- metrics --------------------------------------------------------------------------------------------------------

def metrics():
    golden = Golden("metrics")
    n, k = 40, 6
    scores = randn("metrics/scores", n, k) + 1.5 * F.one_hot(torch.arange(n) % k, k)
    target = torch.arange(n) * 5 % k
    scores = torch.where(torch.arange(n)[:, None] % 4 == 0, scores, randn("metrics/noise", n, k) + 2 * F.one_hot(target, k))
    golden.put("single/scores", scores)
    golden.put("single/target", target)
    y, p = target.numpy(), scores.argmax(1).numpy()
    single = {"accuracy": float(accuracy(scores, target)), "error_rate": 1 - float(accuracy(scores, target)),
              "top_k": {str(j): float(top_k_accuracy(scores, target, k=j)) for j in (1, 2, 3, 5)},
              "confusion_matrix": skm.confusion_matrix(y, p), "cohen_kappa": skm.cohen_kappa_score(y, p),
              "balanced_accuracy": skm.balanced_accuracy_score(y, p), "matthews": skm.matthews_corrcoef(y, p)}
    for average in ("macro", "micro", "weighted"):
        single[average] = scored(y, p, average)
    single["per_class"] = scored(y, p, None)
    single["report"] = skm.classification_report(y, p, output_dict=True, zero_division=0)
    probabilities = scores.softmax(1).numpy()
    single["roc_auc_ovr_macro"] = skm.roc_auc_score(y, probabilities, multi_class="ovr", average="macro")
    golden.set("single", single)

    # A class that is never predicted and one that never occurs: 0 / 0 counts as 0.
    y2, p2 = np.array([0, 0, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 1, 0, 1, 3])
    golden.set("absent", {"target": y2, "predicted": p2, "labels": [0, 1, 2, 3],
                          "confusion_matrix": skm.confusion_matrix(y2, p2, labels=range(4)),
                          **{a: scored(y2, p2, a, labels=[0, 1, 2, 3]) for a in ("macro", "micro")},
                          "per_class": scored(y2, p2, None, labels=[0, 1, 2, 3])})

    s2 = randn("metrics/binary", 30, 2)
    t2 = ((s2[:, 1] - s2[:, 0] + randn("metrics/binary_noise", 30)) > 0.2).long()
    golden.put("binary/scores", s2)
    golden.put("binary/target", t2)
    y, p, q = t2.numpy(), s2.argmax(1).numpy(), s2.softmax(1)[:, 1].numpy()
    fpr, tpr, at = skm.roc_curve(y, q)
    golden.set("binary", {**scored(y, p, "binary"), "roc_auc": skm.roc_auc_score(y, q), "average_precision": skm.average_precision_score(y, q),
                          "confusion_matrix": skm.confusion_matrix(y, p), "brier": skm.brier_score_loss(y, q), "positive": 1})
    tied = np.round(q.astype(float), 1)
    golden.set("binary_tied", {"probabilities": tied, "roc_auc": skm.roc_auc_score(y, tied), "average_precision": skm.average_precision_score(y, tied)})

    sm = randn("metrics/multi", 20, 5)
    tm = ((sm + randn("metrics/multi_noise", 20, 5)) > 0.3).long()
    tm[3] = 0
    golden.put("multi/scores", sm)
    golden.put("multi/target", tm)
    multi = {}
    for threshold in (0.2, 0.5):
        y, p = tm.numpy(), (sm.sigmoid() > threshold).numpy().astype(int)
        entry = {"accuracy_multi": float(accuracy_multi(sm, tm.float(), thresh=threshold)), "threshold": threshold,
                 "subset_accuracy": skm.accuracy_score(y, p), "hamming_loss": skm.hamming_loss(y, p)}
        for average in ("macro", "micro", "samples", "weighted"):
            entry[average] = scored(y, p, average)
        entry["per_label"] = scored(y, p, None)
        multi[str(threshold)] = entry
    multi["roc_auc_macro"] = skm.roc_auc_score(tm.numpy(), sm.sigmoid().numpy(), average="macro")
    multi["average_precision_macro"] = skm.average_precision_score(tm.numpy(), sm.sigmoid().numpy(), average="macro")
    golden.set("multi", multi)

    a, b = randn("metrics/r", 12), randn("metrics/rt", 12)
    golden.put("regression/predicted", a)
    golden.put("regression/target", b)
    golden.set("regression", {"mse": skm.mean_squared_error(b, a), "rmse": skm.root_mean_squared_error(b, a), "mae": skm.mean_absolute_error(b, a),
                              "r2": skm.r2_score(b, a), "explained_variance": skm.explained_variance_score(b, a),
                              "pearson": float(np.corrcoef(a, b)[0, 1])})
    golden.save()


def scored(y, p, average, **kw):
    kw = dict(kw, average=average, zero_division=0)
    return {"precision": skm.precision_score(y, p, **kw), "recall": skm.recall_score(y, p, **kw), "f1": skm.f1_score(y, p, **kw),
            "f2": skm.fbeta_score(y, p, beta=2, **kw), "f_half": skm.fbeta_score(y, p, beta=0.5, **kw)}


if __name__ == "__main__":
    optimizers()
    schedules()
    fits()
    losses()
    metrics()
    tta()
