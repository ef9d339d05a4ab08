"""What the demo's shops sell. Brands are invented; prices are the usual ones of 2026, in fen."""

from msgspec import Struct


class Good(Struct, frozen=True, kw_only=True):
    """One product. `weight` is how often it is bought, `energy_grade` 1 is the best."""

    sku: str
    name: str
    category: str
    brand: str
    unit_price_minor: int
    weight: int
    energy_grade: int | None = None


def _good(sku: str, name: str, where: str, yuan: int, weight: int, grade: int | None = None) -> Good:
    category, brand = where.split("/")
    return Good(
        sku=sku,
        name=name,
        category=category,
        brand=brand,
        unit_price_minor=yuan * 100,
        weight=weight,
        energy_grade=grade,
    )


GOODS: tuple[Good, ...] = (
    _good("OBS-X9-256", "曜石 X9 256GB", "phone/obsidian", 5999, 60),
    _good("OBS-X9-512", "曜石 X9 512GB", "phone/obsidian", 6799, 22),
    _good("OBS-S6-128", "曜石 S6 128GB", "phone/obsidian", 2499, 48),
    _good("OBS-FOLD-3", "曜石 Fold 3", "phone/obsidian", 9999, 7),
    _good("YL-N20-256", "云鹭 N20 256GB", "phone/yunlu", 3999, 44),
    _good("YL-A5-128", "云鹭 A5 128GB", "phone/yunlu", 1299, 40),
    _good("YL-N20P-512", "云鹭 N20 Pro 512GB", "phone/yunlu", 5299, 28),
    _good("OBS-PAD-11", "曜石 Pad 11", "tablet/obsidian", 3299, 18),
    _good("YL-PAD-MINI", "云鹭 Pad mini", "tablet/yunlu", 1999, 14),
    _good("OBS-WATCH-4", "曜石 Watch 4", "smart_watch_band/obsidian", 1699, 16),
    _good("YL-BAND-9", "云鹭 Band 9", "smart_watch_band/yunlu", 269, 12),
    _good("OBS-GLASS-1", "曜石 Glass 智能眼镜", "smart_glasses/obsidian", 2799, 5),
    _good("YL-BOOK-14", "云鹭 Book 14", "computer/yunlu", 6299, 12, 1),
    _good("OBS-BOOK-16", "曜石 Book 16", "computer/obsidian", 8999, 7, 1),
    _good("HL-FR-520", "海岚 十字门冰箱 520L", "refrigerator/hailan", 4599, 14, 1),
    _good("HL-FR-215", "海岚 三门冰箱 215L", "refrigerator/hailan", 1799, 9, 2),
    _good("HL-WM-10", "海岚 滚筒洗衣机 10kg", "washing_machine/hailan", 2999, 14, 1),
    _good("HL-AC-15", "海岚 空调 1.5匹", "air_conditioner/hailan", 2799, 16, 1),
    _good("HL-AC-30", "海岚 柜机空调 3匹", "air_conditioner/hailan", 7299, 6, 1),
    _good("HL-TV-75", "海岚 电视 75英寸", "television/hailan", 5499, 10, 1),
    _good("HL-TV-98", "海岚 电视 98英寸", "television/hailan", 13999, 3, 1),
    _good("HL-WH-60", "海岚 热水器 60L", "water_heater/hailan", 1599, 8, 1),
    _good("HL-DW-15", "海岚 洗碗机 15套", "dishwasher/hailan", 4299, 5, 1),
    _good("YL-BUDS-5", "云鹭 Buds 5", "earphones/yunlu", 899, 15),
)
