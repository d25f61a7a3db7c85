"""Goldens of torchvision's transforms of tensors: transforms.json, a case for each, with the input `x` and the answer `CASE/y`."""

import numpy as np
import torch
import torchvision.transforms as T
import torchvision.transforms.functional as TF

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
