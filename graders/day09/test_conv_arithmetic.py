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


def check_output_size(submission, size, kernel, stride, padding):
    span = size + 2 * padding - kernel
    mistakes = {
        "padding_once": (size + padding - kernel) // stride + 1,
        "no_padding": (size - kernel) // stride + 1,
        "no_stride": span + 1,
        "no_plus_one": span // stride,
        "not_floored": span / stride + 1,
        "rounded_up": -(-span // stride) + 1,
        "plus_one_first": (span + 1) // stride,
    }
    got = submission.output_size(size, kernel, stride, padding)
    assert_equal(got, positions(size, kernel, stride, padding), mistakes=mistakes)


def check_parameters(submission, kernel, in_channels, filters):
    weights = kernel * kernel * in_channels * filters
    mistakes = {
        "no_bias": weights,
        "one_bias": weights + 1,
        "no_channels": (kernel * kernel + 1) * filters,
        "bias_per_channel": weights + in_channels * filters,
        "bias_per_input": weights + in_channels,
        "side_only": (kernel * in_channels + 1) * filters,
    }
    assert_equal(
        submission.parameter_count(kernel, in_channels, filters), weights + filters, mistakes=mistakes
    )


def check_multiplications(submission, height, width, kernel, in_channels, filters, stride, padding):
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
    assert_equal(submission.output_size(5, 3), 3, mistakes={"no_plus_one": 2})
    check_output_size(submission, 5, 3, 1, 1)
    for padding in (0, draw(rng, 1, 3)):
        for stride in (1, 2, 3, 4):
            for left_over in {0, stride - 1}:
                kernel = draw(rng, 2, 6)
                size = kernel + stride * draw(rng, 5, 10) + left_over - 2 * padding
                check_output_size(submission, size, kernel, stride, padding)


@graded(points=1, after=["output_size"])
def test_words(submission, rng):
    for stride in (1, 2, 3):
        for left_over in range(stride):
            kernel = draw(rng, 2, 5)
            size = stride * draw(rng, 5, 9) + left_over
            same = -(-size // stride)
            mistakes = {
                "same_floor": size // stride,
                "same_size": size,
                "same_as_valid": positions(size, kernel, stride),
            }
            assert_equal(submission.output_size(size, kernel, stride, "same"), same, mistakes=mistakes)
            valid = positions(size, kernel, stride)
            assert_equal(
                submission.output_size(size, kernel, stride, "valid"), valid, mistakes={"valid_is_same": same}
            )
    assert_equal(submission.output_size(2, 5, 1, "same"), 2)


@graded(points=1, after=["output_size"])
def test_too_small(submission, rng):
    kernel = draw(rng, 4, 7)
    assert_equal(submission.output_size(kernel, kernel, 2), 1)
    assert_equal(submission.output_size(kernel - 2, kernel, 1, 1), 1)
    assert_raises(ValueError, submission.output_size, kernel - 1, kernel)
    assert_raises(ValueError, submission.output_size, kernel - 3, kernel, 1, 1)
    assert_raises(ValueError, submission.output_size, kernel - 2, kernel, 3, "valid")


@graded(points=1)
def test_parameters(submission, rng):
    check_parameters(submission, 3, 1, 8)
    for kernel in (3, 5):
        check_parameters(submission, kernel, draw(rng, 2, 9), draw(rng, 10, 40))
    assert_equal(submission.parameter_count(1, 16, 4), 68)


@graded(points=1, after=["output_size"])
def test_multiplications(submission, rng):
    check_multiplications(submission, 28, 28, 3, 1, 8, 1, 0)
    assert_equal(submission.multiply_count(28, 28, 3, 1, 8), 48_672)
    for stride, padding in ((1, 0), (2, 1), (3, 2)):
        height = draw(rng, 12, 20)
        sizes = (
            height,
            height + draw(rng, 5, 9),
            2 * padding + draw(rng, 2, 4),
            draw(rng, 2, 5),
            draw(rng, 6, 9),
        )
        check_multiplications(submission, *sizes, stride, padding)


@graded(points=2)
def test_receptive_field(submission, rng):
    assert_equal(submission.receptive_field([]), 1)
    check_receptive_field(submission, [(3, 1), (3, 1)])
    check_receptive_field(submission, [(3, 1), (2, 2), (3, 1)])
    for _ in range(4):
        first, last = (draw(rng, 3, 5), draw(rng, 2, 3)), (draw(rng, 6, 8), 1)
        check_receptive_field(submission, [first, (2, 2), last])


@graded(points=2, hidden=True, after=["output_size", "parameters", "multiplications", "receptive_field"])
def test_networks(submission, rng):
    assert_equal(submission.output_size(227, 11, 4), 55)
    assert_equal(submission.output_size(224, 7, 2, 3), 112)
    assert_equal(submission.multiply_count(227, 227, 11, 3, 96, 4), 105_415_200)
    assert_equal(submission.multiply_count(14, 30, 3, 2, 5, 1, "same"), 37_800)
    size, channels, layers = draw(rng, 90, 130), 3, []
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
