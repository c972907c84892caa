"""The pages, without a browser: what is refused, what is told when, quizzes and reviews through plain forms."""

from __future__ import annotations

import multiprocessing
import re
import socket
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree as ET

import httpx2
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from course.cli.tree import course
from course.content import catalog, texts
from course.html.markdown import mathml, rendered
from course.language.messages import say
from course.learner.store import attempts, database, quizzes
from course.quizzes import bank, sitting
from course.results import ExerciseResult, TestResult
from course.system import installation
from course.web.app import application
from tests import quiz_bank
from tests.serving import serving
from tests.test_recording import write_many

HERE = "http://127.0.0.1:8630"


@pytest.fixture
def client(tmp_path):
    made = TestClient(application(tmp_path), base_url=HERE, follow_redirects=False)
    assert made.get(f"/?key={made.app.state.key}").headers["location"] == "/"
    yield made
    if made.app.state.checks is not None:
        made.app.state.checks.close()


def post(client, path, **fields):
    return client.post(path, data={"token": client.app.state.token, **fields})


def begin(client, **fields):
    return post(client, "/quizzes", **fields).headers["location"]


def form_fields(entry, answer):
    """What a browser sends for an answer."""
    match entry.asked.kind:
        case "multiple":
            return {"answer": [str(place) for place in answer]}
        case "true_false":
            return {"answer": "1" if answer else "2"}
        case "order":
            return {f"place-{item}": str(answer.index(item) + 1) for item in answer}
        case "match":
            return {f"side-{n}": str(place) for n, place in enumerate(answer, start=1)}
    return {"answer": str(answer)}


def stored(location):
    with database.opened() as connection:
        return quizzes.entries(connection, int(location.split("/")[2]))


def record(slug, status="passed", message=()):
    tests = tuple(
        TestResult(name, status, 2 * (status == "passed"), 2, message=message)
        for name in ("forget_gate", "gates")
    )
    with database.opened() as connection:
        return attempts.record(connection, ExerciseResult(slug, "day10", tests), 1, "check")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8630", "10.0.0.1", ""]
)
def test_only_this_machines_names_are_answered(client, host):
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "Overview" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8630", "localhost:8630", "localhost"])
def test_loopback_names_are_answered(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


def test_pages_allow_nothing_from_elsewhere(client):
    for path in ("/", "/quizzes", "/static/pages.css", "/no-such-page"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy


@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
@pytest.mark.parametrize("path", ["/quizzes", "/quizzes/1/1", "/review", "/settings"])
def test_a_form_without_the_token_does_nothing(client, own_bank, path, token):
    with database.opened() as connection:
        sitting.sit(connection, [])
    answer = client.post(
        path, data={"answer": "1", "language": "ko"} | ({"token": token} if token is not None else {})
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    with database.opened() as connection:
        assert len(quizzes.sessions(connection)) == 1
        assert quizzes.times_answered(connection) == {}


def test_a_form_too_long_is_not_read(client):
    assert client.post("/settings", content=b"x" * 100_000).status_code == 413


@pytest.mark.parametrize("code", ["en", "ko"])
def test_every_exercise_has_a_page_with_its_equations_drawn(client, code):
    client.cookies.set("course-language", code)
    for exercise in catalog.catalog():
        page = client.get(f"/exercises/{exercise.slug}?hints=9")
        assert page.status_code == 200
        assert f'<html lang="{code}"' in page.text
        text = texts.text(exercise, code)
        assert text.title in unescape(page.text)
        assert len(re.findall(r"\$\$", text.prompt)) // 2 == page.text.count('class="wide equation"') - sum(
            hint.count("$$") // 2 for hint in text.hints
        )
        prose = re.sub(r"<(code|pre)\b.*?</\1>", "", page.text, flags=re.DOTALL)
        drawn = re.findall(r"<math\b.*?</math>", prose)
        assert not [equation for equation in drawn if "\\" in equation]
        assert "$" not in re.sub(r"<[^>]*>", "", prose)


def test_every_equation_of_the_quizzes_is_drawn():
    for question in bank.everything():
        for words in (question.text, question.explanation):
            for text in words.values():
                html = rendered(text)
                assert not [each for each in re.findall(r"<math\b.*?</math>", html) if "\\" in each], (
                    question.id
                )


def test_an_equation_that_does_not_read_as_one_stays_as_written():
    assert mathml(r"\frac{a}<b>{", block=False) == "<code>\\frac{a}&lt;b&gt;{</code>"


@pytest.mark.parametrize("latex", ["w'", r"\beta^{t'}", "b'_h", r"\mathrm{ReLU}'(x)", "f'(x)"])
def test_a_prime_is_no_superscript(latex):
    drawn = ET.fromstring(mathml(latex, block=True))
    raised = drawn.findall(".//{*}msup/*[2]") + drawn.findall(".//{*}msubsup/*[3]")
    assert [each.text for each in drawn.findall(".//{*}mo") if each.text == "′"]
    assert "′" not in [each.text for each in raised]


def test_text_can_bring_no_markup_of_its_own():
    html = rendered(
        "<script>alert(1)</script> <b onclick=x>y</b> [a](javascript:alert(1)) ![i](http://elsewhere/i.png)"
    )
    assert "<script" not in html
    assert "<b" not in html
    assert 'href="javascript' not in html
    assert "<img" not in html


def test_the_explanation_waits_until_the_exercise_has_passed(client):
    explanation = texts.text(catalog.catalog().exercise("lstm_gates"), "en").explanation
    words = explanation.split("\n")[0]

    def told():
        return words in unescape(re.sub(r"<[^>]*>", "", client.get("/exercises/lstm_gates").text))

    assert not told()
    record("lstm_gates", "failed")
    assert not told()
    record("lstm_gates")
    assert told()
    record("lstm_gates", "failed")  # what was achieved stays achieved
    assert told()


def test_hints_come_one_by_one(client):
    hints = texts.text(catalog.catalog().exercise("lstm_gates"), "en").hints
    firsts = [hint.split("`")[0].split("\n")[0][:12].strip() for hint in hints]
    assert len(hints) == 3
    for asked in range(4):
        page = client.get(f"/exercises/lstm_gates?hints={asked}").text
        assert page.count('class="hint') == asked
        assert f"Hint {asked} of 3" in page or not asked
        assert all(first in unescape(page) for first in firsts[:asked] if first)
    assert client.get("/exercises/lstm_gates?hints=-1").text.count('class="hint') == 0
    assert client.get("/exercises/lstm_gates?hints=x").text.count('class="hint') == 0


def test_the_last_result_is_sent_again_only_when_it_changed(client):
    page = client.get("/exercises/lstm_gates").text
    first = re.search(r'hx-get="([^"]+)"', page)[1]
    assert client.get(first).status_code == 204
    record("lstm_gates", "failed", (say("Compare <this> with that."),))
    changed = client.get(first)
    assert changed.status_code == 200
    assert "Compare &lt;this&gt; with that." in changed.text
    second = unescape(re.search(r'hx-get="([^"]+)"', changed.text)[1])
    assert client.get(second).status_code == 204
    assert "Compare &lt;this&gt; with that." in client.get("/exercises/lstm_gates").text


def test_the_result_speaks_the_readers_language(client):
    record("lstm_gates", "failed")
    client.cookies.set("course-language", "ko")
    assert texts.text(catalog.catalog().exercise("lstm_gates"), "ko").tests["gates"] in unescape(
        client.get("/exercises/lstm_gates").text
    )


def test_the_overview_shows_what_the_store_holds(client):
    record("lstm_gates")
    page = " ".join(re.sub(r"<[^>]*>", " ", client.get("/").text).split())
    assert f"Exercises passed 1 / {len(list(catalog.catalog()))}" in page
    assert "Points 4" in page
    assert client.get("/days/day10").text.count('class="status passed"') == 1
    assert client.get("/days/day99").status_code == 404


def test_the_pages_need_no_store_and_make_none_to_be_read(client):
    for path in ("/", "/days/day07"):
        assert client.get(path).status_code == 200
    assert not database.path().exists()


@pytest.mark.parametrize("code", ["en", "ko"])
def test_a_question_tells_nothing_before_it_is_answered(client, own_bank, code):
    client.cookies.set("course-language", code)
    location = begin(client)
    assert len(stored(location)) == 8
    for entry in stored(location):
        place = f"{location}/{entry.position}"
        secrets = {entry.asked.explanation[code]}
        secrets |= {choice.why[code] for choice in entry.asked.choices if choice.why}
        secrets |= {mistake.why[code] for mistake in entry.asked.mistakes}
        if entry.asked.kind in ("text", "numeric"):
            secrets |= {f'value="{entry.asked.key}"', f">{entry.asked.key}<"}
        plain = {re.sub(r"[$`*]", "", secret) for secret in secrets}

        def found(page, plain=plain):
            # The bar says how many are answered, which may be the key by chance.
            page = re.sub("<progress[^>]*>", "", page)
            shown = unescape(re.sub(r"<(?!input)[^>]*>", "", page)) + page
            return [secret for secret in plain if secret in shown]

        asked = client.get(place)
        assert asked.status_code == 200
        assert not found(asked.text)
        assert "correct" not in asked.text
        assert post(client, place, unknown="").headers["location"] == place
        words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", client.get(place).text)))
        assert (
            re.sub(
                r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", rendered(entry.asked.explanation[code])))
            ).strip()
            in words
        )


def test_an_exam_tells_nothing_before_its_end(client, own_bank):
    location = begin(client, exam="on")
    entries = stored(location)
    for entry in entries:
        assert client.get(location).headers["location"] == f"{location}/{entry.position}"
        after = post(client, f"{location}/{entry.position}", **form_fields(entry, entry.asked.key))
        assert after.headers["location"] == location
        if entry.position < len(entries):
            page = client.get(f"{location}/{entry.position}").text
            assert "explanation" not in page
            assert "Right" not in page
    score = client.get(location).text
    assert "8 of 8 questions right: 100%" in score
    assert score.count('class="prose explanation"') == 8


def test_an_exam_ends_with_its_time(client, own_bank):
    with database.opened() as connection:
        taken = sitting.sit(connection, [], exam=True)
        past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        connection.execute("UPDATE quiz_session SET deadline = ?", (past,))
    location = f"/quizzes/{taken.session.id}"
    assert client.get(f"{location}/left").headers["hx-redirect"] == location
    assert post(client, f"{location}/1", answer="1").headers["location"] == location
    assert "0 of 8 questions right" in client.get(location).text
    assert all(entry.given is None for entry in stored(location))


def test_everything_right_through_forms_earns_everything(client, own_bank):
    location = begin(client, count="20")
    for entry in stored(location):
        sent = post(client, f"{location}/{entry.position}", **form_fields(entry, entry.asked.key))
        assert sent.status_code == 303, entry.asked.kind
        assert "✓ Right" in client.get(sent.headers["location"]).text
    with database.opened() as connection:
        assert quizzes.latest(connection, "quiz", []).finished is not None
    assert "8 of 8 questions right: 100%" in client.get(location).text
    assert [entry.given.credit for entry in stored(location)] == [1.0] * 8


def test_a_wrong_answer_gets_its_own_explanation(client, own_bank):
    location = begin(client)
    for entry in stored(location):
        answer = quiz_bank.wrong_answers(entry.asked)[0]
        place = f"{location}/{entry.position}"
        post(client, place, **form_fields(entry, answer))
        page = client.get(place).text
        assert "✗ Not right" in page or "Partly right" in page
        if entry.asked.kind in ("single", "code", "multiple", "true_false", "numeric"):
            assert 'class="prose why"' in page


def test_no_answer_is_asked_for_again_and_kept_as_typed(client, own_bank):
    location = begin(client)
    for entry in stored(location):
        place = f"{location}/{entry.position}"
        sent = {"answer": "blue"} if entry.asked.kind == "numeric" else {}
        answer = post(client, place, **sent)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert ('value="blue"' in answer.text) == bool(sent)
        if entry.asked.kind == "order":
            twice = post(client, place, **{f"place-{n}": "1" for n in range(1, len(entry.asked.items) + 1)})
            assert twice.status_code == 422
            assert "<option selected>1</option>" in twice.text
    assert all(entry.given is None for entry in stored(location))


def test_the_first_answer_stands(client, own_bank):
    location = begin(client)
    entry = stored(location)[0]
    post(client, f"{location}/1", unknown="")
    post(client, f"{location}/1", **form_fields(entry, entry.asked.key))
    assert stored(location)[0].given.credit == 0


def test_a_quiz_begun_in_the_terminal_goes_on_in_the_browser(client, own_bank):
    with database.opened() as connection:
        taken = sitting.sit(connection, ["lstm"])
        taken.answer(taken.next(), None)
    assert f'href="/quizzes/{taken.session.id}"' in client.get("/quizzes").text
    assert begin(client, name="lstm") == f"/quizzes/{taken.session.id}"
    assert begin(client, name="lstm", new="on") != f"/quizzes/{taken.session.id}"


@pytest.mark.parametrize(
    "fields", [{"name": "nothing"}, {"count": "many"}, {"count": "0"}, {"count": "1000000"}]
)
def test_what_cannot_be_asked_is_refused(client, own_bank, fields):
    assert post(client, "/quizzes", **fields).status_code in (400, 404)


@pytest.mark.parametrize(
    "path", ["/quizzes/7", "/quizzes/1/99", "/review/1/1", "/exercises/none", "/nowhere"]
)
def test_what_is_not_there_is_said_to_be(client, own_bank, path):
    with database.opened() as connection:
        sitting.sit(connection, [])
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_a_review_asks_what_is_due_and_keeps_the_confidence(client, own_bank):
    with database.opened() as connection:
        taken = sitting.sit(connection, ["lstm"])
        while (entry := taken.next()) is not None:
            taken.answer(entry, None)
        connection.execute("UPDATE review_card SET due = '2020-01-01'")
        due = connection.execute("SELECT count(*) FROM review_card").fetchone()[0]
    for left in range(due, 0, -1):
        page = client.get("/review").text
        assert f"due today: {left}" in page
        assert "explanation" not in page
        question = re.search(r'name="question" value="([^"]+)"', page)[1]
        assert post(client, "/review", question=question).status_code == 422
        sent = post(client, "/review", question=question, unknown="", confidence="1")
        told = client.get(sent.headers["location"]).text
        assert "No answer" in told
        assert "The right answer:" in told or 'class="plain prose options"' in told
        assert post(client, "/review", question=question, unknown="").headers["location"] == "/review"
    assert "Nothing is due today." in client.get("/review").text
    with database.opened() as connection:
        session = quizzes.latest(connection, "review", [])
        assert session.finished is not None
        given = [entry.given.rating for entry in quizzes.entries(connection, session.id)]
        assert given == [1] * due


def test_the_glossary_is_a_page_in_both_languages(client):
    page = client.get("/glossary?term=threshold")
    assert page.status_code == 200
    assert "임곗값" in page.text
    assert "정확도" not in page.text
    client.cookies.set("course-language", "ko")
    assert "확률을 비교하는 기준값" in client.get("/glossary").text
    assert "<script>" not in client.get("/glossary?term=<script>").text


def test_the_language_is_switched_and_remembered(client):
    assert "<h1>Overview</h1>" in client.get("/").text
    switched = post(client, "/settings", language="ko", back="/days/day10")
    assert (switched.status_code, switched.headers["location"]) == (303, "/days/day10")
    assert '<html lang="ko"' in client.get("/").text
    assert "순환 신경망" in client.get("/days/day10").text
    post(client, "/settings", theme="dark")
    assert 'data-theme="dark"' in client.get("/").text
    assert '<html lang="ko"' in client.get("/").text
    post(client, "/settings", language="xx", theme="pink")
    assert '<html lang="ko" data-theme="dark"' in client.get("/").text


def test_switching_the_language_keeps_what_was_open(client):
    page = client.get("/exercises/lstm_gates?hints=2&x=<y>").text
    back = unescape(re.search(r'name="back" value="([^"]+)"', page)[1])
    followed = client.get(post(client, "/settings", language="ko", back=back).headers["location"])
    assert followed.text.count('class="hint') == 2


def test_pages_are_never_kept_and_styles_are(client):
    assert client.get("/").headers["cache-control"] == "no-store"
    style = client.get("/static/pages.css")
    again = client.get("/static/pages.css", headers={"if-none-match": style.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil.example", ""])
def test_a_form_leads_nowhere_else(client, back):
    assert post(client, "/settings", language="ko", back=back).headers["location"] == "/"


def test_no_page_names_anything_outside(client, own_bank):
    location = begin(client)
    for path in (
        "/",
        "/days/day10",
        "/exercises/lstm_gates",
        "/exercises/lstm_gates/stub",
        "/quizzes",
        f"{location}/1",
    ):
        page = client.get(path).text.replace("http://www.w3.org/", "")  # names of XML, fetched by no one
        assert not re.findall(r"(?:src|href|action|hx-get)=\"(?!/|#|\?)", page)
        assert "http" not in re.sub(r"<code.*?</code>", "", page, flags=re.DOTALL).replace("http-equiv", "")
        assert not re.findall(r"\son\w+=|\sstyle=|<style|<script>", page)


def test_everything_a_page_refers_to_is_there(client):
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get("/").text):
        assert client.get(path).status_code == 200
    style = client.get("/static/pages.css").text
    for name in re.findall(r'url\("([^"]+)"\)', style):
        assert client.get(f"/static/{name}").status_code == 200


def test_a_picture_is_drawn_in_the_readers_language(client):
    assert '<img src="/exercises/lstm_gates/picture.svg"' in client.get("/exercises/lstm_gates").text
    picture = client.get("/exercises/lstm_gates/picture.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in picture.text


def test_a_store_from_a_newer_version_is_left_alone_and_said(client):
    with database.opened() as connection:
        connection.execute("PRAGMA user_version = 999")
    answer = client.get("/")
    assert answer.status_code == 503
    assert str(database.path()) in unescape(answer.text)


def serve(*arguments):
    return CliRunner().invoke(course, ["serve", "--no-open", *arguments])


def test_a_port_in_use_is_said_with_the_next_step():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = serve("--port", str(port))
    assert done.exit_code == 2
    assert f"Port {port} is in use" in done.output
    assert "course serve --port 0" in done.output


def test_without_the_extra_its_installation_is_named():
    program = "import sys; sys.modules['uvicorn'] = None; from course.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "serve"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert installation.command_for("web") in done.stderr
    assert "Traceback" not in done.stderr


def test_two_thousand_writes_while_the_pages_are_used(tmp_path):
    """One store, two checks, a quiz in a terminal and the pages, 2,000 writes: nothing is lost, no page finds it locked."""
    content = quiz_bank.lay_out(tmp_path / "content")
    work = [("check", 800, ""), ("watch", 800, ""), ("quiz", 395, str(content))]
    with serving(tmp_path) as address, httpx2.Client(base_url=address.partition("/?")[0]) as browser:
        assert browser.get(address).status_code == 303
        token = re.search(r'name="token" value="([^"]+)"', browser.get("/quizzes").text)[1]
        location = browser.post("/quizzes", data={"token": token, "name": "lstm", "count": "5"}).headers[
            "location"
        ]
        with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
            writing = [pool.submit(write_many, each) for each in work]
            answered = 0
            while not all(each.done() for each in writing) or answered < 5:
                assert browser.get("/").status_code == 200
                if answered < 5:
                    answered += 1
                    sent = browser.post(f"{location}/{answered}", data={"token": token, "unknown": ""})
                    assert sent.status_code == 303
            given = dict(each.result() for each in writing)["quiz"]
        assert "0 of 5 questions right" in browser.get(location).text
    with database.opened() as connection:
        assert len(attempts.attempts(connection)) == 1600
        assert len(quizzes.answers(connection)) == given + 5


def test_without_the_key_nothing_is_told(client):
    stranger = TestClient(client.app, base_url=HERE, follow_redirects=False)
    paths = (
        "/",
        "/quizzes",
        "/exercises/lstm_gates",
        "/static/pages.css",
        "/review",
        "/?key=wrong",
        "/?key=",
    )
    for path in paths:
        answer = stranger.get(path)
        assert answer.status_code == 403, path
        assert "open the address that it printed" in answer.text
        assert client.app.state.token not in answer.text
    assert stranger.post("/quizzes", data={"token": client.app.state.token}).status_code == 403
    stranger.cookies.set(f"course-key-{0:08d}", client.app.state.key)
    assert stranger.get("/").status_code == 403
    assert client.get("/").status_code == 200


def test_the_key_leaves_the_address(client):
    stranger = TestClient(client.app, base_url=HERE, follow_redirects=False)
    answer = stranger.get(f"/exercises/lstm_gates?hints=1&key={client.app.state.key}")
    assert answer.headers["location"] == "/exercises/lstm_gates?hints=1"
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize("number", ["9" * 23, "9" * 5000, "-1", "1e3"])
def test_numbers_no_store_can_hold_are_not_found(client, number):
    for path in (f"/quizzes/{number}", f"/quizzes/1/{number}", f"/review/{number}/1"):
        assert client.get(path).status_code == 404, path


def test_connections_without_a_request_do_not_pile_up(tmp_path):
    """Two hundred that say nothing: pages are answered all the while, and they are let go."""
    with serving(tmp_path) as address:
        host, port = address.partition("//")[2].partition("/")[0].split(":")
        silent = [socket.create_connection((host, int(port))) for _ in range(200)]
        for each in silent:
            each.settimeout(30)
        assert silent[0].recv(1) == b""
        with httpx2.Client() as browser:
            assert browser.get(address).status_code == 303
        for each in silent:
            each.close()


def test_an_exam_that_is_over_is_refused_and_nothing_changes(client):
    soon = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    assert post(client, "/review/settings", limit="7", until=soon).status_code == 303
    refused = post(client, "/review/settings", limit="7", until="2020-01-01")
    assert refused.status_code == 422
    assert "2020-01-01 is over" in refused.text
    assert '<details class="card" open>' in refused.text
    assert f'value="{soon}"' in client.get("/review").text
