"""Small files of NumPy: an array by rows, by columns, big-endian, of objects, and several in one file."""

import numpy as np

from common import GOLDEN

folder = GOLDEN / "numpy"
folder.mkdir(exist_ok=True)
x = np.arange(6, dtype="<f4").reshape(2, 3) / 2
np.save(folder / "float32.npy", x)
np.save(folder / "columns.npy", np.asfortranarray(x))
np.save(folder / "big_endian.npy", x.astype(">f4"))
np.save(folder / "objects.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.savez_compressed(folder / "several.npz", weights=np.array([[1.0, 2.0], [3.0, 4.0]]), labels=np.array([3, 1, 4]))
