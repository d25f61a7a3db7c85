"""scikit-learn's judgement of what Espalier predicted on real pictures.

  interpret/dogs_vs_cats.json, interpret/chest_xrays.json   tensors: Espalier's probabilities and the right classes;
                                                            `values`: scikit-learn's figures of these

The predictions come from the command line (docs/tutorials/see-the-mistakes.md has the training):
  ./espalier predict dogs.safetensors ../shared/data/dogs-vs-cats --json > dogs.json
  ./espalier predict xrays.safetensors ../shared/data/chest-xrays/test --json > xrays.json
  python make_judged.py dogs_vs_cats dogs.json chest_xrays xrays.json
"""

from __future__ import annotations

import json
import sys
from pathlib import PurePosixPath

import numpy as np
import sklearn.metrics as skm
import torch

from common import Golden


def judged(name: str, file: str):
    rows = json.load(open(file))
    classes = list(rows[0]["probabilities"])
    target = np.array([classes.index(PurePosixPath(row["file"]).parent.name) for row in rows])
    # five digits keep the file small; the figures are computed from what is kept
    q = np.array([[row["probabilities"][c] for c in classes] for row in rows]).round(5).astype(np.float32)
    q[:, -1] = 1 - q[:, :-1].sum(1)
    p = q.argmax(1)
    golden = Golden(f"interpret/{name}")
    golden.put("probabilities", torch.tensor(q))
    golden.put("targets", torch.tensor(target))
    golden.set("classes", classes)
    golden.set("report", skm.classification_report(target, p, target_names=classes, output_dict=True, zero_division=0))
    golden.set("text", skm.classification_report(target, p, target_names=classes, digits=4, zero_division=0))
    golden.set("confusion_matrix", skm.confusion_matrix(target, p))
    golden.set("normalised", skm.confusion_matrix(target, p, normalize="true"))
    golden.set("log_loss", skm.log_loss(target, np.clip(q.astype(float), 1.17549435e-38, 1)))
    golden.set("auc", [skm.roc_auc_score(target == k, q[:, k]) for k in range(len(classes))])
    golden.set("average_precision", [skm.average_precision_score(target == k, q[:, k]) for k in range(len(classes))])
    golden.save()


if __name__ == "__main__":
    for name, file in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        judged(name, file)
