"""Makes the golden values of espalier.image and of the picture transforms from Pillow.

Synthetic pictures are made by the same integer formula here and in the tests (SyntheticImage):
  level(x, y, c) = ((x * a[c] + y * b[c]) ^ (x * y * k)) & 255
so that resizes need no picture files, only the checksum and some rows of the result.
"""

import base64
import io
import math
import zlib

import numpy as np
from PIL import Image, ImageOps

from common import SHARED, Golden

pillow_resize = Image.Image.resize


def resize(image, size, resample=None, box=None, reducing_gap=None):
    """Pillow's resize with rows first, as all versions before 13 did it.

    Pillow 13 takes the columns first where that is faster; levels then differ by one here and there.
    """
    left, top, right, bottom = box or (0, 0, *image.size)
    rows = pillow_resize(image, (size[0], image.height), resample, (left, 0, right, image.height))
    return pillow_resize(rows, tuple(size), resample, (0, top, size[0], bottom))


Image.Image.resize = resize


def synthetic(width, height, rough=1):
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    channels = [((x * a + y * b) ^ (x * y * rough)) & 255 for a, b in ((3, 5), (7, 2), (1, 11))]
    return np.stack(channels, axis=-1).astype(np.uint8)


def record(array):
    """Size, checksum of all bytes, and the first and middle rows for a readable failure."""
    array = np.asarray(array)
    return {
        "width": array.shape[1],
        "height": array.shape[0],
        "crc": zlib.crc32(array.tobytes()),
        "mean": [float(v) for v in array.reshape(-1, 3).mean(0)],
        "first_row": array[0].reshape(-1)[:48].tolist(),
        "middle_row": array[array.shape[0] // 2].reshape(-1)[:48].tolist(),
    }


FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}


def resizes():
    cases = []
    for name, kind in FILTERS.items():
        for size, out, box in [
            ((50, 37), (22, 22), None),
            ((50, 37), (100, 81), None),
            ((50, 37), (50, 20), None),
            ((50, 37), (20, 37), None),
            ((500, 375), (224, 224), None),
            ((150, 200), (16, 16), None),
            ((97, 64), (1, 1), None),
            ((1, 300), (8, 8), None),
            ((300, 1), (8, 8), None),
            ((2, 2), (9, 7), None),
            ((50, 37), (22, 22), (3.25, 1.5, 40.75, 30.125)),
            ((500, 375), (128, 96), (10.3, 20.6, 490.2, 333.3)),
            ((64, 64), (64, 64), (0.5, 0.5, 63.5, 63.5)),
            ((31, 17), (64, 64), (5, 5, 9, 9)),
        ]:
            image = Image.fromarray(synthetic(*size))
            result = image.resize(out, kind, box=box)
            cases.append({"filter": name, "from": size, "to": out, "box": box, "result": record(result)})
    return cases


def fastai_boxes():
    """The validation rules of fastai 2.8: Resize (crop, pad, squish) and RandomResizedCrop."""
    cases = []
    for size in [(500, 375), (375, 500), (64, 64), (40, 300)]:
        source = Image.fromarray(synthetic(*size))
        w, h = size
        for target in [(32, 32), (24, 40)]:  # width, height
            tw, th = target
            m = min(w / tw, h / th)
            cw, ch = int(m * tw), int(m * th)
            left, top = int(0.5 * (w - cw)), int(0.5 * (h - ch))
            cropped = source.crop((left, top, left + cw, top + ch)).resize(target, Image.BILINEAR)
            cases.append({"transform": "crop", "from": size, "to": target, "result": record(cropped)})
            squished = source.resize(target, Image.BILINEAR)
            cases.append({"transform": "squish", "from": size, "to": target, "result": record(squished)})
            m = max(w / tw, h / th)
            cw, ch = int(m * tw), int(m * th)
            left, top = int(0.5 * (w - cw)), int(0.5 * (h - ch))
            for mode, numpy_mode in (("zeros", "constant"), ("border", "edge"), ("reflection", "reflect")):
                array = np.asarray(source)
                pad_left, pad_top = max(-left, 0), max(-top, 0)
                pad_right, pad_bottom = max(cw - w - pad_left, 0), max(ch - h - pad_top, 0)
                array = array[max(top, 0) : max(top, 0) + ch, max(left, 0) : max(left, 0) + cw]
                padding = ((pad_top, pad_bottom), (pad_left, pad_right), (0, 0))
                padded = Image.fromarray(np.pad(array, padding, mode=numpy_mode))
                assert padded.size == (cw, ch), (padded.size, cw, ch)
                result = record(padded.resize(target, Image.BILINEAR))
                cases.append({"transform": "pad", "mode": mode, "from": size, "to": target, "result": result})
        for side in (32, 128):
            larger = side + math.ceil(side * 0.14 / 8) * 8
            squished = source.resize((larger, larger), Image.BILINEAR)
            off = (larger - side) // 2
            cut = squished.crop((off, off, off + side, off + side))
            cases.append({"transform": "rrc", "from": size, "to": (side, side), "result": record(cut)})
    return cases


def torchvision_evaluation():
    """Resize(int) then CenterCrop of torchvision 0.25, on Pillow pictures."""
    from torchvision.transforms import v2

    cases = []
    for name, kind in (("bilinear", v2.InterpolationMode.BILINEAR), ("bicubic", v2.InterpolationMode.BICUBIC)):
        for size in [(500, 375), (375, 500), (256, 256), (300, 41), (333, 251)]:
            for resize, crop in [(256, 224), (64, 56), (37, 37)]:
                source = Image.fromarray(synthetic(*size))
                result = v2.CenterCrop(crop)(v2.Resize(resize, interpolation=kind)(source))
                cases.append(
                    {"filter": name, "from": size, "resize": resize, "crop": crop, "result": record(result)}
                )
    return cases


def encoded(data):
    return base64.b64encode(data).decode()


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def files():
    """Small files that Java cannot write, with Pillow's reading of them."""
    rgb = Image.fromarray((synthetic(12, 8, 0) // 2 + 60).astype(np.uint8)).resize((24, 16), Image.BICUBIC)
    cmyk = rgb.convert("CMYK")
    result = {}

    def add(name, data, rgb_result):
        array = np.asarray(rgb_result)
        size = {"width": array.shape[1], "height": array.shape[0], "crc": zlib.crc32(array.tobytes())}
        pixels = {"rgb": encoded(array.tobytes())} if array.size < 4000 else {}
        result[name] = {"base64": encoded(data), **size, **pixels}

    cmyk_jpeg = saved(cmyk, "JPEG", quality=95)
    add("cmyk.jpg", cmyk_jpeg, Image.open(io.BytesIO(cmyk_jpeg)).convert("RGB"))
    # YCCK: the luma and chroma of CMY (a decoder inverts them to Adobe's inverted CMY) and inverted K, stored
    # as they are (Pillow inverts on writing), and the Adobe marker's transform byte changed from 0 to 2.
    inks = np.asarray(cmyk)
    ycc = np.asarray(Image.fromarray(inks[..., :3].copy()).convert("YCbCr"))
    planes = np.concatenate([255 - ycc, inks[..., 3:]], axis=-1)
    ycck = bytearray(saved(Image.frombytes("CMYK", cmyk.size, planes.tobytes()), "JPEG", quality=95))
    at = bytes(ycck).index(b"Adobe")
    ycck[at + 11] = 2
    add("ycck.jpg", bytes(ycck), Image.open(io.BytesIO(bytes(ycck))).convert("RGB"))
    gray = rgb.convert("L")
    for name, image, options in [
        ("baseline.jpg", rgb, {"quality": 90}),
        ("progressive.jpg", rgb, {"quality": 90, "progressive": True}),
        ("gray.jpg", gray, {"quality": 90}),
        ("restarts.jpg", rgb, {"quality": 90, "restart_marker_blocks": 1}),
        ("chroma420.jpg", rgb, {"quality": 90, "subsampling": 2}),
    ]:
        data = saved(image, "JPEG", **options)
        add(name, data, Image.open(io.BytesIO(data)).convert("RGB"))
    for name, options in [("lossy.webp", {"quality": 80}), ("lossless.webp", {"lossless": True})]:
        data = saved(rgb, "WEBP", **options)
        add(name, data, Image.open(io.BytesIO(data)).convert("RGB"))
    alpha = rgb.copy()
    alpha.putalpha(gray)
    for name, options in [("alpha_lossless.webp", {"lossless": True, "exact": True}), ("alpha_lossy.webp", {"quality": 80})]:
        data = saved(alpha, "WEBP", **options)
        opened = Image.open(io.BytesIO(data)).convert("RGBA")
        add(name, data, Image.alpha_composite(Image.new("RGBA", rgb.size, "white"), opened).convert("RGB"))
    frames = [rgb, rgb.rotate(180), rgb.rotate(90, expand=False)]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True, duration=50)
    add("animated.webp", data, frames[0])
    data = saved(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=50)
    add("animated.png", data, frames[0])
    quantised = [frame.quantize(16) for frame in frames]
    data = saved(quantised[0], "GIF", save_all=True, append_images=quantised[1:], duration=50)
    add("animated.gif", data, Image.open(io.BytesIO(data)).convert("RGB"))
    data = saved(quantised[0], "GIF", interlace=True)
    add("interlaced.gif", data, Image.open(io.BytesIO(data)).convert("RGB"))
    noisy = Image.fromarray(synthetic(90, 70, 13)).quantize(256)
    data = saved(noisy, "GIF")
    add("noisy.gif", data, Image.open(io.BytesIO(data)).convert("RGB"))
    data = saved(rgb, "BMP")
    add("rgb.bmp", data, rgb)
    data = saved(rgb.quantize(16), "BMP")
    add("palette.bmp", data, Image.open(io.BytesIO(data)).convert("RGB"))
    return result


def write(name, values):
    golden = Golden(f"image/{name}")
    for key, value in values.items():
        golden.set(key, value)
    golden.save()


def real():
    """What Pillow makes of every fifth shared picture: path, upright size, means of the channels over white."""
    pictures = []
    paths = [p for p in sorted((SHARED / "data").rglob("*")) if p.suffix.lower() in (".jpg", ".jpeg", ".png")]
    for path in paths[::5]:
        opened = ImageOps.exif_transpose(Image.open(path))
        if opened.has_transparency_data:
            opened = Image.alpha_composite(Image.new("RGBA", opened.size, "white"), opened.convert("RGBA"))
        means = np.asarray(opened.convert("RGB")).reshape(-1, 3).mean(0)
        name = path.relative_to(SHARED / "data").as_posix()
        pictures.append([name, *opened.size, *(round(float(m), 1) for m in means)])
    return pictures


if __name__ == "__main__":
    write("resize", {"cases": resizes()})
    write("transforms", {"fastai": fastai_boxes(), "torchvision": torchvision_evaluation()})
    write("files", files())
    write("real", {"pictures": real()})
