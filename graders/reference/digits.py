"""Generated digits: a bitmap font, stretched, thickened, shifted and sprinkled with noise. Nothing is downloaded.

Made so that a small CNN learns them within a few hundred steps and a linear model does not: the random shift of up to
three pixels each way moves every stroke over pixels that belong to other digits.
"""

import numpy as np

SIDE = 28
CLASSES = 10
_MAX_SHIFT = 3
_NOISE = 0.1

_FONT = """
.###. ..#.. .###. ##### ...#. ##### ..##. ##### .###. .###.
#...# .##.. #...# ...#. ..##. #.... .#... ....# #...# #...#
#..## ..#.. ....# ..#.. .#.#. ####. #.... ...#. #...# #...#
#.#.# ..#.. ...#. ...#. #..#. ....# ####. ..#.. .###. .####
##..# ..#.. ..#.. ....# ##### ....# #...# .#... #...# ....#
#...# ..#.. .#... #...# ...#. #...# #...# .#... #...# ...#.
.###. .###. ##### .###. ...#. .###. .###. .#... .###. .##..
"""
# Ten glyphs, shape (10, 7, 5), entries 0 and 1.
_GLYPHS = np.array(
    [[[c == "#" for c in word] for word in line.split()] for line in _FONT.split("\n") if line]
)
_GLYPHS = _GLYPHS.transpose(1, 0, 2).astype(float)


def digits(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` grey images, uint8 (count, 28, 28), 0 black to 255 white, and their labels (count,).

    The ten digits occur equally often (up to one), in random order.
    """
    labels = rng.permutation(np.arange(count) % CLASSES)
    images = np.stack([_draw(_GLYPHS[label], rng) for label in labels])
    return images, labels


def _draw(glyph: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    height, width = int(rng.integers(14, 19)), int(rng.integers(9, 14))
    stretched = glyph[np.arange(height) * len(glyph) // height][:, np.arange(width) * glyph.shape[1] // width]
    down, right = rng.integers(-_MAX_SHIFT, _MAX_SHIFT + 1, size=2)
    top, left = (SIDE - height) // 2 + down, (SIDE - width) // 2 + right
    image = np.zeros((SIDE, SIDE))
    image[top : top + height, left : left + width] = stretched
    if rng.random() < 0.5:  # thicker strokes
        image[:, 1:] = np.maximum(image[:, 1:], image[:, :-1])
    image = image * rng.uniform(0.6, 1.0) + rng.normal(scale=_NOISE, size=image.shape)
    return (255 * np.clip(image, 0, 1)).astype(np.uint8)
