"""Goldens of n-grams, TF-IDF and logistic regression by scikit-learn on a small corpus.

  text/linear.json   n-gram counts, TF-IDF rows, coefficients and probabilities for two classes, three classes and tags
"""

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from common import Golden

TOKENS = r"(?u)\w+|[^\w\s]"
CORPUS = [
    ("I love this sunny day, love it!", "good", ["weather"]),
    ("what a wonderful,  wonderful film 😍", "good", ["film"]),
    ("The worst film of the year.", "bad", ["film"]),
    ("rain again ... I hate this weather", "bad", ["weather"]),
    ("Bus 42 leaves at 10:30", "neutral", []),
    ("a b c", "neutral", []),
    ("LOVE the rain, LOVE the sun", "good", ["weather"]),
    ("hate hate hate this film!!", "bad", ["film"]),
    ("the bus is late again", "bad", ["traffic"]),
    ("Das Wetter ist schön, der Film auch", "good", ["film", "weather"]),
    ("我爱 这部 film", "good", ["film"]),
    ("timetable of bus 42 and bus 17", "neutral", ["traffic"]),
]
TEXTS = [text for text, _, _ in CORPUS]
NEW = ["I love the bus!", "never seen: zzz qqq", "", "film film film film"]


def words(**more):
    return dict(ngram_range=(1, 2), token_pattern=TOKENS, **more)


def characters(**more):
    return dict(analyzer="char_wb", ngram_range=(2, 5), **more)


def rows(vectorizer, texts):
    """A map from n-gram to value for each text."""
    names = vectorizer.get_feature_names_out()
    matrix = vectorizer.transform(texts).tocsr()
    return [{names[j]: matrix[i, j] for j in matrix[i].indices} for i in range(matrix.shape[0])]


def counts(golden):
    cases = {
        "words": words(),
        "characters": characters(),
        "short": dict(analyzer="char_wb", ngram_range=(4, 6)),
        "sklearn": dict(ngram_range=(1, 1), token_pattern=r"(?u)\b\w\w+\b"),
    }
    golden.set(
        "counts",
        {name: rows(CountVectorizer(**options).fit(TEXTS), TEXTS[:6]) for name, options in cases.items()},
    )


def tfidf(golden):
    def values(texts, **options):
        return rows(TfidfVectorizer(**options).fit(TEXTS), texts)

    golden.set(
        "tfidf",
        {
            "words": values(TEXTS[:4] + NEW, sublinear_tf=True, **words()),
            "characters": values(TEXTS[:2] + NEW, sublinear_tf=True, **characters(min_df=2)),
            "linear": values(TEXTS[6:8] + NEW, lowercase=False, **words()),
        },
    )


def fitted(golden, name, x, y, new, **options):
    model = LogisticRegression(tol=1e-10, max_iter=100_000, **options).fit(x, y)
    golden.put(f"{name}/coef", model.coef_)
    golden.put(f"{name}/intercept", model.intercept_)
    golden.put(f"{name}/probabilities", model.predict_proba(new))


def regression(golden):
    vectorizer = TfidfVectorizer(sublinear_tf=True, **words(min_df=2)).fit(TEXTS)
    golden.set("names", list(vectorizer.get_feature_names_out()))
    x, new = vectorizer.transform(TEXTS), vectorizer.transform(NEW)
    labels = np.array([label for _, label, _ in CORPUS])
    two = np.where(labels == "good", "good", "other")
    fitted(golden, "two", x, two, new, C=3.0)
    fitted(golden, "balanced", x, two, new, C=3.0, class_weight="balanced")
    fitted(golden, "three", x, labels, new, C=10.0)
    for tag in ("film", "traffic", "weather"):
        has = np.array([tag in tags for _, _, tags in CORPUS])
        fitted(golden, f"tags/{tag}", x, has, new, C=10.0)


def main():
    golden = Golden("text/linear")
    golden.set("texts", TEXTS)
    golden.set("labels", [label for _, label, _ in CORPUS])
    golden.set("tags", [tags for _, _, tags in CORPUS])
    golden.set("new", NEW)
    counts(golden)
    tfidf(golden)
    regression(golden)
    golden.save()


if __name__ == "__main__":
    main()
