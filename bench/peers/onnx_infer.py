"""An exported model in ONNX Runtime or OpenVINO from Python: milliseconds of one picture and of 32.

    python onnx_infer.py --model dogs.onnx --engine onnxruntime|openvino [--batch 1,32] [--precision f32|bf16]

The file is one of `espalier export MODEL --out dogs.onnx`. Random pictures; two threads unless told; latency hint in OpenVINO, with
float32 as its precision unless told. Beside it: `espalier bench MODEL --batch 1,32`, which has the same model's own time in Java.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

import numpy as np

from machine import report


def onnxruntime_model(args):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(args.model, options, providers=["CPUExecutionProvider"])
    given = session.get_inputs()[0]
    return given.shape, given.type == "tensor(uint8)", lambda x: session.run(None, {given.name: x}), onnxruntime.__version__


def openvino_model(args):
    import openvino

    model = openvino.Core().read_model(args.model)
    shape = [-1 if d.is_dynamic else d.get_length() for d in model.input(0).get_partial_shape()]
    compiled = openvino.compile_model(model, "CPU", {
        "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": args.threads, "INFERENCE_PRECISION_HINT": args.precision})
    request = compiled.create_infer_request()
    return shape, model.input(0).get_element_type() == openvino.Type.u8, lambda x: request.infer({0: x}), openvino.__version__


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--engine", choices=["onnxruntime", "openvino"], default="onnxruntime")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32", help="OpenVINO's")
    parser.add_argument("--batch", default="1,32", help="sizes, with commas between")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=4.0, help="of each size")
    args = parser.parse_args()

    shape, whole, run, version = (onnxruntime_model if args.engine == "onnxruntime" else openvino_model)(args)
    for size in (int(text) for text in args.batch.split(",")):
        x = np.random.default_rng(0).integers(0, 256, [size, *shape[1:]], dtype=np.uint8)
        x = x if whole else x.astype(np.float32) / 255
        times, end = [], time.perf_counter() + args.seconds
        for _ in range(3):
            run(x)
        while time.perf_counter() < end or len(times) < 5:
            begin = time.perf_counter()
            run(x)
            times.append(1000 * (time.perf_counter() - begin))
        report(peer=args.engine, version=version, work="inference", precision=args.precision, model=os.path.basename(args.model), batch=size,
               used_threads=args.threads, p50_ms=statistics.median(times), least_ms=min(times), per_second=1000 * size / statistics.median(times))


if __name__ == "__main__":
    main()
