"""Answers as people type them, and what a person would say to each: right, wrong, or not an answer at all.

Rows are "answer" or "answer | answer | …", for a question of the bank or a made one.
"""

from __future__ import annotations

# Numbers: (key, unit, text), then right, wrong and unreadable lines.
NUMBERS = {
    (0.75, "", "What share of the {rows} rows is right?"): (
        "0.75 | .75 | 0.750 | 0.75. | = 0.75 | =0.75 | 0,75 | 3/4 | 3 / 4 | ¾ | 7.5×10^-1 | 7.5*10^-1 | 7.5 x 10^-1 | "
        "7.5·10^-1 | 7.5×10⁻¹ | 7.5e-1 | 7.5E-1 | 75% | 75 % | 75퍼센트 | 75프로 | 75 percent | ０.７５ | '0.75' | "
        '"0.75" | x = 0.75 | 답: 0.75 | 답은 0.75 | 답은 0.75입니다 | 약 0.75 | about 0.75 | approximately 0.75 | '
        "~0.75 | ≈ 0.75 | 0.75입니다. | 0.75예요 | 0.75이에요 | 0.75쯤 | 0.75 정도 | $0.75$ | (0.75) | 0.75! | +0.75 | "
        "it is 0.75 | The answer is 0.75. | 75e-2 | 0.75。",
        "0.57 | 7.5 | 75 | 0,57 | 57% | 3/5 | -0.75 | –0.75 | 7.5×10^1 | 4/3 | 0.7",
        "0.7.5 | 0,7,5 | a lot | 3/0 | ?? | -- | 1e | 0.75 or 0.57 | 0.75, 0.57 | inf | nan",
    ),
    (0.789, "", "Which accuracy is it (three decimals)?"): (
        "0.789 | 0,789 | ,789 | 78.9% | 78,9% | 78.9퍼센트 | .789 | 7.89×10⁻¹ | 0.789입니다",
        "789 | 0.798 | 0,79 | 79% | 7.89",
        "0,7,89 | 0.78.9",
    ),
    (1432, "", "How many parameters does the layer have?"): (
        "1432 | 1,432 | 1 432 | 1'432 | 1432개 | 1,432개 | 1432 개 | 1,432개입니다 | 1432개예요 | 1432 parameters | "
        "1,432 parameters. | 1432.0 | 1.432×10³ | 1.432*10^3 | 1432. | 총 1432 | 모두 1432개",
        "1433 | 14,32 | 1.432 | 143.2 | 4132개 | 천 개쯤",
        "1,43,2 | many | 1.4.3.2",
    ),
    (226, "", "몇 개입니까?"): (
        "이백이십육 | 이백스물여섯쯤 됩니다 | 226 | 226개 | 226 개입니다 | 226개요 | 226행 | ２２６ | 226. | 226번 | 226회",
        "262 | 22.6 | 226 227 | 226% | 2.26",
        "226과 227 | 226개 이상 | 226개 미만 | 200에서 226 | 226개가 아닙니다",
    ),
    (17, "%", "How many percent are missing?"): (
        "17 | 17% | 17 % | 17퍼센트 | 17 percent | 17프로 | 17.0% | 17%입니다 | 17퍼센트예요",
        "0.17 | 18% | 1.7% | 71퍼센트",
        "some percent",
    ),
    (89.8, "%", "정확도는 몇 %입니까?"): (
        "89.8 | 89.8% | 89,8% | 89.8퍼센트 | 89.8 % | 89.8%입니다.",
        "8.98% | 0.898 | 90%",
        "%",
    ),
    (-0.5, "", "What is z?"): (
        "-0.5 | −0.5 | –0.5 | —0.5 | - 0.5 | -1/2 | −½ | -5×10^-1 | z = -0.5 | z=−0.5 | -,5 | -0,5 | minus a half | "
        r"minus 0.5 | 마이너스 0.5 | 음의 0.5 | negative 0.5 | -\frac{1}{2} | (-0.5) | -(1/2) | 마이너스 1/2 | -2분의 1 | z는 -0.5입니다",
        "0.5 | +0.5 | 1/2 | -5",
        "--0.5 | -0.5 or 0.5 | ±0.5",
    ),
    (3, "", "How many layers?"): (
        "3 | three | Three | 셋 | 삼 | 세 개 | 3개 | 3.0 | 3층 | 3 layers | +3 | three.",
        "4 | four | 넷 | 두 개 | 30",
        "a few | several",
    ),
    (1_000_000, "", "How many steps in all?"): (
        "1000000 | 1,000,000 | 1 000 000 | 1'000'000 | 10^6 | 1e6 | 1×10^6 | 1.000.000 | 1,000,000번 | 1000000 steps",
        "100000 | 1,000 | 10^5",
        "10,00,000 | million and more | 1.000,000.0",
    ),
    (1.5, "", "The slope?"): (
        "1.5 | 1,5 | 3/2 | 1 1/2 | 1½ | 15/10 | 1.50 | 1 and a half | one and a half | 2분의 3 | 일점오",
        "15 | 11/2 | 2/3 | 이분의 일",
        "1 or 1.5",
    ),
    (0.75, "", "정확도는 얼마입니까? What is the accuracy?"): (
        r"\frac{3}{4} | $\frac{3}{4}$ | \dfrac{3}{4} | \tfrac34 | 3÷4 | 0.75±0.01 | 0.75 ± 0.01 | 4분의 3 | 사분의 삼 | 영점칠오 | "
        r"7.5 \times 10^{-1} | 7.5\cdot10^{-1} | 75\% | \(0.75\) | \text{0.75} | 0.75 (75%) | 75% (0.75) | 0.75, 즉 75% | "
        "three quarters | zero point seven five | 3 over 4 | 3 out of 4 | 3/4 = 0.75 | 0.75 = 3/4 | R² = 0.75 | F1: 0.75 | "
        "정답은 0.75입니다 | 0.75라고 생각합니다 | 0.75인 것 같습니다 | 정확도는 0.75 | 정확도 0.75 | accuracy: 0.75 | I think 0.75 | "
        "정확히 0.75 | exactly 0.75 | ca. 0.75 | 0.75 or so | 결과는 0.75 | the value is 0.75 | 0.75가 됩니다 | 0.75임 | 0.75죠 | **0.75** | "
        "75 pct | 75퍼 | 0.75점 | 0.75 (approx.)",
        "삼분의 사 | 칠점오 | 영점오칠 | four thirds | 3분의 4 | 0.57 (57%) | 4/3 = 1.33",
        "not 0.75 | 0.75 or more | 0.75 이상 | <0.75 | 0.75 미만 | 0.7~0.8 | 0.5 and 0.75 | between 0.5 and 0.75 | 0.57 = 0.75 | "
        "0.75 (57%) | ±0.75 | more than 0.75 | 0.75보다 큼 | 0.75 아니면 0.57 | at least 0.75 | 0.75가 아님",
    ),
    (1432, "", "매개변수는 몇 개입니까? How many parameters are there?"): (
        r"천사백삼십이 | 천사백서른둘 | 1천 432 | 1천432개 | 1_432 | 1{,}432 | 1\,432 | 1.432 × 10^{3} | 매개변수는 1,432개입니다 | 매개변수 1432개 | "
        "1432개의 매개변수 | 1432 (parameters) | 1432개 (매개변수) | one thousand four hundred thirty-two | a total of 1432 | "
        "one thousand four hundred and thirty two | 1,432 parameters in all | 1432 params | 1.432k | 1432개임 | 1432개 맞죠? | 12*119 + 4 = 1432",
        "천사백이십삼 | 1천423개 | one thousand four hundred | 1.423k",
        "1432 or 1433 | 1432개보다 많음 | 이것은 모릅니다 | 많이 | 12*119 + 4",
    ),
    (100_000, "", "How many? 몇 개입니까?"): (
        "십만 | 10만 | 10만 개 | 10만개입니다 | 100k | 100K | 100 thousand | one hundred thousand | 0.1 million | 10⁵ | 1e5",
        "백만 | 1만 | 십만 오천 | 10만 5천 | a million | 10k",
        "a million or two | 수십만 개",
    ),
    (25, "", "After which epoch does training end? 몇 번째 에포크입니까?"): (
        "25번째 | 25th | 25번째 에포크 | epoch 25 | 에포크 25 | 스물다섯 | 스물다섯 번째 | 이십오 | twenty-five | the 25th epoch | "
        "after epoch 25 | 25에포크입니다 | #25 | No. 25 | 제25",
        "스물여섯 | 26th | epoch 52 | twenty-four",
        "before the end | 25나 26 또는 27",
    ),
    (12, "", "How many units? 유닛은 몇 개입니까?"): (
        "twelve | 열두 개 | 열두개 | 열둘 | 십이 | a dozen | 유닛 12개 | 12개의 유닛",
        "열한 개 | 스물 | two dozen | thirteen",
        "한두 개가 아닙니다 | dozens",
    ),
    (0.001, "", "Which rate?"): (
        r"1e-3 | 10^{-3} | 1x10-3 | 1·10⁻³ | 천분의 일 | one thousandth | 1/1000 | 0.1% | 1 \times 10^{-3} | 10^(-3)",
        "천 | 1/100 | 백분의 일 | 1x10-4",
        "10^",
    ),
    (1.432, "", "The loss (three decimals)?"): ("1.432 | 1,432 | 1.432입니다", "1432.5 | 14.32", "1,432,1"),
}

# Texts: the question in the bank, then right and wrong lines.
TEXTS = {
    "regression_residual_name": (
        "residual | Residual | the residual | a residual | residuals | 'residual' | \"residual\" | residual. | "
        "It is the residual. | it's called the residual | RESIDUAL | 잔차 | 잔차(residual) | 잔차 (residual) | "
        "residual(잔차) | residual (잔차) | 잔차입니다 | 잔차입니다. | 잔차예요 | 잔차라고 합니다 | 잔차이다 | 답: 잔차 | 답은 잔차입니다 | "
        "정답은 잔차 | residual/잔차 | 잔차, residual | 잔차 - residual | 잔차: residual | residual 잔차 | 잔차 = residual | 잔차라고 불러요 | "
        "잔차라 한다 | 잔차죠 | 잔차지요 | 잔차네요 | 잔차라는 값 | 잔차인 듯합니다 | 바로 잔차입니다 | 잔차라고 생각합니다 | I think residual | "
        r"the term is residual | We call it the residual | \text{residual} | "
        "「잔차」 | “잔차” | 잔차값 | 잔차 값 | 잔차요 | the answer is residual | （잔차）",
        "error | loss | 오차 | 잔상 | residue | 손실 | variance(분산) | 잔차와 오차 | residual or error | 잔차가 아님 | "
        "not residual | 오차, 잔차 | error/residual | 오차 또는 잔차 | 손실함수(residual) | residual / 편향",
    ),
    "evaluation_name_recall": (
        "recall | Recall | 재현율 | 재현률 | 재현율(recall) | 재현률(recall) | sensitivity | 민감도 | true positive rate | "
        "true-positive rate | TPR | tpr | TPR (true positive rate) | 재현율입니다 | the recall | 참 양성률 | 참양성율",
        "정밀도(recall) | recall(정밀도) | 정밀도, recall | precision | 정밀도 | accuracy | 정확도 | precision (recall) | 정밀도(재현율) | F1 | specificity | recall precision",
    ),
    "classification_threshold_name": (
        "threshold | thresholds | the threshold | 임곗값 | 임계값 | 임계치 | 문턱값 | 임곗값(threshold) | threshold(임계값) | "
        "decision threshold | 결정 임계값 | 기준값 | 기준 값 | 임곗값이에요 | cut-off | cutoff | 임계값이라고 합니다",
        "bias | 편향 | 마진 | margin | 확률 | probability | 0.5",
    ),
    "k_fold_equal_shares": (
        "stratified k-fold | Stratified K-Fold | StratifiedKFold | stratified k fold | stratified (k-fold) | "
        "stratified k-fold cross-validation | 층화 K-폴드 | 층화 k폴드 | 층화 K-겹 | 층화 K-겹 교차 검증 | 층화 K겹 교차검증 | "
        "층화 K-폴드 교차 검증 | 층화(stratified) | 층화 K-폴드(stratified k-fold)",
        "k-fold | K-폴드 | 교차 검증 | leave-one-out | shuffled k-fold | 무작위 K-폴드",
    ),
    "random_state_seed_name": (
        "seed | the seed | seeds | a random seed | 시드 | 시드(seed) | 시드값 | 시드 값 | 난수 시드 | random seed | 씨앗 | 시드입니다",
        "random state machine | 난수 | generator | 생성기 | 초깃값",
    ),
    "overfitting_generalisation_name": (
        "generalisation | generalization | Generalization | 일반화 | 일반화(generalization) | 일반화 능력 | 일반화 성능 | "
        "generalization ability | generalisation. | 일반화입니다",
        "regularisation | 정규화 | overfitting | 과적합 | memory",
    ),
    "lstm_name_of_the_gate": (
        "output gate | the output gate | Output Gate | output-gate | 출력 게이트 | 출력게이트 | 출력 게이트(output gate) | "
        "출력 게이트입니다 | 'output gate'",
        "forget gate | input gate | 망각 게이트 | 입력 게이트 | output layer | 출력층 | gate",
    ),
    "gradient_descent_name": (
        "gradient | the gradient | gradients | gradient vector | 기울기 | 그래디언트 | 기울기(gradient) | gradient(기울기) | 기울기 벡터 | "
        "기울기입니다",
        "derivative | 미분 | gradient descent | 경사하강법 | Jacobian | slope",
    ),
}

# Positions among four choices, the second of which is right.
CHOICES = (
    "두 번째 | 둘째 | the second | second | 정답은 2번 | 답은 2번입니다 | 2번 보기 | 2번을 고르겠습니다 | I choose 2 | 2! | 2 | 2번 | (2) | 2) | 2. | ② | 2번입니다 | 2번째 | no. 2 | No 2 | option 2 | choice 2 | 보기 2 | ２ | [2] | 2번이에요",
    "1 | 1번 | (3) | 4) | ①",
    "5 | 0 | 2 3 | 12 | b | two of them | -",
)
# Ticks, of which the first and the third are right.
TICKS = (
    "첫 번째와 세 번째 | 1번이랑 3번 | 1+3 | 1 및 3 | 정답: 1, 3 | both 1 and 3 | relu, sigmoid | 1 3 | 13 | 1,3 | 3, 1 | 1번, 3번 | 1번과 3번 | (1) (3) | 1 and 3 | 1 & 3 | ①③ | 1번 3번 | 1; 3 | [1, 3] | 1과 3",
    "1 2 | 2 | 1 2 3 4 | 1",
    "5 | one three | 1 or 9",
)
TRUE = "맞는 말입니다 | 그렇습니다 | 네, 맞습니다 | 옳은 설명입니다 | it is true | That is correct | ✓ | ⭕ | not false | true | True | TRUE. | t | yes | 참 | 참입니다 | O | o | 맞다 | 맞습니다. | 예 | 네 | 옳다 | (1) | 1번 | correct | 맞아요"
FALSE = "not true | it is not correct | 틀린 설명입니다 | 아니요, 틀립니다 | that is wrong | ✗ | false | F | no | 거짓 | 거짓입니다 | X | 틀리다 | 틀립니다 | 아니요 | 2번 | wrong | 틀렸습니다"
NEITHER = "true or false | 맞고 틀림 | maybe | 참거짓 | 3 | 모름"

# Choices that are values, typed as such: the choices, then what names the first of them, and what names another or none.
SHAPES = (
    (
        ("`(32, 10)`", "`(10,)`", "`(32, 10, 1)`", "`(10, 32)`"),
        "(32, 10) | (32,10) | 32, 10 | 32,10 | [32, 10] | 32 x 10 | 32×10 | 32*10 | 32 by 10 | (32; 10) | `(32, 10)` | shape (32, 10) | "
        "모양은 (32, 10) | (32, 10)입니다 | ( 32 , 10 ) | TensorShape([32, 10]) | torch.Size([32, 10]) | (32,10,) | 32 10 | 1번 (32, 10)",
        "(10, 32) | 32×10×1 | (10,) | 10 x 32",
        "(32, 11) | (32) | 32 | 320 | (32, 10) (10,)",
    ),
    (
        ("`(None, 3)`", "`(4, 3)`", "`(5, 3)`", "`(1, 3)`"),
        "(None, 3) | (None,3) | None, 3 | none x 3 | [None, 3] | (?, 3) | None×3 | 없음, 3 | (batch, 3)",
        "(4, 3) | 1×3 | [5,3]",
        "(None,) | (None, 4)",
    ),
    (
        ("(16, 8) (16, 2)", "(4, 8) (8, 2)", "(8, 16) (2, 16)", "(8,) (2,)"),
        "(16, 8) (16, 2) | (16,8)(16,2) | (16, 8), (16, 2) | 16,8 16,2 | (16, 8)와 (16, 2)",
        "(4, 8), (8, 2)",
        "(16, 8) | 16, 2",
    ),
    (
        ("-0.325", "-0.25", "-0.2", "0.325"),
        "-0.325 | −0.325 | - 0.325 | -.325 | -0.3250 | -0,325",
        "-0.25 | 0.325 | −0.2",
        "-325 | 0.25",
    ),
    (
        ("`[0, 2, 3, 10]`", "`[2, 3]`", "`[nan, 2, 3, nan]`", "`[0, 2, 3, 0]`"),
        "[0, 2, 3, 10] | [0,2,3,10] | 0, 2, 3, 10 | 0 2 3 10 | (0, 2, 3, 10)",
        "[nan, 2, 3, nan] | 0, 2, 3, 0 | nan 2 3 nan",
        "[0, 2, 3] | 0 2 3 1",
    ),
)
