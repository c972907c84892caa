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
    (
        # Row numbers differ between machines; a merge knows a sitting by this.
        "ALTER TABLE quiz_session ADD COLUMN uuid TEXT NOT NULL DEFAULT ''",
        "UPDATE quiz_session SET uuid = lower(hex(randomblob(16)))",
        "CREATE UNIQUE INDEX quiz_session_by_uuid ON quiz_session (uuid)",
        """CREATE TABLE attempt (
            id INTEGER PRIMARY KEY,
            uuid TEXT NOT NULL UNIQUE,
            exercise TEXT NOT NULL,
            day TEXT NOT NULL,
            checked TEXT NOT NULL,               -- when its grading ended
            how TEXT NOT NULL,                   -- the command it was checked by
            status TEXT NOT NULL,
            points INTEGER NOT NULL,
            max_points INTEGER NOT NULL CHECK (max_points > 0),
            seconds REAL NOT NULL,               -- the grading took
            seed INTEGER NOT NULL
        ) STRICT""",
        "CREATE INDEX attempt_by_exercise ON attempt (exercise, checked)",
        """CREATE TABLE attempt_test (
            attempt INTEGER NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,           -- from 1
            name TEXT NOT NULL,
            status TEXT NOT NULL,
            points INTEGER NOT NULL,
            max_points INTEGER NOT NULL,
            hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
            message TEXT NOT NULL,               -- JSON list of Message: its language is chosen when it is shown
            PRIMARY KEY (attempt, position)
        ) STRICT, WITHOUT ROWID""",
    ),
    (
        # How the learner wants to repeat; unlike the cards this does not follow from the answers.
        "CREATE TABLE review_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE review_suspended (question TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    ),
    # Each course has a store of its own. One from before there were others gets its name when it is opened.
    ("CREATE TABLE store_of (course TEXT NOT NULL) STRICT",),
)

LATEST = len(STEPS)
