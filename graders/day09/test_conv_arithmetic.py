"""Grader of day09/conv_arithmetic."""

from course.grading import assert_equal, assert_raises, graded


def positions(size, kernel, stride=1, padding=0):
    """Output size, by counting the places where the window's first row can stand."""
    return len(range(-padding, size + padding - kernel + 1, stride))


def seen(layers):
    """Receptive field, from the last layer back: n values of a layer are made from (n - 1)·stride + kernel."""
    field = 1
    for kernel, stride in reversed(layers):
        field = (field - 1) * stride + kernel
    return field


def draw(rng, low, high):
    return int(rng.integers(low, high + 1))


def check_output_size(submission, rng, stride):
    """The padding is two strides or more and a small part of a stride is left over: each mistake has its own value."""
    padding, kernel = draw(rng, 2 * stride, 3 * stride - 1), draw(rng, 2, 6)
    span = stride * draw(rng, 12, 17) + draw(rng, 1, max(1, stride - 2))
    size = span + kernel - 2 * padding
    mistakes = {
        "padding_once": (size + padding - kernel) // stride + 1,
        "no_padding": (size - kernel) // stride + 1,
        "no_stride": span + 1,
        "no_plus_one": span // stride,
        "not_floored": span / stride + 1,
        "rounded_up": -(-span // stride) + 1,
    }
    got = submission.output_size(size, kernel, stride, padding)
    assert_equal(got, positions(size, kernel, stride, padding), mistakes=mistakes)


def check_words(submission, rng, stride):
    """A part of a stride is left over and the kernel is larger than a stride and that part."""
    left_over = draw(rng, 1, stride - 1)
    size, kernel = stride * draw(rng, 5, 9) + left_over, left_over + stride + draw(rng, 1, 3)
    same, valid = -(-size // stride), positions(size, kernel, stride)
    mistakes = {"same_floor": size // stride, "same_size": size, "same_as_valid": valid}
    assert_equal(submission.output_size(size, kernel, stride, "same"), same, mistakes=mistakes)
    assert_equal(
        submission.output_size(size, kernel, stride, "valid"), valid, mistakes={"valid_is_same": same}
    )


def check_parameters(submission, kernel, in_channels, filters):
    """More filters than channels, more channels than the kernel's side."""
    weights = kernel * kernel * in_channels * filters
    mistakes = {
        "no_bias": weights,
        "one_bias": weights + 1,
        "no_channels": (kernel * kernel + 1) * filters,
        "bias_per_channel": weights + in_channels * filters,
        "bias_per_input": weights + in_channels,
        "side_only": (kernel * in_channels + 1) * filters,
    }
    got = submission.parameter_count(kernel, in_channels, filters)
    assert_equal(got, weights + filters, mistakes=mistakes)


def check_multiplications(submission, rng, stride, padding):
    """Fewer channels than the kernel's side, more filters; the width is less than twice the height."""
    kernel, in_channels, filters = 2 * padding + draw(rng, 2, 4), draw(rng, 2, 3), draw(rng, 9, 14)
    height = draw(rng, 24, 32)
    width = height + draw(rng, 5, 9)
    rows, columns = positions(height, kernel, stride, padding), positions(width, kernel, stride, padding)
    per_place = kernel * kernel * in_channels * filters
    mistakes = {
        "input_size": height * width * per_place,
        "one_side": rows * rows * per_place,
        "no_channels": rows * columns * kernel * kernel * filters,
        "no_filters": rows * columns * kernel * kernel * in_channels,
        "side_only": rows * columns * kernel * in_channels * filters,
        "biases": rows * columns * (kernel * kernel * in_channels + 1) * filters,
        "per_place": per_place,
        "no_stride": positions(height, kernel, 1, padding) * positions(width, kernel, 1, padding) * per_place,
        "no_padding": positions(height, kernel, stride) * positions(width, kernel, stride) * per_place,
    }
    got = submission.multiply_count(height, width, kernel, in_channels, filters, stride, padding)
    assert_equal(got, rows * columns * per_place, mistakes=mistakes)


def check_receptive_field(submission, layers):
    """Strides above 1 in front, a first kernel above 3, the largest at the end: the keys have different values."""
    step_first, step, wide = 1, 1, 1
    for kernel, stride in layers:
        step *= stride
        step_first += (kernel - 1) * step
        wide += kernel * step // stride
    mistakes = {
        "reversed": seen(layers[::-1]),
        "no_strides": seen([(kernel, 1) for kernel, _ in layers]),
        "step_first": step_first,
        "kernels_added": sum(kernel for kernel, _ in layers),
        "kernel_whole": wide,
    }
    assert_equal(submission.receptive_field(layers), seen(layers), mistakes=mistakes)


@graded(points=2)
def test_output_size(submission, rng):
    for stride in (2, 3, 4):
        check_output_size(submission, rng, stride)
    assert_equal(submission.output_size(5, 3), 3)
    assert_equal(submission.output_size(5, 3, 1, 1), 5)
    for padding in (0, draw(rng, 1, 3)):
        for stride in (1, 2, 3, 4):
            for left_over in {0, stride - 1}:
                kernel, steps = draw(rng, 2, 6), draw(rng, 5, 10)
                size = kernel + stride * steps + left_over - 2 * padding
                assert_equal(submission.output_size(size, kernel, stride, padding), steps + 1)
    # One pixel, a kernel of one pixel, a stride beyond the edge.
    size, stride = draw(rng, 6, 9), draw(rng, 2, 4)
    assert_equal(submission.output_size(1, 3, 1, 2), 3)
    assert_equal(submission.output_size(size, 1), size)
    assert_equal(submission.output_size(size, 1, stride, 1), positions(size, 1, stride, 1))
    assert_equal(submission.output_size(size, 3, 10), 1)


@graded(points=1, after=["output_size"])
def test_words(submission, rng):
    for stride in (2, 3, 5):
        check_words(submission, rng, stride)
    for stride in (1, 2, 3):
        for left_over in range(stride):
            # An even number of steps and an odd one: Python's round() goes to the even one.
            for steps in (2 * draw(rng, 3, 5), 2 * draw(rng, 3, 5) + 1):
                size, kernel = stride * steps + left_over, draw(rng, 1, 5)
                same = steps + (left_over > 0)
                assert_equal(submission.output_size(size, kernel, stride, "same"), same)
                valid = positions(size, kernel, stride)
                assert_equal(submission.output_size(size, kernel, stride, "valid"), valid)
    assert_equal(submission.output_size(2, draw(rng, 3, 9), 1, "same"), 2)
    assert_equal(submission.output_size(1, draw(rng, 2, 9), 3, "same"), 1)


@graded(points=1, after=["output_size"])
def test_too_small(submission, rng):
    kernel = draw(rng, 4, 7)
    assert_equal(submission.output_size(kernel, kernel, 2), 1)
    assert_equal(submission.output_size(1, 1), 1)
    assert_equal(submission.output_size(kernel - 2, kernel, 1, 1), 1)
    assert_equal(submission.output_size(kernel, kernel, 3, "valid"), 1)
    assert_raises(ValueError, submission.output_size, kernel - 1, kernel)
    assert_raises(ValueError, submission.output_size, kernel - 3, kernel, 1, 1)
    assert_raises(ValueError, submission.output_size, kernel - 2, kernel, 3, "valid")


@graded(points=1)
def test_parameters(submission, rng):
    for kernel in (3, 5):
        check_parameters(submission, kernel, kernel + draw(rng, 1, 4), draw(rng, 10, 40))
    for kernel, in_channels, filters in (
        (1, draw(rng, 2, 20), draw(rng, 2, 9)),
        (draw(rng, 2, 7), 1, draw(rng, 2, 9)),
        (draw(rng, 2, 7), draw(rng, 2, 20), 1),
        (1, 1, 1),
    ):
        want = kernel**2 * in_channels * filters + filters
        assert_equal(submission.parameter_count(kernel, in_channels, filters), want)
    assert_equal(submission.parameter_count(3, 1, 8), 80)


@graded(points=1, after=["output_size"])
def test_multiplications(submission, rng):
    for stride, padding in ((2, 1), (3, 2)):
        check_multiplications(submission, rng, stride, padding)
    assert_equal(submission.multiply_count(28, 28, 3, 1, 8), 48_672)
    height, width, kernel, channels, filters = (draw(rng, low, low + 3) for low in (12, 17, 2, 2, 6))
    for sizes, padding in (
        ((height, width, kernel, channels, filters), 0),
        ((1, width, kernel, channels, filters), kernel),
        ((height, 1, kernel, channels, filters), kernel),
        ((height, width, 1, channels, filters), 0),
        ((height, width, kernel, 1, filters), 1),
        ((height, width, kernel, channels, 1), 1),
    ):
        places = [positions(side, sizes[2], 1, padding) for side in sizes[:2]]
        want = places[0] * places[1] * sizes[2] ** 2 * sizes[3] * sizes[4]
        assert_equal(submission.multiply_count(*sizes, 1, padding), want)
    kernel += 2  # larger than the stride of 3, so that "same" and "valid" differ
    one = kernel**2 * channels * filters
    got = submission.multiply_count(height, width, kernel, channels, filters, 3, "same")
    assert_equal(got, -(-height // 3) * -(-width // 3) * one)
    got = submission.multiply_count(height, width, kernel, channels, filters, 2, "valid")
    assert_equal(got, positions(height, kernel, 2) * positions(width, kernel, 2) * one)


@graded(points=2)
def test_receptive_field(submission, rng):
    for _ in range(4):
        first, last = (draw(rng, 4, 5), draw(rng, 2, 3)), (draw(rng, 6, 8), 1)
        check_receptive_field(submission, [first, (2, 2), last])
    assert_equal(submission.receptive_field([]), 1)
    assert_equal(submission.receptive_field([(3, 1), (3, 1)]), 5)
    assert_equal(submission.receptive_field([(3, 1), (2, 2), (3, 1)]), 8)
    kernel, stride = draw(rng, 2, 7), draw(rng, 2, 4)
    for layers in ([(kernel, stride)], [(1, stride), (kernel, 1)], [(kernel, stride)] * 3, [(1, 1)] * 2):
        assert_equal(submission.receptive_field(layers), seen(layers))


@graded(points=2, hidden=True, after=["output_size", "parameters", "multiplications", "receptive_field"])
def test_networks(submission, rng):
    assert_equal(submission.output_size(227, 11, 4), 55)
    assert_equal(submission.output_size(224, 7, 2, 3), 112)
    assert_equal(submission.multiply_count(227, 227, 11, 3, 96, 4), 105_415_200)
    assert_equal(submission.multiply_count(14, 30, 3, 2, 5, 1, "same"), 37_800)
    size, channels, layers = draw(rng, 130, 200), 3, []
    for _ in range(5):
        kernel, stride, padding, filters = draw(rng, 2, 5), draw(rng, 1, 2), draw(rng, 0, 2), draw(rng, 4, 64)
        after, places = positions(size, kernel, stride, padding), positions(size + 9, kernel, stride, padding)
        weights = kernel * kernel * channels * filters
        assert_equal(submission.output_size(size, kernel, stride, padding), after)
        assert_equal(submission.parameter_count(kernel, channels, filters), weights + filters)
        got = submission.multiply_count(size, size + 9, kernel, channels, filters, stride, padding)
        assert_equal(got, after * places * weights)
        layers.append((kernel, stride))
        assert_equal(submission.receptive_field(layers), seen(layers))
        size, channels = after, filters
