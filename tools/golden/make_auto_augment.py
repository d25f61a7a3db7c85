"""Goldens of RandAugment and TrivialAugmentWide: image/auto_augment.json, from torchvision on tensors of bytes.

  tables  the magnitude of every operation at every strength, for both
  cases   what each operation makes of a synthetic picture (see make_image.py) at some magnitudes, as base64
"""

import base64

import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms import autoaugment as aa

from common import Golden
from make_image import synthetic

WIDTH, HEIGHT, BINS = 17, 12, 31
NAMES = {"Identity": "identity", "ShearX": "shear_x", "ShearY": "shear_y", "TranslateX": "translate_x", "TranslateY": "translate_y",
         "Rotate": "rotate", "Brightness": "brightness", "Color": "color", "Contrast": "contrast", "Sharpness": "sharpness",
         "Posterize": "posterize", "Solarize": "solarize", "AutoContrast": "auto_contrast", "Equalize": "equalize"}
CASES = {"ShearX": [0.3, -0.99], "ShearY": [0.25, -0.7], "TranslateX": [3.9, -5.2], "TranslateY": [2.1, -4.0], "Rotate": [17.0, -135.0, 33.0],
         "Brightness": [0.5, -0.9], "Color": [0.7, -0.45], "Contrast": [0.6, -0.99], "Sharpness": [0.9, -0.33], "Posterize": [2, 5, 8],
         "Solarize": [0.0, 127.5, 255.0], "AutoContrast": [0.0], "Equalize": [0.0], "Identity": [0.0]}


def table(space):
    return {NAMES[name]: {"magnitudes": [float(v) for v in magnitudes.expand(BINS)] if magnitudes.ndim == 0 else magnitudes.tolist(),
                          "signed": signed} for name, (magnitudes, signed) in space.items()}


golden = Golden("image/auto_augment")
golden.set("tables", {
    "rand": table(aa.RandAugment()._augmentation_space(BINS, (HEIGHT, WIDTH))),
    "trivial": table(aa.TrivialAugmentWide()._augmentation_space(BINS))})
pictures = {"rough": synthetic(WIDTH, HEIGHT), "dull": synthetic(WIDTH, HEIGHT) // 4 + 60, "large": synthetic(40, 30, 0)}
cases = []
for kind, picture in pictures.items():
    x = torch.from_numpy(picture.copy()).permute(2, 0, 1)
    for name, magnitudes in CASES.items():
        for magnitude in magnitudes:
            y = aa._apply_op(x, name, magnitude, InterpolationMode.NEAREST, None).permute(1, 2, 0).contiguous()
            if kind == "large" and name not in ("AutoContrast", "Equalize", "Contrast", "Rotate"):
                continue
            cases.append({"picture": kind, "operation": NAMES[name], "magnitude": magnitude,
                          "result": base64.b64encode(y.numpy().tobytes()).decode()})
golden.set("cases", cases)
golden.save()
