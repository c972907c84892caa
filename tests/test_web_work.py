"""The learner's file through the pages' forms, without a browser: saving, choosing, checking, and what is refused."""

from __future__ import annotations

import json
import re
import threading
from html import unescape
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from course.content import texts
from course.content.catalog import catalog
from course.learner import workspace
from course.learner.store import attempts, database
from course.progress import effort, wording
from course.web.app import application

HERE = "http://127.0.0.1:8630"
ACTIVATIONS = catalog().exercise("activations")
PAGE = "/exercises/activations"
SOLUTION = ACTIVATIONS.solution.read_text(encoding="utf-8")
SCRIPTED = {"accept": "application/json"}


@pytest.fixture
def folder(tmp_path):
    workspace.start(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def path(folder):
    return workspace.locate(ACTIVATIONS, folder)


@pytest.fixture
def client(folder):
    yield from opened(application(folder))


def opened(app):
    made = TestClient(app, base_url=HERE, follow_redirects=False)
    made.get(f"/?key={app.state.key}")
    yield made
    if app.state.checks is not None:
        app.state.checks.close()


def fields(client):
    """What the form on the page holds."""
    page = client.get(PAGE).text
    return {
        "token": client.app.state.token,
        "digest": re.search(r'name="digest" value="([^"]*)"', page)[1],
        "code": unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]),
    }


def send(client, headers=None, **changed):
    return client.post(PAGE, data=fields(client) | changed, headers=headers)


def events(client):
    """The stream of the latest check: names and data."""
    text = client.get(f"{PAGE}/check").text
    return [(name, json.loads(data)) for name, data in re.findall(r"event: (\w+)\ndata: (.*)\n\n", text)]


def backups(folder):
    return sorted((folder / ".course" / "backups").glob("activations*"))


def test_the_form_saves_what_it_holds(client, path):
    assert fields(client)["code"] == ACTIVATIONS.stub.read_text(encoding="utf-8")
    saved = send(client, action="save", code="가 = 1\r\n<b> = 2\r\n")
    assert (saved.status_code, saved.headers["location"]) == (303, f"{PAGE}#work")
    assert path.read_bytes() == "가 = 1\n<b> = 2\n".encode()
    assert fields(client)["code"] == "가 = 1\n<b> = 2\n"


def test_a_check_by_the_form_shows_its_result_on_the_page(client):
    sent = send(client, action="check", code=SOLUTION)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{PAGE}#result")
    assert '<noscript><meta http-equiv="refresh"' in client.get(PAGE).text or "11/11" in client.get(PAGE).text
    told = events(client)
    assert [name for name, _ in told] == ["test"] * 7 + ["over"]
    assert told[-1][1]["passed"]
    page = client.get(PAGE).text
    assert "11/11" in page
    assert "<noscript><meta" not in page
    for expected in ("Explanation", "The reference solution beside yours", "Next: Loss functions"):
        assert expected in page
    with database.opened() as connection:
        assert [attempt.how for attempt in attempts.attempts(connection)] == ["web"]


def test_what_a_pass_opens_is_shut_before(client):
    assert "reference solution" not in client.get(PAGE).text
    assert client.get(f"{PAGE}/after").status_code == 404


def test_failing_lines_are_told_where_the_code_raised_or_the_function_begins(client):
    wrong = SOLUTION.replace("return np.maximum(x, 0)", "return np.maximum(x, 1)").replace(
        "p = softmax(z)", "p = 1 / 0"
    )
    send(client, action="check", code=wrong)
    over = events(client)[-1][1]
    lines = wrong.splitlines()
    marked = {lines[mark["line"] - 1].strip(): mark["text"] for mark in over["marks"]}
    assert "ZeroDivisionError" in marked["p = 1 / 0"]
    assert "Expected" in marked["def relu(x):"]
    assert not over["passed"]
    send(client, action="check", code="def sigmoid(x):\n    return (1\n")
    marks = events(client)[-1][1]["marks"]
    assert [mark["line"] for mark in marks] == [2]
    assert "not valid Python" in marks[0]["text"]


def test_an_endless_loop_is_stopped(client):
    send(client, action="check", code=SOLUTION.replace("return np.maximum(x, 0)", "while True: pass"))
    heard = []
    follower = threading.Thread(target=lambda: heard.extend(events(client)))
    follower.start()
    while not client.app.state.checks.latest(ACTIVATIONS).tests:
        pass  # up to the first test, which passes: the next one hangs
    assert send(client, SCRIPTED, action="stop").status_code == 200
    follower.join()
    assert heard[-1] == ("over", {"said": "Stopped."})
    send(client, action="check", code=SOLUTION)
    assert events(client)[-1][1]["passed"]


@pytest.mark.parametrize("action", ["save", "check"])
def test_a_file_changed_meanwhile_is_shown_beside_ones_own(client, folder, path, action):
    before = fields(client)
    path.write_text("theirs = '<script>'\n", encoding="utf-8")
    answer = client.post(PAGE, data=before | {"action": action, "code": "mine = 1\n"})
    assert answer.status_code == 409
    assert path.read_text(encoding="utf-8") == "theirs = '<script>'\n"
    assert "mine = 1" in answer.text
    assert "theirs = &#39;&lt;script&gt;&#39;" in answer.text
    digest = re.search(r'name="digest" value="([^"]*)"', answer.text)[1]
    chosen = {"token": before["token"], "digest": digest, "code": "mine = 1\n"}
    assert client.post(PAGE, data=chosen | {"action": "aside"}).status_code == 303
    assert [each.read_text(encoding="utf-8") for each in backups(folder)] == ["mine = 1\n"]
    assert path.read_text(encoding="utf-8") == "theirs = '<script>'\n"
    assert client.post(PAGE, data=chosen | {"action": "keep"}).status_code == 303
    assert path.read_text(encoding="utf-8") == "mine = 1\n"
    assert "theirs = '<script>'\n" in [each.read_text(encoding="utf-8") for each in backups(folder)]


def test_an_editor_gets_both_versions_as_data(client, path):
    before = fields(client)
    path.write_text("theirs = 1\n", encoding="utf-8")
    answer = client.post(PAGE, data=before | {"action": "save", "code": "mine\n"}, headers=SCRIPTED)
    assert answer.status_code == 409
    assert answer.json()["text"] == "theirs = 1\n"
    assert client.get(f"{PAGE}/file?seen={before['digest']}").json() == answer.json()
    assert client.get(f"{PAGE}/file?seen={answer.json()['digest']}").status_code == 204


def test_the_stub_comes_back_and_ones_own_is_kept(client, folder, path):
    path.write_text("mine = 1\n", encoding="utf-8")
    told = send(client, SCRIPTED, action="stub").json()
    assert path.read_bytes() == ACTIVATIONS.stub.read_bytes()
    assert (folder / told["backup"]).read_text(encoding="utf-8") == "mine = 1\n"


def test_a_file_that_cannot_be_edited_is_said_and_left(client, path):
    path.write_bytes("가 = 1\n".encode("cp949"))
    page = client.get(PAGE).text
    assert "CP949" in page
    assert "<textarea" not in page
    form = {"token": client.app.state.token, "digest": "", "code": "x"}
    for action in ("save", "check", "keep", "stub"):
        assert client.post(PAGE, data=form | {"action": action}).status_code == 422, action
    assert path.read_bytes() == "가 = 1\n".encode("cp949")


@pytest.mark.parametrize("action", ["save", "check", "keep", "aside", "stub", "stop"])
def test_without_the_token_nothing_happens(client, folder, path, action):
    before, form = path.read_bytes(), fields(client)
    for token in ("", "wrong", None):
        sent = form | {"action": action, "code": "x = 1\n", "token": token}
        assert client.post(PAGE, data={k: v for k, v in sent.items() if v is not None}).status_code == 403
    assert path.read_bytes() == before
    assert backups(folder) == []
    assert client.app.state.checks.latest(ACTIVATIONS) is None


@pytest.mark.parametrize(
    "slug",
    [
        "../course",
        "..%2f..%2fetc%2fpasswd",
        "activations%00",
        "day07/activations",
        "none",
        "activations.py",
        "." * 300,
    ],
)
def test_no_other_file_can_be_named(client, folder, slug):
    form = {"token": client.app.state.token, "digest": "", "code": "x", "action": "save"}
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for name in (slug, quote(slug, safe="")):
        for place in (f"/exercises/{name}", f"/exercises/{name}/file"):
            assert client.get(place).status_code == 404, place
        assert client.post(f"/exercises/{name}", data=form).status_code in (404, 405), name
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_posts_of_any_size_are_bounded(client, path):
    before = path.read_bytes()

    def pieces():
        for _ in range(50):
            yield b"a" * 1_000_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post(PAGE, content=pieces(), headers=form).status_code == 413
    most = "가" * (
        workspace.MOST_BYTES // 3 - 1
    )  # the longest that a file may be, in the letters that take most
    assert send(client, SCRIPTED, action="save", code=most).status_code == 200
    assert send(client, SCRIPTED, action="save", code=most + "가가").status_code == 422
    assert path.read_text(encoding="utf-8") == most
    assert before != path.read_bytes()


def test_two_hundred_saves_in_a_row_are_all_done(client, folder, path):
    form = fields(client)
    for number in range(200):
        answer = client.post(
            PAGE, data=form | {"action": "save", "code": f"n = {number}\n"}, headers=SCRIPTED
        )
        form["digest"] = answer.json()["digest"]
    assert path.read_text(encoding="utf-8") == "n = 199\n"
    assert sorted(each.name for each in path.parent.iterdir()) == sorted(
        f"{exercise.slug}.py" for exercise in catalog() if exercise.day == ACTIVATIONS.day
    )


def test_what_code_and_output_hold_stays_text(client):
    bad = "</textarea><script>alert(1)</script>"
    wrong = SOLUTION.replace("return np.maximum(x, 0)", f"print({bad!r}); raise ValueError({bad!r})")
    send(client, action="check", code=f"# {bad}\n{wrong}")
    told = events(client)
    assert "alert(1)" in told[-1][1]["html"]
    for text in (
        client.get(PAGE).text,
        client.get(f"{PAGE}/result").text,
        *(data.get("html", "") for _, data in told),
    ):
        assert "<script>alert" not in text
        assert bad not in text


def test_without_a_workspace_the_pages_make_one(tmp_path):
    proposal = tmp_path / "deep-learning"
    for client in opened(application(None, proposal)):
        assert "A folder for your code" in client.get("/").text
        assert "<textarea" not in client.get(PAGE).text
        form = {"token": client.app.state.token}
        assert client.post(PAGE, data=form | {"action": "save", "code": "x", "digest": ""}).status_code == 404
        assert not proposal.exists()
        assert str(proposal) in client.get("/workspace").text
        assert client.post("/workspace", data={"token": "wrong"}).status_code == 403
        assert not proposal.exists()
        assert client.post("/workspace", data=form).headers["location"] == "/"
        assert workspace.find(proposal) == proposal.resolve()
        assert "A folder for your code" not in client.get("/").text
        assert fields(client)["code"] == ACTIVATIONS.stub.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "deep-learning").write_text("a file", encoding="utf-8")
    for client in opened(application(None, tmp_path / "deep-learning")):
        answer = client.post("/workspace", data={"token": client.app.state.token})
        assert answer.status_code == 422
        assert "cannot be written" in answer.text


def test_below_a_proxys_path_every_address_has_it(client):
    proxied = {"x-forwarded-prefix": "/user/kim/course"}
    for path in ("/", PAGE, "/days/day07", "/quizzes", "/review", "/nowhere"):
        page = client.get(path, headers=proxied).text
        for address in re.findall(r'(?:href|src|action|hx-get)="(/[^"]*)"', page):
            assert address.startswith("/user/kim/course/"), (path, address)
    # Relative, as some proxies put their path before one from the root and others do not.
    assert send(client, proxied, action="save").headers["location"] == ".././exercises/activations#work"
    stranger = TestClient(client.app, base_url=HERE, follow_redirects=False)
    answer = stranger.get(f"/?key={client.app.state.key}", headers=proxied)
    assert "Path=/user/kim/course;" in answer.headers["set-cookie"]
    for forged in ("//evil.example", "https://evil.example", '/a"><b>', "/../x y"):
        assert "evil" not in client.get("/", headers={"x-forwarded-prefix": forged}).text


def test_the_picture_by_ones_own_code_is_drawn_by_its_button(client, path):
    path.write_text(SOLUTION, encoding="utf-8")
    assert client.get(f"{PAGE}/own.svg").status_code == 404
    assert send(client, action="draw").headers["location"] == f"{PAGE}#picture"
    assert f"{PAGE}/own.svg" in client.get(PAGE).text
    drawn = client.get(f"{PAGE}/own.svg")
    assert drawn.text == client.get(f"{PAGE}/picture.svg").text  # the same functions, the same picture
    wrong = SOLUTION.replace("return np.where(x > 0, 1.0, 0.0)", "return np.where(x > 0, 0.5, 0.0)")
    path.write_text(wrong, encoding="utf-8")
    assert client.get(f"{PAGE}/own.svg").status_code == 404  # of other code than is there now
    send(client, action="draw")
    assert client.get(f"{PAGE}/own.svg").text != drawn.text
    outside = SOLUTION.replace("return np.maximum(x, 0)", "return open('/etc/passwd').read()")
    path.write_text(outside, encoding="utf-8")
    refused = send(client, action="draw")
    assert refused.status_code == 422
    assert "PermissionError" in unescape(refused.text)


def test_search_finds_texts_hints_and_questions_in_both_languages(client):
    for word, titles in (("Jacobian", "Activation functions"), ("야코비", "활성화 함수")):
        page = unescape(client.get(f"/search?q={quote(word)}").text)
        assert f'<a href="{PAGE}">{titles}</a>' in page
        assert f"<mark>{word}</mark>" in page
    assert "?hints=" in client.get("/search?q=" + quote(hint_word())).text
    assert '<a href="/quizzes?name=' in client.get("/search?q=perceptron").text
    assert "Nothing was found." in client.get("/search?q=qwertzuiop").text
    assert "&lt;script&gt;" in client.get("/search?q=<script>").text
    for page in ("/search", "/search?q=", "/search?q=" + "x" * 10_000):
        assert client.get(page).status_code == 200


def hint_word():
    return " ".join(texts.text(ACTIVATIONS, "en").hints[0].replace("`", "").split()[:3])


def test_explanations_are_found_only_of_what_has_passed(client):
    words = " ".join(texts.text(ACTIVATIONS, "en").explanation.replace("`", "").split()[:5])
    assert f"{PAGE}#after" not in client.get(f"/search?q={quote(words)}").text
    send(client, action="check", code=SOLUTION)
    events(client)
    assert f"{PAGE}#after" in client.get(f"/search?q={quote(words)}").text


def test_a_day_says_what_it_holds_and_where_one_is(client):
    page = client.get("/days/day07").text
    first = re.search(r'aria-current="step"><th scope="row"><a href="([^"]+)"', page)[1]
    assert first == "/exercises/perceptron"
    assert re.search(r"This day: \d+ exercises, \d+ of them open; \d+ questions", page)


def test_a_day_says_about_how_long_what_is_open_takes(client):
    exercises = [exercise for exercise in catalog() if exercise.day == "day07"]
    for left in (exercises, [exercise for exercise in exercises if exercise != ACTIVATIONS]):
        page = client.get("/days/day07").text
        whole = wording.duration(effort.remaining(left), "en")
        assert f"What is open takes about {whole} at a first reading." in page
        assert page.count('<span class="soft">about ') == len(left)
        send(client, action="check", code=SOLUTION)
        events(client)
