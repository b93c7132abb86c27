"""Files as banks, shops, offices and machines write them, each with the table expected of it."""
# ruff: noqa: DTZ001, E501  (what stands in a file has no zone; a file is told in one line)

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.connectors.files import Becomes, File, book, rows, sheet, text

NIGHT = datetime(2026, 1, 1)


def lines(head: str, line: Any, count: int, foot: str = "") -> Any:
    """A file of `count` rows, each by `line(number)`."""
    return lambda: head + "\n" + "".join(f"{line(n)}\n" for n in range(count)) + foot


def german(number: float) -> str:
    return f"{number:,.2f}".translate(str.maketrans(",.", ".,"))


def bank(n: int) -> str:
    day = date(2026, 1, 1) + timedelta(days=n)
    return (f'"{day:%d.%m.%Y}";"{day:%d.%m.%y}";"Gebucht";"Müller & Söhne GmbH";"Rechnung {n}; '
            f'Danke";"DE0212030000000020205{n % 10}";"{german(-1000.5 - n)} €"')  # fmt: skip


def payroll(page: Any) -> None:
    page.append(["ACME Ltd. — Payroll 2026"])
    page.append([])
    page.append(["Employee No", "Name", "Hired", "Salary", "Full time"])
    for n in range(30):
        page.append([f"{n:05d}", f"Person {n}", date(2020, 1, 1) + timedelta(days=n), 4000 + n / 2,
                     n % 2 == 0])  # fmt: skip


def budget(made: Any) -> None:
    money = made.add_format({"num_format": "#,##0.00 €"})
    day = made.add_format({"num_format": "dd.mm.yyyy"})
    for name in ("Januar", "Februar"):
        page = made.add_worksheet(name)
        page.write(0, 0, f"Kostenstellen {name}")
        page.write_row(2, 0, ["Kostenstelle", "Buchungstag", "Betrag", "Kumuliert"])
        for n in range(12):
            page.write_string(3 + n, 0, f"0{4000 + n}")
            page.write_datetime(3 + n, 1, NIGHT + timedelta(days=n), day)
            page.write_number(3 + n, 2, 10.25 * (n + 1), money)
            page.write_formula(3 + n, 3, f"=SUM(C$4:C{4 + n})", money, 10.25 * (n + 1))
    made.add_worksheet("Parameter").hide()


def survey(made: Any) -> None:
    page = made.add_worksheet("Form Responses 1")
    page.write_row(0, 0, ["Timestamp", "How satisfied are you? (1-5)", "Would you recommend us?",
                          "Comments, please"])  # fmt: skip
    moment = made.add_format({"num_format": "m/d/yyyy h:mm:ss"})
    for n in range(1, 41):
        page.write_datetime(n, 0, NIGHT + timedelta(hours=n), moment)
        page.write_number(n, 1, 1 + n % 5)
        page.write_string(n, 2, "Yes" if n % 3 else "No")
        page.write_string(n, 3, "=not a formula\nreally" if n == 1 else "")


LIFELIKE: dict[str, File] = {
    "a German bank's statement": text(
        lambda: '"Girokonto";"DE02120300000000202051"\n"Kontostand vom 01.04.2026:";"1.234,56 €"\n'
        '""\n' + lines('"Buchungsdatum";"Wertstellung";"Status";"Empfänger";"Zweck";"IBAN";'
                       '"Betrag (€)"', bank, 60)(),
        Becomes("buchungsdatum DATE, wertstellung DATE, status VARCHAR, empfaenger VARCHAR, "
                "zweck VARCHAR, iban VARCHAR, betrag_eur DOUBLE",
                [(date(2026, 1, 1), date(2026, 1, 1), "Gebucht", "Müller & Söhne GmbH",
                  "Rechnung 0; Danke", "DE02120300000000202050", -1000.5)], count=60,
                notes=("rows above the table were skipped", "Windows", "betrag_eur is in €")),
        "cp1252",
    ),
    "a web shop's orders": text(
        lines("Name,Email,Paid at,Currency,Subtotal,Shipping Zip,Accepts Marketing",
              lambda n: f"#{1001 + n},p{n}@example.com,2026-01-{1 + n % 28:02d} 10:00:00 +0100,EUR,"
                        f"{n + .5:.2f},0{1067 + n},{'yes' if n % 2 else 'no'}", 50),
        Becomes("name VARCHAR, email VARCHAR, paid_at TIMESTAMP WITH TIME ZONE, currency VARCHAR, "
                "subtotal DOUBLE, shipping_zip VARCHAR, accepts_marketing BOOLEAN",
                [("#1001", "p0@example.com", datetime(2026, 1, 1, 9, tzinfo=UTC), "EUR", 0.5,
                  "01067", False)], count=50),
    ),
    "a payment provider's report": text(
        lines("id,Created (UTC),Amount,Fee,Status,Card Last4",
              lambda n: f"ch_{n:024d},2026-02-{1 + n % 28:02d} 08:{n % 60:02d},\"{1000 + n:,}.00\","
                        f"{n % 7}.25,Paid,{n % 10_000:04d}", 80),
        Becomes("id VARCHAR, created_utc TIMESTAMP, amount DOUBLE, fee DOUBLE, status VARCHAR, "
                "card_last4 VARCHAR",
                [(f"ch_{0:024d}", datetime(2026, 2, 1, 8), 1000.0, 0.25, "Paid", "0000")], count=80),
    ),
    "web analytics with a preamble": text(
        lambda: "# ----------------\n# All Web Site Data\n# 20260101-20260131\n# ----------------\n\n"
        + lines("Date,Users,Bounce Rate,Avg. Session Duration",
                lambda n: f"202601{1 + n:02d},\"{1000 + n:,}\",{40 + n / 10:.1f}%,00:01:{n:02d}", 31)(),
        Becomes("date DATE, users DOUBLE, bounce_rate DOUBLE, avg_session_duration TIME",
                [(date(2026, 1, 1), 1000.0, 40.0, datetime(2026, 1, 1, 0, 1).time())], count=31,
                notes=("above the table were skipped", "date was read as days",
                       "bounce_rate is in percent")),
    ),
    "an ERP's list with bars": text(
        lines("Material|Bezeichnung|Bestand|Preis|Letzte Buchung",
              lambda n: f"{n:018d}|Schraube M{n}|{german(1000 + n)}|{german(n / 4)}|"
                        f"{date(2026, 3, 1) + timedelta(days=n):%d.%m.%Y}", 25),
        Becomes("material VARCHAR, bezeichnung VARCHAR, bestand DOUBLE, preis DOUBLE, "
                "letzte_buchung DATE",
                [(f"{0:018d}", "Schraube M0", 1000.0, 0.0, date(2026, 3, 1))], count=25),
        name="MB52.txt",
    ),
    "a market place's settlement": text(
        lines("settlement-id\torder-id\tposted-date\ttotal-amount\tsku",
              lambda n: f"1234567890{n % 10}\t302-{n:07d}-1\t{1 + n % 28:02d}.01.2026\t{n},50\t00{n}",
              40),
        Becomes("settlement_id BIGINT, order_id VARCHAR, posted_date DATE, total_amount DOUBLE, "
                "sku VARCHAR", [(12345678900, "302-0000000-1", date(2026, 1, 1), 0.5, "000")],
                count=40),
        name="settlement.txt",
    ),
    "an issue tracker's export": text(
        lines("Issue key,Summary,Created,Story Points,Labels,Labels",
              lambda n: f'DM-{n},"Say ""hi"", line one\nline two",{1 + n % 28:02d}/Jan/26 9:15 AM,'
                        f"{n % 8}.0,bug,", 30),
        Becomes("issue_key VARCHAR, summary VARCHAR, created VARCHAR, story_points DOUBLE, "
                "labels VARCHAR, labels_2 VARCHAR",
                [("DM-0", 'Say "hi", line one\nline two', "01/Jan/26 9:15 AM", 0.0, "bug", None)],
                count=30),
    ),
    "a sensor's log": text(
        lines("ts;temp_c;humidity;ok",
              lambda n: f"{(NIGHT + timedelta(seconds=n)).isoformat()};"
                        f"{'ERR' if n == 777 else f'{20 + n % 10},{n % 10}'};{n % 100};{n % 2}", 2000),
        Becomes("ts TIMESTAMP, temp_c DOUBLE, humidity BIGINT, ok BIGINT", [(NIGHT, 20.0, 0, 0)],
                count=2000, notes=("1 cell of temp_c was not numbers",),
                quarantine=((779, "temp_c", "ERR"),)),
    ),
    "a statistics office's table": text(
        lambda: "Bevölkerung nach Gemeinden\nStichtag: 31.12.2025\n\n"
        + lines("AGS;Gemeinde;2023;2024;2025",
                lambda n: f"0{1001000 + n};Stadt {n};{10000 + n};{10100 + n};{'-' if n == 3 else n}",
                40)(),
        Becomes("ags VARCHAR, gemeinde VARCHAR, column_2023 BIGINT, column_2024 BIGINT, "
                "column_2025 BIGINT", [("01001000", "Stadt 0", 10000, 10100, 0)], count=40,
                notes=("above the table were skipped", "column_2025 said", "Windows")),
        "cp1252",
    ),
    "a bookkeeper's journal": text(
        lines("Umsatz;Soll/Haben;Konto;Gegenkonto;Belegdatum;Belegfeld 1",
              lambda n: f"{german(n + 0.99)};{'SH'[n % 2]};{8400};0{n % 10}00;{1 + n % 28:02d}.01.26;"
                        f"RE-{n}", 70),
        Becomes("umsatz DOUBLE, soll_haben VARCHAR, konto BIGINT, gegenkonto VARCHAR, "
                "belegdatum DATE, belegfeld_1 VARCHAR",
                [(0.99, "S", 8400, "0000", date(2026, 1, 1), "RE-0")], count=70),
        "latin-1",
    ),
    "contacts from a CRM": text(
        lines("\ufeffRecord ID,First Name,Phone Number,Create Date,Associated Company ID",
              lambda n: f"{4_000_000_000 + n},Zoë {n},+4930{1000000 + n},2026-01-01 00:{n % 60:02d},"
                        f"{'' if n % 3 else 9_000_000_000 + n}", 60),
        Becomes("record_id BIGINT, first_name VARCHAR, phone_number VARCHAR, create_date TIMESTAMP, "
                "associated_company_id BIGINT",
                [(4_000_000_000, "Zoë 0", "+49301000000", NIGHT, 9_000_000_000)], count=60),
    ),
    "a French export": text(
        lines("Date;Client;Montant TTC;Payé",
              lambda n: f"{1 + n % 28:02d}/02/2026;Société n°{n};1 {n:03d},50 €;{'oui' if n % 2 else 'non'}",
              45),
        Becomes("date DATE, client VARCHAR, montant_ttc DOUBLE, paye BOOLEAN",
                [(date(2026, 2, 1), "Société n°0", 1000.5, False)], count=45,
                notes=("Windows", "montant_ttc is in €")),
        "cp1252",
    ),
    "an American sales report": text(
        lines("Order Date,Ship Date,State,Sales,Discount",
              lambda n: f"{1 + n % 12}/{1 + n % 28}/2025,{1 + n % 12}/{1 + n % 28}/25,CA,"
                        f"\"${1000 + n:,}.99\",{n % 30}%", 100),
        Becomes("order_date DATE, ship_date DATE, state VARCHAR, sales DOUBLE, discount DOUBLE",
                [(date(2025, 1, 1), date(2025, 1, 1), "CA", 1000.99, 0.0),
                 (date(2025, 2, 2), date(2025, 2, 2), "CA", 1001.99, 1.0)], count=100,
                notes=("sales is in $", "discount is in percent")),
    ),
    "a Swiss invoice list": text(
        lines("Rechnung;Betrag CHF;Fällig am",
              lambda n: f"R{n};{1 + n}'{n:03d}.05;{date(2026, 5, 1) + timedelta(days=n):%d.%m.%Y}", 20),
        Becomes("rechnung VARCHAR, betrag_chf DOUBLE, faellig_am DATE",
                [("R0", 1000.05, date(2026, 5, 1))], count=20),
    ),
    "a database's dump": text(
        lines("id\tname\tdeleted_at\tbalance",
              lambda n: f"{n}\tuser {n}\t{'2026-01-01 00:00:00' if n == 5 else chr(92) + 'N'}\t{n}.10",
              300),
        Becomes("id BIGINT, name VARCHAR, deleted_at TIMESTAMP, balance DOUBLE",
                [(0, "user 0", None, 0.1)], count=300, notes=("299 cells of deleted_at said",)),
        name="users.tsv",
    ),
    "Excel's Unicode text": text(
        lines("Artikel\tMenge\tPreis", lambda n: f"Łopata {n}\t{n}\t{n},99", 15),
        Becomes("artikel VARCHAR, menge BIGINT, preis DOUBLE", [("Łopata 0", 0, 0.99)], count=15),
        "utf-16", name="artikel.txt",
    ),
    "a price list with EANs": text(
        lines("EAN,Title,Price", lambda n: f"{4006381333931 + n},Pen {n},{n}.49", 20),
        Becomes("ean BIGINT, title VARCHAR, price DOUBLE", [(4006381333931, "Pen 0", 0.49)], count=20),
    ),
    "a payroll workbook": sheet(
        payroll,
        Becomes("employee_no VARCHAR, name VARCHAR, hired DATE, salary DOUBLE, full_time BOOLEAN",
                [("00000", "Person 0", date(2020, 1, 1), 4000.0, True)], count=30,
                notes=("2 rows above the table",), name="sheet"),
    ),
    "a budget of several months": book(
        budget,
        [Becomes("kostenstelle VARCHAR, buchungstag DATE, betrag DOUBLE, kumuliert DOUBLE",
                 [("04000", date(2026, 1, 1), 10.25, 10.25)], count=12, name=month,
                 notes=("2 rows above the table",)) for month in ("januar", "februar")],
    ),
    "answers to a form": book(
        survey,
        Becomes("timestamp TIMESTAMP, how_satisfied_are_you_1_5 BIGINT, "
                "would_you_recommend_us BOOLEAN, comments_please VARCHAR",
                [(NIGHT + timedelta(hours=1), 2, True, "=not a formula\nreally")], count=40),
    ),
    "a product catalogue": book(
        rows(["SKU", "EAN", "Weight kg", "In stock"],
             *([f"A-{n}", f"0{n:012d}", 0.25 * n, bool(n % 2)] for n in range(50))),
        Becomes("sku VARCHAR, ean VARCHAR, weight_kg DOUBLE, in_stock BOOLEAN",
                [("A-0", "0000000000000", 0.0, False)], count=50),
    ),
}  # fmt: skip
