"""The schema as ordered steps. A step that was released is never edited: later needs are a further step."""

from __future__ import annotations

# Times are UTC in ISO format with offset; days are the learner's own calendar days.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE quiz_session (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('quiz', 'exam', 'review')),
            names TEXT NOT NULL,                 -- JSON list: what was asked for
            seed INTEGER NOT NULL,
            started TEXT NOT NULL,
            deadline TEXT,                       -- an exam's end
            finished TEXT
        ) STRICT""",
        "CREATE INDEX quiz_session_by_names ON quiz_session (kind, names, id)",
        """CREATE TABLE quiz_question (
            session INTEGER NOT NULL REFERENCES quiz_session (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,           -- from 1
            question TEXT NOT NULL,              -- the id in the bank
            asked TEXT NOT NULL,                 -- JSON of Asked: what was shown, whatever the bank says later
            PRIMARY KEY (session, position)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX quiz_question_by_id ON quiz_question (question)",
        """CREATE TABLE quiz_answer (
            session INTEGER NOT NULL,
            position INTEGER NOT NULL,
            answer TEXT NOT NULL,                -- JSON of Answer
            credit REAL NOT NULL CHECK (credit BETWEEN 0 AND 1),
            rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 4),  -- FSRS: again, hard, good, easy
            answered TEXT NOT NULL,
            PRIMARY KEY (session, position),
            FOREIGN KEY (session, position) REFERENCES quiz_question (session, position) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE review_card (
            question TEXT PRIMARY KEY,
            day TEXT NOT NULL,
            topic TEXT NOT NULL,
            due TEXT NOT NULL,                   -- a day
            state TEXT NOT NULL                  -- JSON of fsrs.Card
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX review_card_by_due ON review_card (due)",
    ),
)

LATEST = len(STEPS)
