"""What a mutation puts in place of what: operators, functions, words of Keras."""

ARITHMETIC = {
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    "//": "/",
    "%": "//",
    "**": "*",
    "&": "|",
    "|": "&",
    "^": "&",
}

COMPARISONS = {
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "==": ("!=",),
    "!=": ("==",),
    "is": ("is not",),
    "is not": ("is",),
    "in": ("not in",),
    "not in": ("in",),
}


def _both_ways(pairs: dict[str, str]) -> dict[str, str]:
    return {new: old for old, new in pairs.items()} | pairs


FUNCTIONS = _both_ways(
    {
        "max": "min",
        "amax": "amin",
        "nanmax": "nanmin",
        "maximum": "minimum",
        "argmax": "argmin",
        "mean": "sum",
        "any": "all",
        "floor": "ceil",
        "zeros": "ones",
        "zeros_like": "ones_like",
        "cumsum": "cumprod",
        "std": "var",
        "log": "log2",
        "sin": "cos",
        "vstack": "hstack",
        "triu": "tril",
        "logical_and": "logical_or",
        "greater": "less",
        "greater_equal": "less_equal",
        "add": "subtract",
        "multiply": "divide",
        "reduce_mean": "reduce_sum",
        "reduce_max": "reduce_min",
        "LSTM": "GRU",
        "MaxPooling2D": "AveragePooling2D",
        "Adam": "SGD",
        "binary_crossentropy": "mean_squared_error",
    }
) | {
    "exp": "expm1",
    "log10": "log",
    "log1p": "log",
    "prod": "sum",
    "median": "mean",
    "round": "floor",
    "rint": "floor",
    "SimpleRNN": "LSTM",
    "RMSprop": "SGD",
    "Flatten": "GlobalAveragePooling2D",
    "BinaryCrossentropy": "MeanSquaredError",
    "CategoricalCrossentropy": "MeanSquaredError",
    "SparseCategoricalCrossentropy": "MeanSquaredError",
}
# Methods of lists, sets and models have these names too.
ALSO_METHODS = frozenset({"add", "subtract", "multiply", "divide", "greater", "less", "log", "round"})
SQUASHING = frozenset({"tanh", "sigmoid"})
# Python's own functions, which have no mean or floor beside them.
BUILTINS = {
    "max": "min",
    "min": "max",
    "any": "all",
    "all": "any",
    "sum": "max",
    "sorted": "list",
    "reversed": "list",
}

# Calls replaced by their argument.
UNWRAPPED = frozenset(
    {"sqrt", "abs", "absolute", "fabs", "square", "sign", "transpose", "copy", "flip", "exp2"}
)

# Calls whose first two arguments, or those at the places given, are no commutative pair.
SWAPPED = dict.fromkeys(
    [
        "subtract",
        "divide",
        "true_divide",
        "floor_divide",
        "mod",
        "remainder",
        "power",
        "pow",
        "matmul",
        "dot",
        "outer",
        "arctan2",
        "setdiff1d",
        "isin",
        "solve",
        "divmod",
        "repeat",
        "tile",
        "interp",
        "less",
        "greater",
    ],
    (0, 1),
) | {"where": (1, 2), "clip": (1, 2), "cond": (1, 2)}

JOINED = frozenset(
    {"concatenate", "concat", "hstack", "vstack", "stack", "column_stack", "r_", "c_", "append"}
)

# Reductions take the axis as their second argument; the others name it.
REDUCTIONS = frozenset(
    {
        "sum",
        "mean",
        "max",
        "min",
        "argmax",
        "argmin",
        "std",
        "var",
        "any",
        "all",
        "prod",
        "cumsum",
        "median",
        "norm",
    }
)
AXIS_KEYWORDS = frozenset({"axis", "axes"})

# Keywords that change speed, words on the screen or the draw of chance, not what is asked for.
QUIET_KEYWORDS = frozenset(
    {
        "category",
        "copy",
        "encoding",
        "file",
        "flush",
        "jit_compile",
        "max_queue_size",
        "n_jobs",
        "name",
        "out",
        "run_eagerly",
        "stacklevel",
        "steps_per_execution",
        "strict",
        "use_multiprocessing",
        "verbose",
        "workers",
    }
)
# Quiet where their value is a constant: a seed that was passed on must arrive.
SEED_KEYWORDS = frozenset({"seed", "random_state"})
# Where float is the default, or where a float comes of the arithmetic anyway.
FLOAT_BY_DEFAULT = frozenset({"zeros", "ones", "empty", "array", "asarray", "eye", "linspace"})

STRINGS = {
    "relu": "linear",
    "leaky_relu": "linear",
    "tanh": "sigmoid",
    "sigmoid": "tanh",
    "softmax": "sigmoid",
    "linear": "relu",
    "adam": "sgd",
    "sgd": "adam",
    "rmsprop": "sgd",
    "mse": "mae",
    "mae": "mse",
    "mean_squared_error": "mean_absolute_error",
    "mean_absolute_error": "mean_squared_error",
    "binary_crossentropy": "mse",
    "categorical_crossentropy": "mse",
    "sparse_categorical_crossentropy": "mse",
    "accuracy": "mse",
    "same": "valid",
    "valid": "same",
    "val_loss": "loss",
    "loss": "val_loss",
    "val_accuracy": "accuracy",
    "min": "max",
    "max": "min",
    "mean": "sum",
    "sum": "mean",
    "float64": "float32",
    "float32": "int32",
    "int32": "float32",
    "int64": "float32",
    "constant": "edge",
    "reflect": "edge",
    "edge": "reflect",
    "channels_last": "channels_first",
}
LINEAR_INSTEAD = frozenset(old for old, new in STRINGS.items() if new == "linear")
