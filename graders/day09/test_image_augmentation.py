"""Grader of day09/image_augmentation."""

import numpy as np

from course.grading import array, assert_close, assert_equal, fail, graded, require, unchanged, unpack

# Of 400 fair coins, 140 to 260 heads: six standard deviations, missed less than once in 100 million seeds.
COINS, LEAST, MOST = 400, 140, 260
# 80 crops at 6 equally likely places: one of these is never drawn in one of 360,000 seeds.
CROPS = 80


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
    return np.random.default_rng(int(rng.integers(2**32)))


def check_shift(submission, image, down, right):
    mistakes = {
        "wrapped": moved(image, down, right, wrap=True),
        "opposite": moved(image, -down, -right),
        "exchanged": moved(image, right, down) if max(abs(down), abs(right)) < min(image.shape[:2]) else None,
        "down_reversed": moved(image, -down, right),
        "right_reversed": moved(image, down, -right),
        "edge_repeated": image[
            np.clip(np.arange(image.shape[0]) - down, 0, image.shape[0] - 1)[:, None],
            np.clip(np.arange(image.shape[1]) - right, 0, image.shape[1] - 1),
        ],
    }
    mistakes = {key: value for key, value in mistakes.items() if value is not None}
    assert_close(
        unchanged(submission.shift, image, down, right), moved(image, down, right), mistakes=mistakes
    )


def check_rotate(submission, image, turns):
    mistakes = {
        "clockwise": turned(image, -turns),
        "transposed": image.swapaxes(0, 1),
        "one_turn": turned(image, 1),
        "mirrored": image[:, ::-1],
        "upside_down": image[::-1],
        "not_turned": image,
    }
    assert_close(unchanged(submission.rotate, image, turns), turned(image, turns), mistakes=mistakes)


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
    got, kept = unpack(unchanged(submission.random_flip, images, labels, rng), "images", "labels")
    got = array(got, images.shape)
    assert_equal(kept, labels)
    whole, mirrored = images, images[:, :, ::-1]
    axes = tuple(range(1, images.ndim))
    same, flipped = np.all(got == whole, axis=axes), np.all(got == mirrored, axis=axes)
    if not np.all(same | flipped):
        place = int(np.argmin(same | flipped))
        require(not np.any(np.all(got == images[:, ::-1], axis=axes)), "upside_down")
        require(not np.isin(got[place, 0, 0], images[np.arange(len(images)) != place]).any(), "order")
        fail("not_a_mirror", place=place)
    return flipped


@graded(points=2)
def test_shift(submission, rng):
    check_shift(submission, distinct(rng, 5, 7), 2, 1)
    for down, right in ((1, -3), (-2, 3), (-1, -2)):
        check_shift(submission, distinct(rng, 5, 6), down, right)
    check_shift(submission, distinct(rng, 4, 9), 0, 8)
    check_shift(submission, distinct(rng, 6, 5), -5, 0)


@graded(points=1)
def test_rotate(submission, rng):
    for turns in (1, 2, 3, 0):
        check_rotate(submission, distinct(rng, 4, 6), turns)
    for turns in (-1, 5):
        check_rotate(submission, distinct(rng, 5, 3), turns)


@graded(points=1, after=["shift", "rotate"])
def test_channels(submission, rng):
    image = distinct(rng, 4, 5, 3)
    assert_close(submission.shift(image, 1, -2), moved(image, 1, -2))
    for turns in (1, 2):
        axes_wrong = np.rot90(image, turns, axes=(1, 2))
        assert_close(
            submission.rotate(image, turns), turned(image, turns), mistakes={"colours_turned": axes_wrong}
        )


@graded(points=2)
def test_crop(submission, rng):
    image = distinct(rng, 5, 7)
    places = set()
    unchanged(submission.random_crop, image, 4, 5, new_rng(rng))
    for _ in range(CROPS):
        crop = array(submission.random_crop(image, 4, 5, new_rng(rng)), (4, 5))
        places.add(place_of(crop, image))
    require(len(places) > 1, "always_the_same")
    require(max(top for top, _ in places) == 1 and max(left for _, left in places) == 2, "last_place")
    require(len(places) == 6, "places", count=len(places))
    whole = submission.random_crop(image, 5, 7, new_rng(rng))
    assert_close(whole, image)
    coloured = distinct(rng, 5, 4, 3)
    place_of(array(submission.random_crop(coloured, 2, 3, new_rng(rng)), (2, 3, 3)), coloured)


@graded(points=2)
def test_flip(submission, rng):
    images, labels = distinct(rng, COINS, 2, 3), rng.integers(10, size=COINS)
    flipped = check_flips(submission, images, labels, new_rng(rng))
    count = int(flipped.sum())
    require(0 < count < COINS, "all_or_none", count=count)
    require(LEAST <= count <= MOST, "half", count=count, total=COINS)


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
    count = int(chosen.sum())
    require(LEAST <= count <= MOST, "half", count=count, total=COINS)
