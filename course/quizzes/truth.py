"""True or false, as a person says it."""

from __future__ import annotations

import re

from course.quizzes import phrases

_TRUE = {
    *("true", "t", "yes", "y", "o", "right", "correct", "yep", "yeah", "ㅇ", "○", "⭕", "✓", "✔", "1"),
    *("참", "예", "네", "응", "그렇다", "그렇습니다", "사실", "사실입니다", "동의합니다"),
    *("맞다", "맞음", "맞습니다", "맞아요", "맞는", "맞는다", "맞아", "옳다", "옳음", "옳습니다", "옳은"),
}
_FALSE = {
    *("false", "f", "no", "n", "x", "wrong", "incorrect", "nope", "×", "✗", "✘", "❌", "2"),
    *("거짓", "아니요", "아니오", "아니다", "그르다", "그릅니다", "그른"),
    *("틀리다", "틀림", "틀립니다", "틀렸다", "틀렸습니다", "틀려요", "틀린", "틀려"),
}
_FILLERS = {
    *("it", "is", "it's", "that", "that's", "this", "the", "statement", "answer"),
    *("정답은", "답은", "설명", "설명은", "설명입니다", "말", "말입니다", "문장은", "문장입니다", "것입니다"),
}


def said(text: str) -> bool | None:
    """What is said in one word, or in several that say the same; None where it is neither."""
    word = phrases.plain(text).strip("()")
    for known, value in ((_TRUE, True), (_FALSE, False)):
        if word in known or text.casefold() in known or word.removesuffix("번") in known:
            return value
    words = [word for word in re.findall(r"[^\s.,!?()]+", text.casefold()) if word not in _FILLERS]
    judged = [word for word in words if word != "not"]
    for known, value in ((_TRUE, True), (_FALSE, False)):
        if judged and all(word in known or phrases.plain(word) in known for word in judged):
            return value == (words.count("not") % 2 == 0)
    return None
