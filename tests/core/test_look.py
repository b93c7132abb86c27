"""The colours of charts are told apart by every eye."""

import itertools
import math

import pytest

from core.charts import look

ENOUGH = 14.0
"""A distance in the CIELAB space that is seen at a glance, also on small marks."""

# Machado, Oliveira and Fernandes (2009): how colours look to eyes that lack one kind of cone.
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "without red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "without green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "without blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(color):
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def seen(color, eye):
    """The colour as this eye sees it, in CIELAB."""
    given = linear(color)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, given, strict=True)))) for row in eye
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("style", [look.LIGHT, look.DARK], ids=["light", "dark"])
def test_no_two_colours_of_the_palette_look_alike(style, eye):
    for one, other in itertools.combinations(style.series, 2):
        assert math.dist(seen(one, EYES[eye]), seen(other, EYES[eye])) >= ENOUGH, (one, other)


def luminance(color):
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("style", [look.LIGHT, look.DARK], ids=["light", "dark"])
def test_words_are_read_and_marks_are_seen_on_the_ground(style):
    def contrast(color):
        pair = sorted((luminance(color), luminance(style.surface)))
        return (pair[1] + 0.05) / (pair[0] + 0.05)

    assert contrast(style.text) >= 4.5
    assert contrast(style.quiet) >= 4.5
    for color in style.series:
        assert contrast(color) >= 2.5, color


def test_the_brand_is_the_first_colour():
    assert look.LIGHT.series[0] == "#6366F1"
