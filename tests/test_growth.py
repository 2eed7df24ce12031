"""The picture of how a step's time grows is well-formed and shows what was measured."""

from xml.etree import ElementTree

from tests.bench.growth import DEPTHS, PICTURE, SIZE, WIDTHS, picture


def test_every_measured_point_is_drawn_inside_the_picture_with_its_number_axes_and_conditions() -> None:
    depths = [(depth, 12.5 + 2 * depth) for depth in DEPTHS]
    widths = [(units, 14 + units**2 / 30) for units in WIDTHS]
    drawn = ElementTree.fromstring(picture(depths, widths, "a machine & its command"))
    words = [element.text for element in drawn.iter() if element.tag.endswith("text")]
    for count, time in (*depths, *widths):
        assert f"{count}" in words
        assert f"{time:.3g}" in words
    assert {"hidden layers", "units a hidden layer", "µs a step", "a machine & its command"} <= set(words)
    circles = [element for element in drawn.iter() if element.tag.endswith("circle")]
    assert len(circles) == len(DEPTHS) + len(WIDTHS)
    for circle in circles:
        assert 0 < float(circle.get("cx", "0")) < SIZE[0]
        assert 0 < float(circle.get("cy", "0")) < SIZE[1]


def test_the_picture_of_the_documents_needs_nothing_from_elsewhere() -> None:
    text = PICTURE.read_text("utf-8")
    assert "href" not in text
    assert "url(" not in text
    assert "python -m tests.bench.growth" in text
