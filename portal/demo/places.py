"""Where the demo's chain has its 50 shops: (region, city in Chinese, city in English, number of shops)."""

CITIES: tuple[tuple[str, str, str, int], ...] = (
    ("CN-SC", "成都", "Chengdu", 9),
    ("CN-SC", "绵阳", "Mianyang", 2),
    ("CN-CQ", "重庆", "Chongqing", 6),
    ("CN-JS", "南京", "Nanjing", 4),
    ("CN-JS", "苏州", "Suzhou", 4),
    ("CN-ZJ", "杭州", "Hangzhou", 4),
    ("CN-ZJ", "宁波", "Ningbo", 2),
    ("CN-GD", "广州", "Guangzhou", 4),
    ("CN-GD", "深圳", "Shenzhen", 4),
    ("CN-SD", "济南", "Jinan", 3),
    ("CN-HB", "武汉", "Wuhan", 3),
    ("CN-HN", "长沙", "Changsha", 2),
    ("CN-AH", "合肥", "Hefei", 2),
    ("CN-SH", "上海", "Shanghai", 1),
)

DISTRICTS: tuple[tuple[str, str], ...] = (
    ("春熙店", "Chunxi"),
    ("高新店", "Gaoxin"),
    ("中央大街店", "Central Avenue"),
    ("万象店", "Wanxiang"),
    ("东站店", "East Station"),
    ("大学城店", "University Town"),
    ("金融街店", "Finance Street"),
    ("滨江店", "Riverside"),
    ("老城店", "Old Town"),
)


def stores() -> list[tuple[str, str, str, str, str]]:
    """The 50 shops as (code, name_zh, name_en, region, city)."""
    rows: list[tuple[str, str, str, str, str]] = []
    for region, city_zh, city_en, count in CITIES:
        for place in range(count):
            district_zh, district_en = DISTRICTS[place]
            code = f"{region[3:]}{len(rows) + 1:03d}"
            rows.append((code, f"{city_zh}{district_zh}", f"{city_en} {district_en}", region, city_zh))
    return rows
