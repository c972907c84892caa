"""Charts: the SVG is read back and measured."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from course.html import charts
from course.html.charts import Value

NS = {"svg": "http://www.w3.org/2000/svg"}
TODAY = date(2026, 11, 22)  # a Sunday
THREE = [Value("LSTM", 2), Value("GRU", 8, "8 of 10"), Value("컨볼루션", 0)]


def read(svg):
    return ET.fromstring(svg)


def shapes(svg, name):
    return read(svg).findall(f".//svg:{name}", NS)


def texts(svg):
    return ["".join(found.itertext()) for found in shapes(svg, "text")]


def number(shape, name):
    return float(shape.get(name).rstrip("%"))


ALL = {
    "histogram": charts.histogram(THREE, title="Scores <1>"),
    "bars": charts.bars(THREE, title="Scores <1>"),
    "line": charts.line([(TODAY, 2), (TODAY - timedelta(days=9), 1)], title="Scores <1>"),
    "calendar": charts.calendar({TODAY: 3}, last=TODAY, title="Scores <1>", language="en"),
}
EMPTY = {
    "histogram": charts.histogram([], title="none"),
    "bars": charts.bars([], title="none"),
    "line": charts.line([], title="none"),
    "calendar": charts.calendar({}, last=TODAY, title="none", language="ko"),
}


WORDS = {
    "histogram": "GRU: 8 of 10",
    "bars": "GRU: 8 of 10",
    "line": "2026-11-22: 2",
    "calendar": "2026-11-22: 3",
}


@pytest.mark.parametrize("name", ALL)
def test_a_chart_is_an_image_with_its_values_in_words(name):
    root = read(ALL[name])
    assert root.get("role") == "img"
    title, desc = root[0], root[1]  # first, so that they are its name and description to a browser
    assert (title.tag, desc.tag) == ("{http://www.w3.org/2000/svg}title", "{http://www.w3.org/2000/svg}desc")
    assert title.text == "Scores <1>"
    assert WORDS[name] in desc.text


@pytest.mark.parametrize("svg", [*ALL.values(), *EMPTY.values()])
def test_a_chart_asks_for_nothing_and_can_be_themed(svg):
    assert "style=" not in svg  # a strict content security policy would drop it
    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    coloured = [s.get(name) for s in read(svg).iter() for name in ("fill", "stroke") if s.get(name)]
    assert all(colour == "none" or colour.startswith("var(--chart-") for colour in coloured)


@pytest.mark.parametrize("svg", EMPTY.values(), ids=EMPTY)
def test_nothing_to_show_is_still_a_chart(svg):
    assert read(svg).find("svg:title", NS).text == "none"


def test_columns_are_as_tall_as_their_values():
    columns = shapes(charts.histogram(THREE, title="t", height=160), "rect")
    assert [number(column, "height") for column in columns] == [40, 160, 0]
    feet = {number(column, "y") + number(column, "height") for column in columns}
    assert len(feet) == 1


def test_labels_of_columns_that_would_touch_are_left_out():
    few = [Value("0–10", 1), Value("10–20", 1)]
    assert [label for label in texts(charts.histogram(few, title="t")) if "–" in label] == ["0–10", "10–20"]
    latin = [Value("abcd", 0)] * 8
    korean = [Value("가나다라", 0)] * 8
    assert (
        len(texts(charts.histogram(latin, title="t"))) > len(texts(charts.histogram(korean, title="t"))) > 1
    )


def test_bars_are_as_long_as_their_share():
    svg = charts.bars(THREE, title="t", most=10)
    assert [rect.get("width") for rect in shapes(svg, "rect")] == ["100%", "20.00%", "100%", "80.00%", "100%"]
    assert "8 of 10" in texts(svg)
    beyond = charts.bars([Value("x", 12)], title="t", most=10)
    assert shapes(beyond, "rect")[1].get("width") == "100.00%"


def test_a_long_label_is_wrapped_by_its_real_width():
    def lines(label):
        return texts(charts.bars([Value(label, 1, "1")], title="t"))[:-1]

    assert lines("x" * 36) == ["x" * 36]
    assert len(lines("합성곱" * 12)) == 2  # as many letters, each of them twice as wide
    assert "".join(lines("합성곱" * 12)) == "합성곱" * 12
    assert lines("합성곱 신경망과 풀링, 그리고 데이터 증강까지 한꺼번에") == [
        "합성곱 신경망과 풀링, 그리고 데이터",
        "증강까지 한꺼번에",
    ]


def test_a_line_lies_at_its_days_and_values():
    points = [(TODAY, 10.0), (TODAY - timedelta(days=10), 0.0), (TODAY - timedelta(days=5), 5.0)]
    svg = charts.line(points, title="t", most=20, height=100)
    path = shapes(svg, "polyline")[0].get("points")
    assert [tuple(map(float, point.split(","))) for point in path.split()] == [
        (0, 118),
        (500, 93),
        (1000, 68),
    ]
    assert {"20", "10", "2026-11-12", "2026-11-22"} <= set(texts(svg))


def test_one_point_stands_at_its_day():
    svg = charts.line([(TODAY, 4.0)], title="t")
    assert shapes(svg, "circle")[0].get("cx") == "100.00%"
    assert texts(svg).count("2026-11-22") == 1


def test_the_calendar_has_a_square_a_day():
    counts = {TODAY: 8, TODAY - timedelta(days=1): 1, TODAY - timedelta(days=400): 50}
    svg = charts.calendar(counts, last=TODAY, title="t", language="en", weeks=4)
    squares = {
        rect.find("svg:title", NS).text: rect.get("fill").split(",")[0] for rect in shapes(svg, "rect")
    }
    assert len(squares) == 28
    assert squares["2026-11-22: 8"] == "var(--chart-level-4"
    assert squares["2026-11-21: 1"] == "var(--chart-level-1"
    assert squares["2026-11-20: 0"] == "var(--chart-level-0"
    assert "Nov" in texts(svg)


def test_a_calendar_ends_on_its_last_day():
    svg = charts.calendar({}, last=date(2026, 11, 18), title="t", language="en", weeks=2)  # a Wednesday
    assert len(shapes(svg, "rect")) == 7 + 3


def test_the_calendar_speaks_korean():
    svg = charts.calendar({}, last=TODAY, title="t", language="ko")
    assert {"월", "수", "금", "11월"} <= set(texts(svg))


def test_a_template_takes_it_as_markup():
    assert ALL["bars"].__html__() == ALL["bars"]
