"""The perceptual hash of a picture: what is kept of it besides its kind and size."""

from __future__ import annotations

import io
import warnings

_SIDE = 12_000  # px; larger pictures are not opened
_PIXELS = 50_000_000


def perceptual_hash(content: bytes) -> bytes | None:
    """Return 8 bytes that near-identical pictures share; None for what cannot be read safely."""
    import imagehash
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(
                io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF", "BMP")
            ) as image:
                width, height = image.size
                if width * height > _PIXELS or max(width, height) > _SIDE:
                    return None
                image.draft("L", (256, 256))
                small = image.convert("L")
                small.thumbnail((256, 256))
                return bytes.fromhex(str(imagehash.phash(small)))
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        EOFError,
        MemoryError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return None
