"""Golden of buckets by torchtext 0.6: what its iterator's `pool` makes of items in a given order.

  text/buckets.json   the batches, before they are shuffled; the order is Espalier's own of Rng.of(1), which the file keeps

torchtext is found as by make_fields.py.
"""

from __future__ import annotations

import json
import os
import sys
import types

sys.path.insert(0, os.environ["TORCHTEXT"])
sys.modules.setdefault("sentencepiece", types.ModuleType("sentencepiece"))
sys.modules.setdefault("requests", types.ModuleType("requests"))

from torchtext.data.iterator import pool

from common import Golden, place


def length(item):
    return (item * item * 7 + 3) % 23


def main():
    order = json.loads((place("text/buckets") / "text" / "buckets.json").read_text())["values"]["order"]
    golden = Golden("text/buckets")
    golden.set("order", order)
    golden.set("batches", [list(batch) for batch in pool(order, 2, key=length, sort_within_batch=True)])
    golden.save()


if __name__ == "__main__":
    main()
