"""From words to vectors: vocabulary, encoding, embedding, cosine similarity."""

import numpy as np


def build_vocabulary(sentences):
    """Number the words of some sentences.

    문장에 나온 단어에 번호를 매깁니다.

    Args:
        sentences: list of strings; words are separated by whitespace and
            compared in lower case.
            문자열의 리스트. 단어는 공백 문자로 나누고 소문자로 비교.
    Returns:
        dict from word to id: 2, 3, 4, … in order of first appearance (0 is for
        padding, 1 for unknown words).
        단어에서 번호로 가는 딕셔너리. 처음 나온 순서대로 2, 3, 4, … (0은 패딩, 1은 모르는
        단어).
    """
    ### BEGIN SOLUTION
    vocabulary = {}
    for word in " ".join(sentences).lower().split():
        vocabulary.setdefault(word, len(vocabulary) + 2)
    return vocabulary
    ### END SOLUTION


def encode(sentence, vocabulary, length):
    """The ids of a sentence's words, brought to a fixed length.

    문장을 정해진 길이의 정수 배열로 바꿉니다.

    Args:
        sentence: string.
            문자열.
        vocabulary: dict as from build_vocabulary.
            build_vocabulary의 딕셔너리.
        length: int, at least 1.
            1 이상의 정수.
    Returns:
        ints, shape (length,): unknown words are 1, missing ones at the end 0,
        words beyond length are cut off.
        정수, 모양 (length,). 모르는 단어는 1, 모자라는 끝은 0, length를 넘는 단어는 자름.
    """
    ### BEGIN SOLUTION
    ids = [vocabulary.get(word, 1) for word in sentence.lower().split()]
    return np.array(ids + [0] * length)[:length]
    ### END SOLUTION


def embed(ids, table):
    """Look up the vector of every id.

    id마다 임베딩 벡터를 찾습니다.

    Args:
        ids: ints of any shape, such as (length,) or (batch, length).
            정수, 모양은 자유. 예를 들어 (length,)나 (batch, length).
        table: the vectors, one a row, shape (words, dim).
            벡터, 한 행에 하나, 모양 (words, dim).
    Returns:
        shape of ids followed by dim.
        ids의 모양 뒤에 dim을 붙인 모양.
    """
    ### BEGIN SOLUTION
    return table[ids]
    ### END SOLUTION


def cosine_similarity(u, v):
    """Cosine of the angle between two vectors.

    두 벡터가 이루는 각의 코사인을 구합니다.

    Args:
        u, v: shape (dim,).
            모양 (dim,).
    Returns:
        float in [-1, 1]; 0.0 if either vector is all zeros.
        [-1, 1]의 실수. 한쪽이라도 모두 0이면 0.0.
    """
    ### BEGIN SOLUTION
    norms = np.linalg.norm(u) * np.linalg.norm(v)
    return u @ v / norms if norms > 0 else 0.0
    ### END SOLUTION
