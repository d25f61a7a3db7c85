"""Small picture files of many kinds, and what Pillow sees in them.

  pictures/FILE        the files, 16 x 12 pixels (13 x 9 where said)
  pictures.json        `values.files`: for each file `{"format", "mode", "frames", "tensor", "note"}`

`tensor` names the expected `uint8 [H, W, 3]`: upright, first frame, grey and palette spread to three channels, sixteen
bits divided by 257, transparency laid on white. Several files may share one: the eight orientations are one picture.
"""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import torch
from PIL import Image, ImageOps

from common import PREDICT, Golden

W, H = 16, 12


def colours(h=H, w=W) -> np.ndarray:
    """A smooth picture without symmetry: every orientation differs."""
    i, j = np.meshgrid(np.arange(h), np.arange(w), indexing="ij")
    x = np.stack([40 + 12 * j + 2 * i, 230 - 14 * i, 60 + 5 * i + 7 * j], -1)
    x[: h // 3, : w // 4] = (250, 20, 30)
    return np.clip(x, 0, 255).astype(np.uint8)


class Pictures(Golden):
    def __init__(self):
        super().__init__("pictures")
        self.values["files"] = {}
        self.folder = PREDICT / "pictures"
        self.folder.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, data: bytes, expected: np.ndarray | str | None = None, note: str = ""):
        """Writes a file; `expected` is an array, or the name of one already there; None asks Pillow."""
        (self.folder / name).write_bytes(data)
        image = Image.open(io.BytesIO(data))
        if expected is None:
            expected = self.seen(image)
        if not isinstance(expected, str):
            self.put(name, torch.from_numpy(np.ascontiguousarray(expected)))
            expected = name
        self.values["files"][name] = {"format": image.format, "mode": image.mode, "frames": getattr(image, "n_frames", 1),
                                      "tensor": expected, "note": note}

    @staticmethod
    def seen(image: Image.Image) -> np.ndarray:
        image.seek(0)
        image = ImageOps.exif_transpose(image)
        if "A" in image.mode or "transparency" in image.info:
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, (255, 255, 255, 255))
            return np.array(Image.alpha_composite(white, image).convert("RGB"))
        return np.array(image.convert("RGB"))


def saved(image: Image.Image, kind: str, **kw) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **kw)
    return out.getvalue()


def orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


def png(width: int, height: int, depth: int, colour: int, rows: bytes, interlace: int = 0) -> bytes:
    """A PNG file of raw filtered rows, for kinds that Pillow cannot write."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def adam7(x: np.ndarray) -> bytes:
    out = b""
    for y0, x0, dy, dx in ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)):
        part = x[y0::dy, x0::dx]
        if part.size:
            out += b"".join(b"\0" + row.tobytes() for row in part)
    return out


def pngs(p: Pictures, rgb: np.ndarray):
    image = Image.fromarray(rgb)
    p.add("rgb.png", saved(image, "PNG"), rgb)
    p.add("grey.png", saved(image.convert("L"), "PNG"))
    wide = (np.arange(H * W).reshape(H, W) * 341 % 65536).astype(np.uint16)
    p.add("grey16.png", saved(Image.fromarray(wide), "PNG"), np.repeat(np.round(wide / 257)[..., None], 3, -1).astype(np.uint8),
          "scaled by the full range, not clipped")
    deep = rgb.astype(np.uint16) * 257 - np.minimum(rgb, 100)
    p.add("rgb16.png", png(W, H, 16, 2, b"".join(b"\0" + r.astype(">u2").tobytes() for r in deep)), np.round(deep / 257).astype(np.uint8),
          "within one level: decoders round sixteen bits differently")
    p.add("interlaced.png", png(W, H, 8, 2, adam7(rgb), 1), "rgb.png")
    p.add("interlaced_13x9.png", png(13, 9, 8, 2, adam7(colours(9, 13)), 1), colours(9, 13))
    p.add("palette.png", saved(image.quantize(16, dither=Image.Dither.NONE), "PNG"))
    p.add("palette_2bit_13x9.png", saved(Image.fromarray(colours(9, 13)).quantize(4, dither=Image.Dither.NONE), "PNG", bits=2))
    p.add("palette_transparent.png", saved(image.quantize(8, dither=Image.Dither.NONE), "PNG", transparency=bytes([0, 128, 255])), None, "tRNS, laid on white")
    p.add("bit1.png", saved(image.convert("1"), "PNG"))
    alpha = Image.fromarray((np.arange(H * W).reshape(H, W) * 255 // (H * W - 1)).astype(np.uint8))
    p.add("rgba.png", saved(Image.merge("RGBA", (*image.split(), alpha)), "PNG"), None, "laid on white; within one level")
    p.add("grey_alpha.png", saved(Image.merge("LA", (image.convert("L"), alpha)), "PNG"), None, "laid on white; within one level")
    p.add("exif6.png", saved(image.transpose(Image.Transpose.ROTATE_90), "PNG", exif=orientation(6)), "rgb.png")
    p.add("animated.png", saved(image, "PNG", save_all=True, append_images=[ImageOps.invert(image)], duration=100), "rgb.png", "first frame")
    p.add("png_named_jpg.jpg", saved(image, "PNG"), "rgb.png", "the bytes count, not the name")


def jpegs(p: Pictures, rgb: np.ndarray):
    image = Image.fromarray(rgb)
    p.add("baseline444.jpg", saved(image, "JPEG", quality=90, subsampling=0))
    p.add("baseline420.jpg", saved(image, "JPEG", quality=90, subsampling=2))
    p.add("baseline422.jpg", saved(image, "JPEG", quality=90, subsampling=1))
    p.add("progressive.jpg", saved(image, "JPEG", quality=90, subsampling=0, progressive=True), "baseline444.jpg")
    p.add("restarts.jpg", saved(image, "JPEG", quality=90, subsampling=0, restart_marker_rows=1), "baseline444.jpg")
    p.add("grey.jpg", saved(image.convert("L"), "JPEG", quality=90))
    p.add("odd_13x9.jpg", saved(Image.fromarray(colours(9, 13)), "JPEG", quality=90, subsampling=2))
    p.add("cmyk.jpg", saved(image.convert("CMYK"), "JPEG", quality=95), None, "Adobe's, inverted in the file")
    back = {1: None, 2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_90", 7: "TRANSVERSE", 8: "ROTATE_270"}
    for value, turn in back.items():
        turned = image.transpose(Image.Transpose[turn]) if turn else image
        p.add(f"exif{value}.jpg", saved(turned, "JPEG", quality=98, subsampling=0, exif=orientation(value)), "rgb.png", "within a few levels: stored as JPEG")
    for value in (0, 9):
        p.add(f"exif{value}.jpg", saved(image, "JPEG", quality=98, subsampling=0, exif=orientation(value)), "rgb.png", "not an orientation: upright")


def others(p: Pictures, rgb: np.ndarray):
    image = Image.fromarray(rgb)
    p.add("picture.bmp", saved(image, "BMP"), "rgb.png")
    p.add("palette.bmp", saved(image.quantize(16, dither=Image.Dither.NONE), "BMP"))
    p.add("picture.gif", saved(image.quantize(32, dither=Image.Dither.NONE), "GIF"))
    second = ImageOps.invert(image).quantize(32, dither=Image.Dither.NONE)
    p.add("animated.gif", saved(image.quantize(32, dither=Image.Dither.NONE), "GIF", save_all=True, append_images=[second], duration=100), None, "first frame")
    p.add("lossless.webp", saved(image, "WEBP", lossless=True), "rgb.png")
    p.add("lossy.webp", saved(image, "WEBP", quality=90))
    p.add("exif6.webp", saved(image.transpose(Image.Transpose.ROTATE_90), "WEBP", lossless=True, exif=orientation(6)), "rgb.png")
    p.add("animated.webp", saved(image, "WEBP", lossless=True, save_all=True, append_images=[ImageOps.invert(image)], duration=100), "rgb.png", "first frame")


if __name__ == "__main__":
    pictures = Pictures()
    pngs(pictures, colours())
    jpegs(pictures, colours())
    others(pictures, colours())
    pictures.save()
