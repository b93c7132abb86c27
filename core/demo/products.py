"""What the shop sells: forty products, one that takes off and one that fades."""

from datetime import date
from typing import Final, NamedTuple

import numpy as np

from core.demo import calendar
from core.demo.dice import Floats, Ints

TAKES_OFF: Final = "Gizmo Mini"
FADES: Final = "Widget Classic"


class Product(NamedTuple):
    """A product. Money in cents; `demand` is relative to the other products."""

    name: str
    category: str
    price: int
    cost: int
    launched_on: date
    demand: float = 1.0


_D: Final = date
PRODUCTS: Final = (
    Product("Widget Classic", "Widgets", 4900, 2350, _D(2021, 1, 1), 4.2),
    Product("Widget Pro", "Widgets", 12900, 5900, _D(2021, 1, 1), 2.1),
    Product("Widget Lite", "Widgets", 2900, 1550, _D(2021, 1, 1), 1.7),
    Product("Widget Max", "Widgets", 19900, 9800, _D(2022, 5, 9), 0.9),
    Product("Widget Travel Set", "Widgets", 6900, 3600, _D(2023, 3, 6), 0.8),
    Product("Widget Pro 2", "Widgets", 14900, 6500, _D(2025, 10, 6), 1.2),
    Product("Gizmo One", "Gizmos", 7900, 3500, _D(2021, 1, 1), 1.6),
    Product("Gizmo Duo", "Gizmos", 10900, 5200, _D(2021, 9, 13), 1.2),
    Product("Gizmo Air", "Gizmos", 8900, 4100, _D(2022, 8, 22), 1.3),
    Product("Gizmo Mini", "Gizmos", 5900, 2400, _D(2025, 3, 10), 6.5),
    Product("Gizmo Dock", "Gizmos", 3900, 1900, _D(2023, 6, 12), 0.8),
    Product("Gizmo Kids", "Gizmos", 3500, 1800, _D(2024, 9, 16), 0.7),
    Product("Lumen Desk Lamp", "Smart home", 6500, 3100, _D(2021, 1, 1), 1.2),
    Product("Lumen Floor Lamp", "Smart home", 13900, 7100, _D(2021, 4, 19), 0.6),
    Product("Thermostat Dial", "Smart home", 15900, 8300, _D(2021, 10, 4), 0.8),
    Product("Window Sensor", "Smart home", 2400, 1050, _D(2022, 2, 14), 1.4),
    Product("Smart Plug Trio", "Smart home", 3400, 1500, _D(2022, 11, 7), 1.5),
    Product("Cosy Heater", "Smart home", 11900, 6400, _D(2022, 9, 5), 0.9),
    Product("Breeze Fan", "Smart home", 5900, 3000, _D(2022, 4, 4), 0.9),
    Product("Doorbell View", "Smart home", 14900, 7700, _D(2024, 2, 12), 0.9),
    Product("Plant Minder", "Smart home", 2900, 1200, _D(2025, 5, 19), 0.8),
    Product("Clear Buds", "Audio", 7900, 3700, _D(2021, 1, 1), 1.5),
    Product("Studio Headphones", "Audio", 18900, 9200, _D(2021, 6, 21), 0.8),
    Product("Pocket Speaker", "Audio", 4500, 2100, _D(2021, 11, 8), 1.4),
    Product("Party Speaker XL", "Audio", 22900, 12400, _D(2023, 5, 15), 0.5),
    Product("Radio Retro", "Audio", 8500, 4500, _D(2023, 10, 16), 0.6),
    Product("Sleep Buds", "Audio", 9900, 4300, _D(2024, 10, 7), 0.9),
    Product("Soundbar Slim", "Audio", 24900, 13900, _D(2026, 3, 16), 0.6),
    Product("Standing Desk Frame", "Office", 32900, 19800, _D(2021, 2, 8), 0.5),
    Product("Ergo Mouse", "Office", 4900, 2050, _D(2021, 1, 1), 1.6),
    Product("Quiet Keyboard", "Office", 7500, 3400, _D(2021, 3, 22), 1.4),
    Product("Monitor Arm", "Office", 9500, 4900, _D(2022, 1, 17), 0.9),
    Product("Webcam Clear", "Office", 6900, 3050, _D(2021, 8, 16), 1.0),
    Product("Notebook Stand", "Office", 3900, 1600, _D(2023, 1, 23), 1.1),
    Product("Meeting Light", "Office", 4200, 1900, _D(2024, 5, 13), 0.7),
    Product("USB-C Cable 2 m", "Accessories", 1200, 350, _D(2021, 1, 1), 2.2),
    Product("Charger 65 W", "Accessories", 3500, 1450, _D(2021, 7, 12), 1.8),
    Product("Travel Adapter", "Accessories", 2200, 900, _D(2022, 6, 13), 1.2),
    Product("Power Bank 20k", "Accessories", 4400, 2100, _D(2023, 8, 21), 1.3),
    Product("Cable Box", "Accessories", 1900, 700, _D(2024, 7, 8), 0.8),
    Product("Magnetic Charger", "Accessories", 3900, 1500, _D(2026, 1, 19), 1.1),
)
PRICES: Final = np.array([product.price for product in PRODUCTS], dtype=np.int64)
_LAUNCHES: Final = np.array([calendar.number(p.launched_on) for p in PRODUCTS], dtype=np.int64)
_NAMES: Final = [product.name for product in PRODUCTS]


def demand(month_start: Ints) -> Floats:
    """How much of each product is wanted in the months that start on these days.

    One row a month. A product sells from the first whole month after its launch.
    """
    age = month_start[:, None] - _LAUNCHES[None, :]
    base = np.array([product.demand for product in PRODUCTS])
    wanted = np.where(age > 0, base * (1 - 0.7 * np.exp(-age / 120.0)), 0.0)
    fading = 1 / (1 + np.exp((month_start - calendar.number(_D(2025, 3, 1))) / 130.0))
    wanted[:, _NAMES.index(FADES)] *= 0.04 + 0.96 * fading
    rising = 1 / (1 + np.exp(-(month_start - calendar.number(_D(2025, 12, 1))) / 70.0))
    wanted[:, _NAMES.index(TAKES_OFF)] *= 0.03 + 0.97 * rising
    winter = np.cos(2 * np.pi * (month_start - calendar.number(_D(2021, 1, 5))) / 365.25)
    wanted[:, _NAMES.index("Cosy Heater")] *= 1 + 0.85 * winter
    wanted[:, _NAMES.index("Breeze Fan")] *= 1 - 0.85 * winter
    return np.asarray(wanted)
