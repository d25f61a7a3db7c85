"""Goldens of picture transforms: fastai's batch augmentation with fixed draws, its item resizes, Pillow's resampling.

  augment/geometry.json  flip, dihedral, rotate, zoom, warp, and all composed as aug_transforms composes them
  augment/lighting.json  brightness, contrast, saturation, hue
  augment/resize.json    Pillow's resize, fastai's Resize and RandomResizedCrop (validation) on small pictures

Floats of pictures carry six significant digits.
"""

from __future__ import annotations

import numpy as np
import torch
from fastai.vision import augment as fa
from fastai.vision.core import PILImage, TensorImage
from PIL import Image

from common import Golden, plain, rand

DIGITS = 6


def picture(name: str, n: int, c: int, h: int, w: int) -> torch.Tensor:
    """Smooth waves with a little noise, in (0, 1)."""
    i = torch.arange(h, dtype=torch.float32)[:, None]
    j = torch.arange(w, dtype=torch.float32)[None, :]
    k = torch.arange(n * c, dtype=torch.float32).reshape(n, c, 1, 1)
    x = 0.5 + 0.3 * torch.sin(0.7 * i + 0.4 * j + k) + 0.15 * (rand(f"picture/{name}", n, c, h, w) - 0.5)
    return (x * 64).round().clamp(1, 63) / 64


class Cases(Golden):
    def __init__(self, name):
        super().__init__(f"augment/{name}")
        self.values["cases"] = {}


# ---- geometry -------------------------------------------------------------------------------------------------------

def geometry():
    golden = Cases("geometry")
    xs = {"wide": picture("wide", 2, 1, 6, 8), "square": picture("square", 2, 1, 8, 8),
          "colour": picture("colour", 2, 3, 12, 16), "large": picture("large", 1, 1, 24, 26)}
    for k, v in xs.items():
        golden.put(k, v)

    def case(name, x, tfms, options, **kw):
        """Composes the transforms as setup_aug_tfms does; records matrix, grid and pictures."""
        # Probability 1: the draws given are what happens.
        made = [cls(p=1.0, **args, **kw) for cls, args in tfms]
        (tfm,) = fa.setup_aug_tfms(made)
        t = TensorImage(xs[x].clone())
        y = tfm(t, split_idx=0)
        golden.values["cases"][name] = plain(dict(options, input=x, transforms=[
            dict({"name": cls.__name__.lower()}, **args) for cls, args in tfms], size=list(y.shape[-2:]),
            padding=kw.get("pad_mode", "reflection"), mode=kw.get("mode", "bilinear"), align_corners=kw.get("align_corners", True)))
        golden.put(f"{name}/mat", torch.Tensor(tfm.mat))
        golden.put(f"{name}/y", torch.Tensor(y), DIGITS)

    flip, dihedral, rotate, zoom, warp = fa.Flip, fa.Dihedral, fa.Rotate, fa.Zoom, fa.Warp
    for x in ("wide", "square"):
        case(f"identity_{x}", x, [(rotate, {"draw": 0.0})], {})
        case(f"flip_{x}", x, [(flip, {"draw": [1, 0]})], {})
        for i in range(0, 8, 2):
            case(f"dihedral_{i}_{i + 1}_{x}", x, [(dihedral, {"draw": [i, i + 1]})], {})
        case(f"rotate_{x}", x, [(rotate, {"draw": [10.0, -30.0]})], {})
        case(f"zoom_{x}", x, [(zoom, {"draw": [1.25, 0.8], "draw_x": [0.5, 0.25], "draw_y": [0.0, 1.0]})], {})
        case(f"warp_{x}", x, [(warp, {"draw_x": [0.2, -0.1], "draw_y": [0.0, 0.3]})], {})
    case("rotate_zeros", "wide", [(rotate, {"draw": [20.0, -20.0]})], {}, pad_mode="zeros")
    case("rotate_border", "wide", [(rotate, {"draw": [20.0, -20.0]})], {}, pad_mode="border")
    case("rotate_nearest", "square", [(rotate, {"draw": [20.0, -20.0]})], {}, mode="nearest")
    case("rotate_edges", "square", [(rotate, {"draw": [20.0, -20.0]})], {}, align_corners=False)
    case("size_smaller", "wide", [(rotate, {"draw": [10.0, 0.0]})], {}, size=(5, 5))
    case("size_larger", "wide", [(rotate, {"draw": [10.0, 0.0]})], {}, size=(9, 7))
    case("size_third", "large", [(rotate, {"draw": [10.0]})], {"shrinks_first": True}, size=8)
    case("size_third_zoomed", "large", [(zoom, {"draw": [2.0], "draw_x": [0.5], "draw_y": [0.5]})], {"shrinks_first": False}, size=8)
    everything = [(flip, {"draw": [1, 0]}), (warp, {"draw_x": [0.1, -0.2], "draw_y": [-0.15, 0.05]}), (rotate, {"draw": [-7.0, 12.0]}),
                  (zoom, {"draw": [1.1, 1.05], "draw_x": [0.3, 0.9], "draw_y": [0.6, 0.1]})]
    case("everything", "colour", everything, {})
    case("everything_square", "square", everything, {})
    case("everything_resized", "colour", everything, {}, size=10)
    case("everything_vertical", "square", [(dihedral, {"draw": [3, 6]})] + everything[1:], {})
    golden.save()


# ---- lighting -------------------------------------------------------------------------------------------------------

def lighting():
    golden = Cases("lighting")
    x = picture("light", 2, 3, 3, 4)
    x[0, :, 0, 0], x[0, :, 0, 1], x[1, :, 0, 0] = 0.0, 1.0, 0.5
    golden.put("x", x)

    def case(name, tfms):
        made = [cls(p=1.0, draw=draw) for cls, draw in tfms]
        t = TensorImage(x.clone())
        (tfm,) = fa.setup_aug_tfms(made)
        golden.values["cases"][name] = plain({"transforms": [{"name": cls.__name__.lower(), "draw": draw} for cls, draw in tfms]})
        golden.put(f"{name}/y", torch.Tensor(tfm(t, split_idx=0)))

    b, c, s, h = fa.Brightness, fa.Contrast, fa.Saturation, fa.Hue
    case("brightness", [(b, [0.6, 0.3])])
    case("brightness_neutral", [(b, [0.5, 0.5])])
    case("contrast", [(c, [1.2, 0.6])])
    case("saturation", [(s, [1.5, 0.5])])
    case("hue", [(h, [0.1, 0.9])])
    case("brightness_contrast", [(b, [0.55, 0.4]), (c, [1.25, 0.8])])
    case("brightness_contrast_saturation", [(b, [0.55, 0.4]), (c, [1.25, 0.8]), (s, [0.7, 1.3])])
    numbers = TensorImage(torch.tensor([0.2, 0.5, 0.8]).reshape(1, 1, 1, 3))
    golden.put("numbers/x", torch.Tensor(numbers))
    golden.put("numbers/brightness_0.6", torch.Tensor(numbers.clone().brightness(draw=0.6, p=1.0)))
    golden.put("numbers/contrast_1.2", torch.Tensor(numbers.clone().contrast(draw=1.2, p=1.0)))
    golden.save()


# ---- resize ---------------------------------------------------------------------------------------------------------

def bytes_picture(h: int, w: int) -> np.ndarray:
    """uint8 [H, W, 3]: round(127.5 + 80 sin(0.35 y + 0.2 x + c) + 40 cos(1.1 x - 0.5 y)), and black and white stripes at the right."""
    i, j, c = np.meshgrid(np.arange(h), np.arange(w), np.arange(3), indexing="ij")
    x = 127.5 + 80 * np.sin(0.35 * i + 0.2 * j + c) + 40 * np.cos(1.1 * j - 0.5 * i)
    x = np.where(j >= w - 6, 255 * (j % 2), x)
    return np.clip(np.round(x), 0, 255).astype(np.uint8)


def resize():
    golden = Cases("resize")
    xs = {"wide": bytes_picture(18, 26), "tall": bytes_picture(23, 14)}
    for k, v in xs.items():
        golden.put(k, torch.from_numpy(v))
    kinds = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}

    def put(name, options, image):
        golden.values["cases"][name] = options
        golden.put(f"{name}/y", torch.from_numpy(np.array(image)))

    for k, x in xs.items():
        image = Image.fromarray(x)
        for h, w in ((8, 8), (12, 17), (30, 20), (5, 31)):
            put(f"bilinear_{k}_{h}x{w}", {"input": k, "interpolation": "bilinear", "size": [h, w]}, image.resize((w, h), kinds["bilinear"]))
        put(f"bicubic_{k}", {"input": k, "interpolation": "bicubic", "size": [9, 11]}, image.resize((11, 9), kinds["bicubic"]))
        box = (2.5, 1.25, 12.0, 13.75)
        put(f"bilinear_box_{k}", {"input": k, "interpolation": "bilinear", "size": [7, 6], "box_left_top_right_bottom": box},
            image.resize((6, 7), kinds["bilinear"], box=box))
        for method in ("crop", "squish", "pad"):
            for pad in ("zeros", "border", "reflection") if method == "pad" else (None,):
                kw = {"pad_mode": pad} if pad else {}
                y = fa.Resize(10, method=method, **kw)(PILImage.create(x), split_idx=1)
                put(f"resize_{method}{'_' + pad if pad else ''}_{k}", {"input": k, "fastai": "Resize", "size": [10, 10], "method": method, "padding": pad}, y)
        put(f"resize_crop_rectangle_{k}", {"input": k, "fastai": "Resize", "size": [6, 12], "method": "crop"}, fa.Resize((6, 12))(PILImage.create(x), split_idx=1))
        put(f"random_resized_crop_valid_{k}", {"input": k, "fastai": "RandomResizedCrop", "size": [8, 8], "pre_size": 16},
            fa.RandomResizedCrop(8)(PILImage.create(x), split_idx=1))
    golden.save()


if __name__ == "__main__":
    geometry()
    lighting()
    resize()
