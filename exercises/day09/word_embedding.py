"""From words to vectors: vocabulary, encoding, embedding, cosine similarity."""

import numpy as np


def build_vocabulary(sentences):
    """Number the words of some sentences.

    문장에 나온 단어에 번호를 매깁니다.

    Args:
        sentences: list of strings; words are separated by whitespace and
            compared in lower case.
    Returns:
        dict from word to id: 2, 3, 4, … in order of first appearance (0 is for
        padding, 1 for unknown words).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def encode(sentence, vocabulary, length):
    """The ids of a sentence's words, brought to a fixed length.

    문장을 정해진 길이의 정수 배열로 바꿉니다.

    Args:
        sentence: string.
        vocabulary: dict as from build_vocabulary.
        length: int, at least 1.
    Returns:
        ints, shape (length,): unknown words are 1, missing ones at the end 0,
        words beyond length are cut off.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def embed(ids, table):
    """Look up the vector of every id.

    id마다 임베딩 벡터를 찾습니다.

    Args:
        ids: ints of any shape, such as (length,) or (batch, length).
        table: the vectors, one a row, shape (words, dim).
    Returns:
        shape of ids followed by dim.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def cosine_similarity(u, v):
    """Cosine of the angle between two vectors.

    두 벡터가 이루는 각의 코사인을 구합니다.

    Args:
        u, v: shape (dim,).
    Returns:
        float in [-1, 1]; 0.0 if either vector is all zeros.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
