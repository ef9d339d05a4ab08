"""Days and fractions of years: ISDA's workbook and memorandum, the Commission's guidelines on the APR."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple


class Days(NamedTuple):
    start: date
    end: date
    days: int
    source: str = "ISDA, 30-360-2006ISDADefs workbook, 30/360 bond basis"
    unmet: str | None = None


def on(text):
    month, day, year = map(int, text.split("/"))
    return date(2000 + year, month, day)


# Examples 1, 2 and 3 of the sheet.
_SHEET = """
08/20/06 02/20/07 180
02/20/07 08/20/07 180
08/20/07 02/20/08 180
02/20/08 08/20/08 180
08/20/08 02/20/09 180
02/20/09 08/20/09 180
08/31/06 02/28/07 178
02/28/07 08/31/07 183
08/31/07 02/29/08 179
02/29/08 08/31/08 182
08/31/08 02/28/09 178
02/28/09 08/31/09 183
01/31/06 02/28/06  28
01/30/06 02/28/06  28
02/28/06 03/03/06   5
02/14/06 02/28/06  14
09/30/06 10/31/06  30
10/31/06 11/28/06  28
08/31/07 02/28/08 178
02/28/08 08/28/08 180
02/28/08 08/30/08 182
02/28/08 08/31/08 183
02/26/07 02/28/08 362
02/26/07 02/29/08 363
02/29/08 02/28/09 359
02/28/08 03/30/08  32
02/28/08 03/31/08  33
"""
BOND_BASIS = [
    Days(on(start), on(end), int(days)) for start, end, days in (line.split() for line in _SHEET.strip().splitlines())
]


class Years(NamedTuple):
    start: date
    end: date
    years: str | Fraction
    source: str
    unmet: str | None = None


M = "ISDA, EMU and market conventions memorandum, actual/actual (ISDA)"
ACTUAL_ACTUAL = [
    Years(date(2003, 11, 1), date(2004, 5, 1), "0.497724380567", M),
    Years(date(1999, 2, 1), date(1999, 7, 1), "0.410958904110", M),
    Years(date(1999, 7, 1), date(2000, 7, 1), "1.00137734860", M),
    Years(date(2002, 8, 15), date(2003, 7, 15), "0.915068493151", M),
    Years(date(2003, 7, 15), date(2004, 1, 15), "0.504004790778", M),
    Years(date(1999, 7, 30), date(2000, 1, 30), "0.503892506924", M),
    Years(date(2000, 1, 30), date(2000, 6, 30), "0.415300546448", M),
]

S = "SWD(2012) 128, Annex 1, 4.1.1, in the tests of curo (whole years and days)"
YEARS_BACK = [
    Years(date(2012, 1, 12), date(2012, 2, 15), Fraction(34, 365), S),
    Years(date(2012, 1, 12), date(2013, 2, 15), 1 + Fraction(34, 365), S),
    Years(date(2012, 1, 12), date(2014, 2, 15), 2 + Fraction(34, 365), S),
    Years(date(2020, 1, 1), date(2021, 3, 15), 1 + Fraction(74, 366), S),
    Years(date(2020, 1, 1), date(2020, 1, 1), Fraction(0), S),
    Years(date(2024, 2, 27), date(2025, 2, 28), 1 + Fraction(1, 365), S),
    Years(date(2024, 2, 29), date(2025, 3, 31), 1 + Fraction(31, 366), S),
    Years(date(2024, 2, 28), date(2025, 2, 27), Fraction(365, 366), S),
    Years(date(2024, 2, 28), date(2025, 2, 28), Fraction(1), S),
    Years(date(2024, 2, 29), date(2025, 2, 28), Fraction(1), S),
    Years(date(2023, 2, 28), date(2024, 2, 28), Fraction(1), S),
    Years(date(2023, 2, 28), date(2024, 2, 29), Fraction(1), S),
]
