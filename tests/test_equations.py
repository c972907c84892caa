"""Equations as Unicode text: what a learner reads in the terminal."""

import random

import pytest
from rich.cells import cell_len

from course.markup.equations import equation_lines, unicode_math, unlowered_symbols


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("x_{t-1}", "xₜ₋₁"),
        ("W_f", "W_f"),
        ("W_{hx}", "Wₕₓ"),
        ("W_{xf}x_t", "W_xf xₜ"),
        ("x_{i,j}", "x_(i,j)"),
        ("x_{max}", "x_max"),
        ("SS_{res}", "SS_res"),
        ("x^2", "x²"),
        ("w^T x", "wᵀ x"),
        (r"W^\top", "Wᵀ"),
        ("x^{T-1}", "x^(T-1)"),
        ("x^{n-1}", "xⁿ⁻¹"),
        ("10^{-12}", "10⁻¹²"),
        ("x^{(i)}", "x⁽ⁱ⁾"),
        ("e^{-x}", "e⁻ˣ"),
        ("e^{z_i}", "e^(zᵢ)"),
        (r"h_t^{(l)}", "hₜ⁽ˡ⁾"),
        (r"\sigma'(z)", "σ′(z)"),
        ("{a+b}^2", "(a + b)²"),
        (r"\pi^*", "π*"),
        (r"\frac{a}{b}", "a/b"),
        (r"\frac{a+b}{c}", "(a + b) / c"),
        (r"\frac{1}{2\sigma^2}", "1/(2σ²)"),
        (r"\frac{1}{1+e^{-x}}", "1 / (1 + e⁻ˣ)"),
        (r"\frac{\partial L}{\partial w_{ij}}", "∂L/∂wᵢⱼ"),
        (r"\frac{1}{n}\sum_i x_i", "(1/n) ∑ᵢ xᵢ"),
        (r"-\frac{1}{n}", "-1/n"),
        (r"\ln\frac{a}{b}", "ln(a/b)"),
        (r"\tfrac12 x", "(1/2) x"),
        (r"\left(\frac{a}{b}\right)^2", "(a/b)²"),
        (r"\frac{2}{\lVert w \rVert}", "2/‖w‖"),
        (r"\frac{\sigma(x)}{\sigma(y)}", "σ(x)/σ(y)"),
        (r"\sqrt{x}", "√x"),
        (r"\frac{g}{\sqrt{s+\epsilon}}", "g / √(s + ε)"),
        (r"\text{binary: } -\,y", "binary: -y"),
        (r"\;w' = w", "w′ = w"),
        (r"\sqrt{x+1}", "√(x + 1)"),
        (r"\sqrt[3]{x}", "∛x"),
        (r"\hat{y}", "ŷ"),
        (r"\tilde{C}_t", "C\u0303ₜ"),
        (r"\bar x", "x\u0304"),
        (r"\alpha\beta\Omega", "αβΩ"),
        (r"C_t = f_t \odot C_{t-1}", "Cₜ = fₜ ⊙ Cₜ₋₁"),
        (r"f_t=\sigma(W_f\cdot[h_{t-1},x_t]+b_f)", "fₜ = σ(W_f · [hₜ₋₁, xₜ] + b_f)"),
        (r"\sum_{i=1}^{n} x_i", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"\prod_{k=2}^{T} w", "∏ₖ₌₂ᵀ w"),
        (r"\nabla_\theta J(\theta)", "∇_θ J(θ)"),
        (r"x \in \mathbb{R}^{n\times d}", "x ∈ ℝ^(n×d)"),
        (r"a \le b \ge c \ne d \approx e", "a ≤ b ≥ c ≠ d ≈ e"),
        (r"n \to \infty", "n → ∞"),
        (r"\text{if } x>0", "if x > 0"),
        (r"\text{참일 때} x", "참일 때 x"),
        (r"\mathrm{ReLU}(x)", "ReLU(x)"),
        (r"\operatorname{softmax}(z)_i", "softmax(z)ᵢ"),
        (r"\operatorname*{arg\,max}_a Q(s,a)", "arg maxₐ Q(s, a)"),
        (r"y\log\hat y", "y log ŷ"),
        (r"\max(0, 1-x)", "max(0, 1 - x)"),
        (r"\gamma \max_{a'} Q(s',a')", "γ max_(a′) Q(s′, a′)"),
        (r"\tanh^2 x", "tanh² x"),
        (r"\lVert x \rVert_2 = |x|", "‖x‖₂ = |x|"),
        (r"P(y \mid x)", "P(y | x)"),
        (r"P(y | x)", "P(y | x)"),
        (r"\left\lfloor \frac{n-k}{s} \right\rfloor + 1", "⌊(n - k) / s⌋ + 1"),
        (r"\lceil x \rceil", "⌈x⌉"),
        (r"y \in \{-1,+1\}", "y ∈ {-1, +1}"),
        (r"a\,b \quad c \; d", "a b   c d"),
        ("a\\cdot -b", "a · -b"),
        ("1{,}000 + 2,000", "1,000 + 2,000"),
        (r"\eta < \frac{2}{a}.", "η < 2/a."),
        (r"0.5 \cdot 2", "0.5 · 2"),
        (r"50\%", "50%"),
        (r"x \notin A", "x ∉ A"),
        (r"x \not\in A", "x ∉ A"),
        (r"\mathbf{W}\boldsymbol{x}", "Wx"),
        (r"\unknown x", "unknown x"),
    ],
)
def test_latex_becomes_readable_text(latex: str, expected: str) -> None:
    assert unicode_math(latex) == expected


def test_a_matrix_takes_a_line_a_row_and_the_rest_stands_beside_it() -> None:
    latex = r"A = \begin{bmatrix} 1 & 2 \\ 10 & -6 \\ 0 & 1 \end{bmatrix}^T b"
    assert unicode_math(latex).split("\n") == [
        "    ⎡  1   2 ⎤ᵀ",
        "A = ⎢ 10  -6 ⎥ b",
        "    ⎣  0   1 ⎦",
    ]
    assert unicode_math(latex, one_line=True) == "A = [1 2; 10 -6; 0 1]ᵀ b"


def test_cases_line_up() -> None:
    latex = r"f(x) = \begin{cases} x & x>0 \\ \alpha x & \text{otherwise} \end{cases}"
    assert unicode_math(latex).split("\n") == ["f(x) = ⎧ x    x > 0", "       ⎩ αx   otherwise"]
    assert unicode_math(latex, one_line=True) == "f(x) = {x, x > 0; αx, otherwise}"


def test_aligned_equations_take_a_line_each_and_meet_at_the_mark() -> None:
    latex = r"\begin{aligned} a &= b + c \\ c_{t-1} &= d \end{aligned}"
    assert unicode_math(latex).split("\n") == ["   a = b + c", "cₜ₋₁ = d"]
    assert unicode_math(latex, one_line=True) == "a = b + c; cₜ₋₁ = d"


def test_a_label_without_a_small_form_keeps_its_siblings_as_they_are() -> None:
    unlowered = unlowered_symbols(["W_f x_t", "W_{i}", "x_d"])
    assert unlowered == {"W"}
    assert unicode_math("W_i x_t", unlowered=unlowered) == "W_i xₜ"
    assert unicode_math("W_i x_t") == "Wᵢ xₜ"


@pytest.mark.parametrize("width", [20, 30, 60])
@pytest.mark.parametrize(
    "latex",
    [
        r"L = -\frac{1}{n} \sum_{i=1}^{n} [y_i \log \hat y_i + (1 - y_i) \log(1 - \hat y_i)] + \|w\|^2",
        r"\begin{aligned} f &= \sigma(W_f \cdot [h, x] + b_f) \\ i &= \sigma(W_i x + b_i) \end{aligned}",
        r"W = \begin{pmatrix} 1 & 2 & 3 & 4 & 5 \\ 6 & 7 & 8 & 9 & 10 \end{pmatrix}, \qquad b = (1, 2)",
        "x" * 80,
    ],
)
def test_displayed_rows_keep_to_the_width_and_lose_nothing(latex: str, width: int) -> None:
    rows = equation_lines(latex, width)
    assert max(map(cell_len, rows)) <= width
    unfolded = "".join("".join(rows).split())
    if "matrix" not in latex:
        assert unfolded == "".join("".join(unicode_math(latex).split("\n")).split())


def test_equations_side_by_side_part_at_the_wide_space_first() -> None:
    latex = r"z = x_1 w_1 + b, \qquad f(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}"
    assert equation_lines(latex, 30) == ["z = x₁ w₁ + b,", "f(z) = ⎧ 1   z > 0", "       ⎩ 0   z ≤ 0"]


def test_a_fold_prefers_the_outermost_operator() -> None:
    assert equation_lines("y = f(a + b, c + d) + g(e + h)", 26) == ["y = f(a + b, c + d)", "    + g(e + h)"]


COMMANDS = r"frac sqrt hat left right begin end text sum big alpha mathrm operatorname underbrace binom tag"
PIECES = [
    *(f"\\{name}" for name in COMMANDS.split()),
    *r"{}[]()|^_&'\$#%~a1,.+-= 가",
    *(rf"\{half}{{{name}}}" for half in ("begin", "end") for name in ("cases", "bmatrix", "aligned")),
    r"\\",
]


def test_nothing_written_makes_it_fail() -> None:
    draw = random.Random(0)
    for _ in range(800):
        latex = "".join(draw.choices(PIECES, k=draw.randint(0, 12)))
        text = unicode_math(latex)
        assert "\n" not in unicode_math(latex, one_line=True), latex
        assert isinstance(text, str)
        assert all(cell_len(row) <= 12 for row in equation_lines(latex, 12)), latex
