"""Opens a file that `espalier export --format onnx` wrote, as a stranger would: ONNX's own checker, then ONNX Runtime
on the pictures or texts that lie in the file, compared with the answers that lie beside them.

    python check_onnx_file.py dogs.onnx tweets.onnx [MORE.onnx ...]
"""

import base64
import json
import sys

import numpy as np
import onnx
import onnxruntime


def check_texts(session, name, inputs, expected, metadata, field):
    """More padding changes nothing, and the document has the vocabulary that the tokens are places of."""
    pad = field["vocabulary"].index(field["pad_token"])
    longer = np.pad(inputs, ((0, 0), (0, 5)), constant_values=pad)
    assert len(json.loads(metadata["golden_texts"])) == len(inputs)
    assert inputs.max() < len(field["vocabulary"])
    return float(np.abs(session.run(None, {name: longer})[0] - expected).max())


def check(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    document = json.loads(metadata["espalier"])
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    port = session.get_inputs()[0]
    dtype = {"tensor(uint8)": np.uint8, "tensor(float)": np.float32, "tensor(int64)": np.int64}[port.type]
    shape = json.loads(metadata["golden_shape"])
    inputs = np.frombuffer(base64.b64decode(metadata["golden_input"]), dtype).reshape(shape)
    expected = np.frombuffer(base64.b64decode(metadata["golden_output"]), np.float32).reshape(shape[0], -1)
    worst = 0.0
    for some in (inputs, inputs[:1], np.concatenate([inputs] * 3)):
        answers = session.run(None, {port.name: some})[0]
        worst = max(worst, float(np.abs(answers - np.resize(expected, answers.shape)).max()))
    if dtype == np.int64:
        field = document["architecture"]["options"]["field"]
        worst = max(worst, check_texts(session, port.name, inputs, expected, metadata, field))
    assert worst <= 1e-4, f"{path}: answers differ by {worst}"
    assert expected.shape[1] == len(document["vocabulary"])
    return f"{path}: {document['architecture']['name']}, {port.type} {port.shape}, largest difference {worst:.1e}"


if __name__ == "__main__":
    print("onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)
    for name in sys.argv[1:]:
        print(check(name))
