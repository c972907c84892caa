"""Grader of day09/image_augmentation."""

import numpy as np

from course.grading import array, assert_close, assert_equal, fail, forms, graded, require, unpack

# Of 4,000 fair coins, 1,810 to 2,190 heads: six standard deviations, missed less than once in 100 million seeds. Exactly as
# many heads in each of 8 batches of 500: once in 10 thousand million.
BATCHES, COINS, LEAST, MOST = 8, 500, 1_810, 2_190
# 320 crops at 9 equally likely places: the statistic (8 degrees of freedom) exceeds 43 in one of a million seeds, and a place
# is never drawn in fewer. Where the outer ones are half as likely as the middle ones, it stays below in one of a thousand.
CROPS, PLACES, MOST_UNEVEN = 320, (3, 3), 43


def moved(image, down, right, *, wrap=False):
    """The image moved by whole pixels, by looking up where each pixel comes from."""
    result = np.zeros_like(image)
    height, width = image.shape[:2]
    for i, j in np.ndindex(height, width):
        row, column = i - down, j - right
        if wrap or (0 <= row < height and 0 <= column < width):
            result[i, j] = image[row % height, column % width]
    return result


def turned(image, turns):
    """Counter-clockwise quarter turns: transpose the rows and columns, then reverse the rows."""
    for _ in range(turns % 4):
        image = image.swapaxes(0, 1)[::-1]
    return image


def distinct(rng, *shape):
    """An image whose entries are all different and not 0."""
    return rng.permutation(np.prod(shape)).reshape(shape) + 1.0


def new_rng(rng):
    return np.random.default_rng(int(rng.integers(2**63)))


def check_moved(submission, image, down, right, mistakes=None):
    got = submission.shift(image, down, right)
    assert_close(got, moved(image, down, right), mistakes=mistakes)
    if isinstance(got, np.ndarray):  # a list has no dtype
        require(got.dtype == image.dtype, "dtype", got=str(got.dtype), want=str(image.dtype))


def check_shift(submission, image, down, right):
    """Moves in both directions, different ones, by less than either side."""
    mistakes = {
        "wrapped": moved(image, down, right, wrap=True),
        "opposite": moved(image, -down, -right),
        "exchanged": moved(image, right, down),
        "down_reversed": moved(image, -down, right),
        "right_reversed": moved(image, down, -right),
        "edge_repeated": image[
            np.clip(np.arange(image.shape[0]) - down, 0, image.shape[0] - 1)[:, None],
            np.clip(np.arange(image.shape[1]) - right, 0, image.shape[1] - 1),
        ],
    }
    check_moved(submission, image, down, right, mistakes)


def pixels(rng, shape):
    """Images of this shape in every form, and one of bytes, as image files hold them."""
    for (image,) in forms(rng, shape):
        yield image
    yield rng.integers(256, size=shape).astype(np.uint8)


def place_of(crop, image):
    """Row and column of the crop's first pixel in an image of distinct entries; fails if it is no window of it."""
    found = np.argwhere(image == crop.flat[0])
    require(len(found), "not_a_window")
    top, left = (int(n) for n in found[0][:2])
    window = image[top : top + crop.shape[0], left : left + crop.shape[1]]
    require(window.shape == crop.shape and np.array_equal(window, crop), "not_a_window")
    return top, left


def check_flips(submission, images, labels, rng):
    """Each image comes back as it was or mirrored, labels as they were; returns which ones are mirrored."""
    got, kept = unpack(submission.random_flip(images, labels, rng), "images", "labels")
    got = array(got, images.shape)
    assert_equal(kept, labels)
    mirrored, axes = images[:, :, ::-1], tuple(range(1, images.ndim))
    same, flipped = np.all(got == images, axis=axes), np.all(got == mirrored, axis=axes)
    if not np.all(same | flipped):
        place = int(np.argmin(same | flipped))
        require(not np.array_equal(got[place], images[place, ::-1]), "upside_down")
        moved_here = [np.array_equal(got[place], image) for image in (*images, *mirrored)]
        require(not any(moved_here), "order")
        fail("not_a_mirror", place=place)
    return flipped


@graded(points=2)
def test_shift(submission, rng):
    check_shift(submission, distinct(rng, 5, 7), 2, 1)
    for down, right in ((1, -3), (-2, 3), (-1, -2)):
        check_shift(submission, distinct(rng, 5, 6), down, right)
    for shape, down, right in (((4, 9), 0, 8), ((6, 5), -5, 0), ((3, 3), 0, 0)):
        check_moved(submission, distinct(rng, *shape), down, right)
    for shape, down, right in (((3, 4), 1, -2), ((1, 5), 0, 2), ((4, 1), -1, 0)):
        for image in pixels(rng, shape):
            check_moved(submission, image, down, right)


@graded(points=1)
def test_rotate(submission, rng):
    image = distinct(rng, 4, 6)
    mistakes = {
        "clockwise": turned(image, 3),
        "transposed": image.T,
        "mirrored": image[:, ::-1],
        "upside_down": image[::-1],
        "not_turned": image,
    }
    assert_close(submission.rotate(image, 1), turned(image, 1), mistakes=mistakes)
    assert_close(submission.rotate(image, 2), turned(image, 2), mistakes={"one_turn": turned(image, 1)})
    for turns in (3, 0, -1, 5):
        assert_close(submission.rotate(image, turns), turned(image, turns))
    for shape, turns in (((3, 4), 1), ((1, 5), -2), ((4, 1), 7)):
        for image in pixels(rng, shape):
            assert_close(submission.rotate(image, turns), turned(image, turns))


@graded(points=1, after=["shift", "rotate"])
def test_channels(submission, rng):
    image = distinct(rng, 4, 5, 3)
    check_moved(submission, image, 1, -2)
    mistakes = {"colours_turned": np.rot90(image, axes=(1, 2))}
    assert_close(submission.rotate(image, 1), turned(image, 1), mistakes=mistakes)
    for turns in (2, 3):
        assert_close(submission.rotate(image, turns), turned(image, turns))


@graded(points=2)
def test_crop(submission, rng):
    image = distinct(rng, 5, 7)
    places = {
        image[top : top + 3, left : left + 5].tobytes(): (top, left) for top, left in np.ndindex(PLACES)
    }
    counts = np.zeros(PLACES, dtype=int)
    for _ in range(CROPS):
        crop = array(submission.random_crop(image, 3, 5, new_rng(rng)), (3, 5)).tobytes()
        require(crop in places, "not_a_window")
        counts[places[crop]] += 1
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    require(np.count_nonzero(counts) > 1, "always_the_same")
    require(rows[-1] and columns[-1], "last_place")
    require(counts.all(), "places", count=np.count_nonzero(counts))
    due = CROPS / counts.size
    uneven = float(np.sum((counts - due) ** 2 / due))
    require(uneven < MOST_UNEVEN, "unequal", total=CROPS, rows=rows.tolist(), columns=columns.tolist())
    assert_close(submission.random_crop(image, 5, 7, new_rng(rng)), image)
    for shape, height, width in (
        ((3, 4), 1, 1),
        ((1, 5), 1, 3),
        ((4, 1), 2, 1),
        ((5, 4, 3), 2, 3),
        ((3, 2, 1), 2, 2),
    ):
        image = distinct(rng, *shape)
        crop = array(submission.random_crop(image, height, width, new_rng(rng)), (height, width, *shape[2:]))
        place_of(crop, image)
    for image in pixels(rng, (3, 4)):
        assert_close(submission.random_crop(image, 3, 4, new_rng(rng)), image)


@graded(points=2)
def test_flip(submission, rng):
    chosen = np.zeros((BATCHES, COINS), dtype=bool)
    for batch in range(BATCHES):
        images, labels = distinct(rng, COINS, 2, 3), rng.integers(10, size=COINS)
        chosen[batch] = check_flips(submission, images, labels, new_rng(rng))
    counts = chosen.sum(axis=1).tolist()
    count, total = sum(counts), BATCHES * COINS
    require(0 < counts[0] < COINS, "all_or_none", count=counts[0], total=COINS)
    require(np.any(chosen != chosen[0]), "always_the_same", batches=BATCHES)
    require(LEAST <= count <= MOST, "half", count=count, total=total)
    require(len(set(counts)) > 1, "always_as_many", count=counts[0], total=COINS, batches=BATCHES)
    for shape in ((4, 3, 2), (1, 2, 3), (3, 1, 4), (3, 2, 1)):
        for images, labels in zip(pixels(rng, shape), pixels(rng, shape[:1]), strict=True):
            check_flips(submission, images, labels, new_rng(rng))


@graded(points=1, after=["crop", "flip"])
def test_seed(submission, rng):
    image, images, labels = distinct(rng, 60, 70), distinct(rng, 64, 3, 4), rng.integers(10, size=64)
    seeds = [int(seed) for seed in rng.integers(2**32, size=3)]
    # By chance: 3,111 places, so three equal crops in one of 9 million seeds; 64 coins, never.
    crops = [
        submission.random_crop(image, 10, 10, np.random.default_rng(seed)) for seed in (*seeds, seeds[0])
    ]
    places = [tuple(array(crop, (10, 10)).ravel()) for crop in crops]
    require(places[0] == places[-1], "crop_not_repeated")
    require(len(set(places)) > 1, "crop_same")
    flips = []
    for seed in (*seeds, seeds[0]):
        got = submission.random_flip(images, labels, np.random.default_rng(seed))
        flipped, _ = unpack(got, "images", "labels")
        flips.append(array(flipped, images.shape))
    require(np.array_equal(flips[0], flips[-1]), "flip_not_repeated")
    require(not np.array_equal(flips[0], flips[1]), "flip_same")


@graded(points=1, hidden=True, after=["channels", "seed"])
def test_colour(submission, rng):
    for shape in ((7, 4, 2), (3, 8, 1), (6, 6)):
        image = distinct(rng, *shape)
        down, right, turns = (int(n) for n in rng.integers([-2, -2, -6], [3, 3, 7]))
        assert_close(submission.shift(image, down, right), moved(image, down, right))
        assert_close(submission.rotate(image, turns), turned(image, turns))
    images, labels = distinct(rng, COINS, 3, 4, 3), rng.permutation(COINS)
    flipped, kept = unpack(submission.random_flip(images, labels, new_rng(rng)), "images", "labels")
    assert_equal(kept, labels)
    chosen = np.all(array(flipped, images.shape) == images[:, :, ::-1], axis=(1, 2, 3))
    assert_close(flipped, np.where(chosen[:, None, None, None], images[:, :, ::-1], images))
