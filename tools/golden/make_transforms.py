"""Goldens of torchvision's transforms of tensors: transforms.json, a case for each, with the input `x` and the answer `CASE/y`.

warps.json: crops, frames and affine maps of the smaller picture `x`, by torchvision; colour spaces of it, by scikit-image; a grid of pictures. Needs
scikit-image.
"""

import numpy as np
import torch
import torchvision.transforms as T
import torchvision.transforms.functional as TF
from skimage import color
from torchvision.utils import make_grid

from common import Golden, rand

golden = Golden("transforms")
x = rand("transforms", 3, 9, 11)
golden.put("x", x)
mean, std = [0.5, 0.4, 0.3], [0.2, 0.25, 0.3]
cases = {
    "brightness": TF.adjust_brightness(x, 1.4), "contrast": TF.adjust_contrast(x, 0.6), "saturation": TF.adjust_saturation(x, 1.7),
    "hue": TF.adjust_hue(x, 0.2), "hue_back": TF.adjust_hue(x, -0.35), "grayscale": TF.rgb_to_grayscale(x, 3),
    "center_crop": T.CenterCrop((4, 6))(x), "center_crop_odd": T.CenterCrop((5, 4))(x),
    "gaussian_blur": TF.gaussian_blur(x, [5, 5], [1.3, 1.3]), "horizontal_flip": T.RandomHorizontalFlip(1)(x),
    "vertical_flip": T.RandomVerticalFlip(1)(x), "normalize": T.Normalize(mean, std)(x),
    "resize_smaller": T.Resize((4, 5), antialias=True)(x), "resize_larger": T.Resize((13, 20), antialias=True)(x),
    "compose": T.Compose([T.CenterCrop((4, 6)), T.RandomHorizontalFlip(1), T.Normalize(mean, std)])(x),
    "random_apply": T.RandomApply([T.RandomVerticalFlip(1)], p=1)(x), "random_grayscale": T.RandomGrayscale(1)(x),
}
for case, y in cases.items():
    golden.put(f"{case}/y", y, 6)
picture = np.asarray(T.ToPILImage()((x * 255).round().to(torch.uint8)))
golden.put("to_pil_image/y", torch.from_numpy(picture.copy()).to(torch.uint8))
golden.put("to_tensor/y", T.ToTensor()(picture.copy()), 6)
golden.set("cases", {case: {} for case in [*cases, "to_pil_image", "to_tensor", "color_jitter"]})
golden.put("color_jitter/y", T.ColorJitter((1.4, 1.4))(x), 6)
golden.save()

warps = Golden("warps")
x = rand("warps", 3, 6, 7)
warps.put("x", x)
start, end = [[0, 0], [6, 0], [6, 5], [0, 5]], [[1, 1], [5, 0], [6, 4], [0, 5]]
bilinear, nearest = T.InterpolationMode.BILINEAR, T.InterpolationMode.NEAREST
cases = {
    "five_crop": torch.stack(TF.five_crop(x, [3, 4])), "ten_crop": torch.stack(TF.ten_crop(x, [3, 4])), "crop": TF.crop(x, 1, 2, 3, 4),
    "pad_constant": TF.pad(x, [1, 2, 0, 3], 0.25), "pad_edge": TF.pad(x, [1, 2, 0, 3], padding_mode="edge"),
    "pad_reflect": TF.pad(x, [1, 2, 0, 3], padding_mode="reflect"), "pad_symmetric": TF.pad(x, [1, 2, 0, 3], padding_mode="symmetric"),
    "erase": TF.erase(x, 1, 2, 3, 4, torch.tensor(0.5)), "rotate": TF.rotate(x, 30.0, bilinear), "rotate_nearest": TF.rotate(x, -75.0, nearest),
    "affine": TF.affine(x, 20.0, [1, -2], 1.3, [10.0, 5.0], bilinear), "affine_nearest": TF.affine(x, -40.0, [0, 1], 0.8, [0.0, 15.0], nearest),
    "perspective": TF.perspective(x, start, end, bilinear), "perspective_nearest": TF.perspective(x, start, end, nearest),
    "gray_brightness": TF.adjust_brightness(x[:1], 1.4), "gray_contrast": TF.adjust_contrast(x[:1], 0.6),
    "gray_saturation": TF.adjust_saturation(x[:1], 1.7), "gray_hue": TF.adjust_hue(x[:1], 0.2),
}
picture = x.double().permute(1, 2, 0).numpy()
for space in ("hsv", "yuv", "xyz", "lab"):
    there = getattr(color, f"rgb2{space}")(picture)
    cases[space] = torch.from_numpy(there).permute(2, 0, 1)
    cases[f"{space}_back"] = torch.from_numpy(getattr(color, f"{space}2rgb")(there)).permute(2, 0, 1)
cases["grid"] = make_grid(rand("grid", 5, 1, 3, 4), nrow=3, normalize=True, scale_each=True)[:1]
warps.put("grid_x", rand("grid", 5, 1, 3, 4))
for case, y in cases.items():
    warps.put(f"{case}/y", y, 7)
warps.save()
