"""Goldens of the training kit: metrics that make_train.py does not have, schedules, averages of weights.

  kit/metrics.json   scikit-learn's, SciPy's and torch's values
  kit/policies.json  learning rates at each batch by torch's schedulers
  kit/lbfgs.json     a minimum by torch's LBFGS
  kit/averages.json  averages of weights by torch's AveragedModel
  kit/scaler.json    scales and weights at each step by torch's GradScaler, some of whose gradients overflow
"""

from __future__ import annotations

import numpy as np
import scipy.stats
import sklearn.metrics as skm
import torch
import torch.nn.functional as F

from common import Golden, randn


def metrics():
    golden = Golden("kit/metrics")
    n, k = 30, 4
    target = torch.arange(n) * 7 % k
    scores = randn("kit/single", n, k) + 1.2 * F.one_hot(target, k)
    golden.put("single/scores", scores)
    golden.put("single/target", target)
    y, p, q = target.numpy(), scores.argmax(1).numpy(), scores.double().softmax(1).numpy()
    golden.set("single", {
        **classified(y, p, "macro"), "hamming": skm.hamming_loss(y, p),
        "kappa": skm.cohen_kappa_score(y, p), "kappa_linear": skm.cohen_kappa_score(y, p, weights="linear"),
        "kappa_quadratic": skm.cohen_kappa_score(y, p, weights="quadratic"), "matthews": skm.matthews_corrcoef(y, p),
        "balanced_accuracy": skm.balanced_accuracy_score(y, p), "brier": skm.brier_score_loss(y, q),
        "average_precision": skm.average_precision_score(y, q), "perplexity": float(F.cross_entropy(scores.double(), target).exp()),
    })

    scores = randn("kit/binary", n, 2)
    target = ((scores[:, 1] - scores[:, 0] + randn("kit/binary_noise", n)) > 0.2).long()
    golden.put("binary/scores", scores)
    golden.put("binary/target", target)
    y, p, q = target.numpy(), scores.argmax(1).numpy(), scores.double().softmax(1)[:, 1].numpy()
    golden.set("binary", {
        **classified(y, p, "binary"), "kappa": skm.cohen_kappa_score(y, p), "matthews": skm.matthews_corrcoef(y, p),
        "balanced_accuracy": skm.balanced_accuracy_score(y, p), "brier": skm.brier_score_loss(y, q),
        "average_precision": skm.average_precision_score(y, q),
    })

    scores = randn("kit/multi", n, 5)
    target = ((scores + randn("kit/multi_noise", n, 5)) > 0.3).long()
    golden.put("multi/scores", scores)
    golden.put("multi/target", target)
    y, p = target.numpy(), (scores.sigmoid() > 0.3).numpy().astype(int)
    golden.set("multi", {
        **classified(y, p, "macro"), "jaccard_samples": skm.jaccard_score(y, p, average="samples", zero_division=0),
        "hamming": skm.hamming_loss(y, p), "matthews": skm.matthews_corrcoef(y.ravel(), p.ravel()),
        "average_precision": skm.average_precision_score(y, scores.sigmoid().numpy(), average="macro"),
        "average_precision_each": skm.average_precision_score(y, scores.sigmoid().numpy(), average=None),
    })

    for name, shape in (("one", (n,)), ("two", (n, 2))):
        y = randn(f"kit/{name}", *shape).round() + 1000  # ties, and a mean that would eat digits
        x = y + randn(f"kit/{name}_noise", *shape).round() * 0.5
        golden.put(f"{name}/predicted", x)
        golden.put(f"{name}/target", y)
        a, b = x.double().reshape(n, -1).numpy().T, y.double().reshape(n, -1).numpy().T
        golden.set(name, {
            "r2": skm.r2_score(b.T, a.T), "pearson": np.mean([scipy.stats.pearsonr(*xy)[0] for xy in zip(a, b)]),
            "spearman": np.mean([scipy.stats.spearmanr(*xy)[0] for xy in zip(a, b)]),
        })

    scores, target = randn("kit/tokens", 12, 5, 7), torch.arange(60).reshape(12, 5) * 3 % 7
    target[:, 3:] = torch.where(torch.arange(12)[:, None] % 2 == 0, -100, target[:, 3:])
    golden.put("tokens/scores", scores)
    golden.put("tokens/target", target)
    golden.set("tokens", {"perplexity": float(F.cross_entropy(scores.double().reshape(-1, 7), target.flatten()).exp())})
    golden.save()


def classified(y, p, average):
    """Jaccard, sensitivity and specificity; the last is the recall of the negative class of each 2x2 matrix."""
    tables = skm.multilabel_confusion_matrix(y, p)
    tables = tables[1:] if average == "binary" else tables
    return {"jaccard": skm.jaccard_score(y, p, average=average, zero_division=0),
            "sensitivity": skm.recall_score(y, p, average=average, zero_division=0),
            "specificity": np.mean([t[0, 0] / t[0].sum() for t in tables])}


# ---- policies -------------------------------------------------------------------------------------------------------

def policies():
    """Ten epochs of four batches at rate 0.1: one rate a batch, or one an epoch where torch's scheduler counts epochs."""
    golden = Golden("kit/policies")
    n = 40
    ls = torch.optim.lr_scheduler
    by_batch = {
        "cosine": lambda o: ls.CosineAnnealingLR(o, T_max=n), "cosine:end=0.1": lambda o: ls.CosineAnnealingLR(o, T_max=n, eta_min=0.01),
        "linear": lambda o: ls.LinearLR(o, start_factor=1, end_factor=0, total_iters=n),
        "exponential": lambda o: ls.ExponentialLR(o, gamma=0.01 ** (1 / n)),
        "polynomial": lambda o: ls.PolynomialLR(o, total_iters=n, power=2), "polynomial:power=0.5": lambda o: ls.PolynomialLR(o, total_iters=n, power=0.5),
        "sgdr:restarts=4,factor=1": lambda o: ls.CosineAnnealingWarmRestarts(o, T_0=10, T_mult=1),
        "cosine:warmup=2,warmup_start=0.1": lambda o: ls.SequentialLR(o, [ls.LinearLR(o, start_factor=0.1, total_iters=8), ls.CosineAnnealingLR(o, T_max=n - 8)], milestones=[8]),
    }
    by_epoch = {
        "constant": lambda o: ls.ConstantLR(o, factor=1), "step:every=3,factor=0.1": lambda o: ls.StepLR(o, 3, 0.1),
        "step:every=1,factor=0.9": lambda o: ls.ExponentialLR(o, 0.9), "multi-step:factor=0.2,at=2/5/9": lambda o: ls.MultiStepLR(o, [2, 5, 9], 0.2),
    }
    golden.set("batches", {name: rates(make, n) for name, make in by_batch.items()})
    golden.set("epochs", {name: rates(make, 10) for name, make in by_epoch.items()})
    losses = [1.0, 0.8, 0.8, 0.79995, 0.81, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.6, 0.61, 0.62, 0.63, 0.64, 0.65, 0.66]
    golden.set("losses", losses)
    golden.set("plateau", {name: rates(lambda o: ls.ReduceLROnPlateau(o, patience=p, factor=f, cooldown=c), len(losses), losses)
                           for name, p, f, c in (("plateau:patience=2", 2, 0.1, 0), ("plateau:patience=1,factor=0.5,cooldown=2", 1, 0.5, 2),
                                                 ("plateau:patience=0,factor=0.5", 0, 0.5, 0))})
    golden.save()


def rates(make, n, losses=None):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = make(optimizer)
    found = []
    for i in range(n):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*([] if losses is None else [losses[i]]))
    return found


# ---- averages -------------------------------------------------------------------------------------------------------

def averages():
    golden = Golden("kit/averages")
    swa = torch.optim.swa_utils
    steps = [{"weight": randn(f"kit/average/{i}/w", 2, 2), "bias": randn(f"kit/average/{i}/b", 2)} for i in range(5)]
    for i, step in enumerate(steps):
        for name, value in step.items():
            golden.put(f"step/{i}/{name}", value)
    for kind, options in (("ema", {"multi_avg_fn": swa.get_ema_multi_avg_fn(0.9)}), ("swa", {})):
        model = torch.nn.Linear(2, 2)
        average = swa.AveragedModel(model, use_buffers=True, **options)
        for i, step in enumerate(steps):
            model.load_state_dict(step)
            average.update_parameters(model)
            for name, value in average.module.state_dict().items():
                golden.put(f"{kind}/{i}/{name}", value)
    golden.save()


# ---- L-BFGS ---------------------------------------------------------------------------------------------------------

def lbfgs():
    """Softmax regression with a penalty, to its minimum."""
    golden = Golden("kit/lbfgs")
    x, y = randn("kit/lbfgs/x", 20, 3), torch.arange(20) * 7 % 4
    model = torch.nn.Linear(3, 4)
    model.load_state_dict({"weight": randn("kit/lbfgs/w", 4, 3), "bias": randn("kit/lbfgs/b", 4)})
    for name, value in {"x": x, "y": y, **{f"start/{k}": v for k, v in model.state_dict().items()}}.items():
        golden.put(name, value)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=200, tolerance_grad=1e-9, line_search_fn="strong_wolfe")
    loss = lambda: F.cross_entropy(model(x), y) + 0.05 * sum(p.square().sum() for p in model.parameters())

    def closure():
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    optimizer.step(closure)
    golden.set("loss", float(loss()))
    for name, value in model.state_dict().items():
        golden.put(f"end/{name}", value)
    golden.save()


def scaler():
    """SGD on clipped gradients of sum(w * c); a coefficient of infinity or NaN, or one that the scale makes infinite, costs a step."""
    golden = Golden("kit/scaler")
    steps = 16
    start, factors = randn("kit/scaler/w", 3), randn("kit/scaler/c", steps, 3)
    factors[4, 1], factors[5, 0], factors[9, 2] = float("inf"), float("nan"), 1e38
    golden.put("start", start)
    golden.put("factors", factors)
    w = torch.nn.Parameter(start.clone())
    optimizer = torch.optim.SGD([w], lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**12, growth_interval=3)
    golden.set("options", {"init_scale": 2.0**12, "growth_interval": 3, "max_norm": 0.5, "lr": 0.1})
    rows = []
    for i in range(steps):
        scaler.scale((w * factors[i]).sum()).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_([w], 0.5)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()
        state = scaler.state_dict()
        rows.append({"scale": state["scale"], "growth_tracker": state["_growth_tracker"], "w": w.tolist()})
    golden.set("steps", rows)
    golden.save()


if __name__ == "__main__":
    scaler()
    lbfgs()
    metrics()
    policies()
    averages()
