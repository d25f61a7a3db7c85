"""EfficientNet-Lite0 served by LitServe, for `http_load.py`: pictures by multipart/form-data, the answer as JSON.

    python litserve_server.py --port 8001 [--engine torch|onnx --model dogs.onnx] [--batch 16]

PyTorch in channels_last as one would write it by the documentation; with --engine onnx the exported model that `espalier serve` runs
too, so that only the servers differ. Pictures are decoded in `decode_request`, batches wait at most 5 ms.
"""

from __future__ import annotations

import argparse
import io
import os

import litserve
import numpy as np
from PIL import Image

SIDE = 224


def prepared(upload) -> np.ndarray:
    """Short side to 256, the middle 224: `[224, 224, 3]`."""
    picture = Image.open(io.BytesIO(upload.file.read()))
    picture.draft("RGB", (256, 256))
    picture = picture.convert("RGB")
    scale = 256 / min(picture.size)
    picture = picture.resize([max(SIDE, round(side * scale)) for side in picture.size], Image.BILINEAR)
    left, top = (picture.width - SIDE) // 2, (picture.height - SIDE) // 2
    return np.asarray(picture.crop((left, top, left + SIDE, top + SIDE)))


class Api(litserve.LitAPI):
    def __init__(self, args, **kw):
        super().__init__(**kw)
        self.args = args

    def setup(self, device):
        if self.args.engine == "onnx":
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = os.cpu_count()
            session = onnxruntime.InferenceSession(self.args.model, options)
            name = session.get_inputs()[0].name
            self.run = lambda x: session.run(None, {name: x})[0]
            return
        import torch

        from machine import LITE_WEIGHTS

        import lite

        model = lite.pretrained(LITE_WEIGHTS).eval().to(memory_format=torch.channels_last)
        mean, std = torch.tensor(lite.MEAN).view(3, 1, 1), torch.tensor(lite.STD).view(3, 1, 1)

        def run(x):
            with torch.inference_mode():
                pictures = (torch.from_numpy(x).permute(0, 3, 1, 2) / 255 - mean) / std
                return model(pictures.contiguous(memory_format=torch.channels_last)).softmax(-1).numpy()

        self.run = run

    def decode_request(self, request):
        return prepared(request["file"])

    def batch(self, inputs):
        return np.stack(inputs)

    def predict(self, x):
        return self.run(x if x.ndim == 4 else x[None])

    def unbatch(self, output):
        return list(output)

    def encode_response(self, output):
        row = np.asarray(output).reshape(-1)
        best = int(row.argmax())
        return {"index": best, "probability": float(row[best])}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--engine", choices=["torch", "onnx"], default="torch")
    parser.add_argument("--model", help="the exported model, for --engine onnx")
    parser.add_argument("--batch", type=int, default=16)
    options = parser.parse_args()
    api = Api(options, max_batch_size=options.batch, batch_timeout=0.005 if options.batch > 1 else 0.0)
    litserve.LitServer(api, accelerator="cpu", timeout=60).run(port=options.port, host="127.0.0.1", num_api_servers=1, generate_client_file=False,
                                                               log_level="warning")
