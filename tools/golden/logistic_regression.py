"""Golden values of scikit-learn's logistic regression for LogisticRegressionTest: python logistic_regression.py OUT"""

import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(3)
n, f, k = 40, 6, 3
centres = rng.normal(size=(k, f))
y = rng.integers(0, k, n)
x = np.round((centres[y] + 1.3 * rng.normal(size=(n, f))) * np.array([1, 10, 0.1, 1, 5, 1]) + 2, 4)
tags = (x[:, :2] + rng.normal(size=(n, 2)) * [1, 10] > [2, 2]).astype(int)
new = np.round(x[:5] + 0.5, 4)
out = {"x": x.tolist(), "y": y.tolist(), "tags": tags.tolist(), "new": new.tolist(), "classes": {}, "labels": {}}
scaler = StandardScaler().fit(x)
for strength in (0.5, 10.0):
    fit = lambda target: LogisticRegression(C=1 / strength, tol=1e-10, max_iter=10000).fit(scaler.transform(x), target)
    out["classes"][str(strength)] = fit(y).predict_proba(scaler.transform(new)).round(6).tolist()
    each = [fit(tags[:, j]).predict_proba(scaler.transform(new))[:, 1] for j in range(2)]
    out["labels"][str(strength)] = np.stack(each, 1).round(6).tolist()
json.dump({"tensors": {}, "values": out}, open(sys.argv[1], "w"))
