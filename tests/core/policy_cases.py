"""Ways to a private column, by the dialects in which they are SQL."""

from typing import Final

ALL: Final = ("sqlite", "duckdb", "postgres", "mysql", "mariadb")
LITE: Final = ("sqlite",)
DUCK: Final = ("duckdb",)
POSTGRES: Final = ("postgres",)
MY: Final = ("mysql", "mariadb")
NOT_MY: Final = ("sqlite", "duckdb", "postgres")
ROWS: Final = ("duckdb", "postgres")

MASKED: Final[dict[str, tuple[str, ...]]] = {
    "SELECT email FROM customers": ALL,
    "SELECT EMAIL FROM customers": ALL,
    "SELECT c.email FROM customers c": ALL,
    "SELECT c.email AS e, id FROM customers AS c ORDER BY id": ALL,
    "SELECT customers.email FROM customers": ALL,
    "SELECT * FROM customers": ALL,
    "SELECT*FROM customers": ALL,
    "SELECT c.* FROM customers c": ALL,
    "SELECT *, 1 AS one FROM customers ORDER BY name": ALL,
    "SELECT c.*, o.* FROM customers c LEFT JOIN orders o ON o.customer_id = c.id": ALL,
    "SELECT * FROM customers c JOIN (SELECT customer_id, SUM(total) AS t FROM orders "
    "GROUP BY customer_id) o ON o.customer_id = c.id": ALL,
    "SELECT * FROM customers a, customers b WHERE a.id = b.id": ALL,
    "SELECT a.email, b.email FROM customers a JOIN customers b ON a.id < b.id": ALL,
    "(SELECT email FROM customers)": (*ROWS, *MY),
    "SELECT id, email FROM customers ORDER BY 1 DESC LIMIT 2": ALL,
    "SELECT name, email FROM customers UNION ALL SELECT email, 'x' FROM newsletter": ALL,
    "SELECT 'x' AS a, email FROM newsletter UNION ALL SELECT name, email FROM customers": ALL,
    "WITH d AS (SELECT id FROM customers WHERE country = 'DE') "
    "SELECT c.email FROM customers c JOIN d ON d.id = c.id": ALL,
    "SELECT email, (SELECT COUNT(*) FROM orders o WHERE o.customer_id = c.id) AS n "
    "FROM customers c": ALL,
    'SELECT "email" FROM customers': NOT_MY,
    'SELECT "EMAIL" FROM customers': ("sqlite", "duckdb"),
    "SELECT [email] FROM customers": LITE,
    "SELECT `c`.`email` FROM customers AS `c`": (*LITE, *MY),
    "SELECT email 'e' FROM customers": (*LITE, *MY),
    "SELECT public.customers.email FROM public.customers": POSTGRES,
    "SELECT main.customers.email FROM main.customers": ("sqlite", "duckdb"),
    "SELECT e: email FROM customers": DUCK,
    "FROM customers SELECT email": DUCK,
    "SELECT * EXCLUDE (email) FROM customers": DUCK,
    "SELECT * EXCLUDE name FROM customers": DUCK,
    "SELECT c.* EXCLUDE (id, email), o.total FROM customers c JOIN orders o ON true": DUCK,
    "SELECT COUNT(*) FROM (SELECT * EXCLUDE (email) FROM customers) x": DUCK,
}

HARMLESS: Final[dict[str, tuple[str, ...]]] = {
    "SELECT id, name FROM customers ORDER BY 2": ALL,
    "SELECT COUNT(*) FROM customers": ALL,
    "SELECT email FROM newsletter ORDER BY email": ALL,
    "SELECT n.email FROM customers c JOIN newsletter n ON n.id = c.id WHERE n.email > 'a'": ALL,
    "SELECT name FROM customers c WHERE EXISTS "
    "(SELECT * FROM orders o WHERE o.customer_id = c.id)": ALL,
    "SELECT total FROM orders o WHERE EXISTS "
    "(SELECT * FROM customers c WHERE o.customer_id = c.id)": ALL,
    "WITH n AS (SELECT id, email FROM newsletter) "
    "SELECT c.name, n.email FROM customers c JOIN n ON n.id = c.id": (*ROWS, *MY),
    "WITH n AS (SELECT l.id, l.email FROM newsletter l) "
    "SELECT c.name, n.email FROM customers c JOIN n ON n.id = c.id": ALL,
    "SELECT COUNT(DISTINCT c.id) AS customers FROM customers c": ALL,
    "SELECT x.email FROM (SELECT 'a' AS email FROM newsletter) x": ALL,
    "WITH c AS (SELECT c.id, c.name FROM customers c) SELECT c.name, c.id FROM c": ALL,
}

REFUSED: Final[dict[str, tuple[str, ...]]] = {
    # conditions
    "SELECT id FROM customers WHERE email = 'x'": ALL,
    "SELECT id FROM customers WHERE customers.EMAIL LIKE 't%'": ALL,
    "SELECT id FROM customers WHERE (email) > 'a'": ALL,
    "SELECT id FROM customers WHERE (id, email) IN (SELECT id, email FROM newsletter)": ALL,
    "SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE email > 'a')": ALL,
    "SELECT n.id FROM newsletter n WHERE n.email IN (SELECT email FROM customers)": ALL,
    "SELECT n.id FROM newsletter n WHERE EXISTS "
    "(SELECT 1 FROM customers c WHERE c.email = n.email)": ALL,
    "SELECT n.id FROM newsletter n WHERE n.email = ANY (SELECT email FROM customers)": (
        *ROWS,
        *MY,
    ),
    "SELECT id FROM customers WHERE ROW(id, email) = ROW(1, 'x')": (*ROWS, *MY),
    "SELECT c.id FROM customers c JOIN newsletter n ON n.email < c.email": ALL,
    "SELECT c.id FROM customers c JOIN newsletter n USING (email)": ALL,
    "SELECT c.id FROM customers c NATURAL JOIN newsletter n": ALL,
    "SELECT country FROM customers GROUP BY country HAVING MAX(email) > 'a'": ALL,
    # order, groups, distinct
    "SELECT id FROM customers ORDER BY email": ALL,
    "SELECT id, email FROM customers ORDER BY 2": ALL,
    "SELECT id, email FROM customers ORDER BY (2) DESC": ALL,
    "SELECT id, email AS e FROM customers ORDER BY e": ALL,
    "SELECT * FROM customers ORDER BY 4": ALL,
    "SELECT * FROM customers ORDER BY email": ALL,
    "SELECT orders.*, customers.email FROM orders, customers ORDER BY 7": ALL,
    "SELECT email FROM customers UNION ALL SELECT email FROM newsletter ORDER BY 1": ALL,
    "SELECT email FROM customers UNION ALL SELECT email FROM newsletter ORDER BY email": ALL,
    "SELECT email AS e FROM customers UNION ALL SELECT name FROM customers ORDER BY e": ALL,
    "SELECT COUNT(*) FROM customers GROUP BY email": ALL,
    "SELECT email, COUNT(*) FROM customers GROUP BY 1": ALL,
    "SELECT COUNT(*), country FROM customers GROUP BY country, email": ALL,
    "SELECT DISTINCT email FROM customers": ALL,
    "SELECT DISTINCT * FROM customers": ALL,
    "SELECT DISTINCT ON (email) id FROM customers": ROWS,
    "SELECT DISTINCT ON (country) country, email FROM customers": ROWS,
    "SELECT email, COUNT(*) FROM customers GROUP BY ALL": DUCK,
    "SELECT email FROM customers ORDER BY ALL": DUCK,
    # set operations
    "SELECT email FROM customers UNION SELECT email FROM newsletter": ALL,
    "SELECT email FROM customers INTERSECT SELECT email FROM newsletter": ALL,
    "SELECT email FROM newsletter EXCEPT SELECT email FROM customers": ALL,
    "SELECT email FROM newsletter UNION ALL (SELECT email FROM customers UNION SELECT 'a')": (
        *ROWS,
        *MY,
    ),
    "SELECT * FROM customers EXCEPT SELECT * FROM customers WHERE id = 1": ALL,
    "SELECT email FROM newsletter UNION BY NAME SELECT email FROM customers": DUCK,
    # expressions
    "SELECT UPPER(email) FROM customers": ALL,
    "SELECT email || '' FROM customers": ALL,
    "SELECT (email) FROM customers": ALL,
    "SELECT MAX(email) FROM customers": ALL,
    "SELECT COUNT(email) FROM customers": ALL,
    "SELECT COUNT(DISTINCT c.email) FROM customers c": ALL,
    "SELECT CASE WHEN email LIKE 't%' THEN 1 ELSE 0 END FROM customers": ALL,
    "SELECT CAST(email AS CHAR(9)) FROM customers": ALL,
    "SELECT email IS NULL FROM customers": ALL,
    "SELECT COALESCE(NULL, email) FROM customers": ALL,
    "SELECT 1 / (CASE WHEN email < 'b' THEN 0 ELSE 1 END) FROM customers": ALL,
    "SELECT ROW_NUMBER() OVER (ORDER BY email) FROM customers": ALL,
    "SELECT id FROM customers WINDOW w AS (ORDER BY email)": ALL,
    "SELECT LAG(email) OVER (ORDER BY id) FROM customers": ALL,
    "SELECT (SELECT email FROM customers WHERE id = 1)": ALL,
    "SELECT (SELECT email) FROM customers": ALL,
    "SELECT (SELECT MAX(n.id) FROM newsletter n WHERE n.email = c.email) FROM customers c": ALL,
    "SELECT DATE_TRUNC(email, signed_up_on) FROM customers": ROWS,
    "SELECT DATE_TRUNC(c.email, c.signed_up_on) FROM customers c": ROWS,
    "SELECT DATE_DIFF(email, signed_up_on, signed_up_on) FROM customers": DUCK,
    "SELECT SUM(id) FILTER (WHERE email > 'a') FROM customers": NOT_MY,
    "SELECT STRING_AGG(email, ',') FROM customers": ROWS,
    "SELECT GROUP_CONCAT(email) FROM customers": (*LITE, *MY),
    "SELECT GROUP_CONCAT(name ORDER BY email) FROM customers": MY,
    "SELECT email::text FROM customers": ROWS,
    "SELECT CAST(email AS INTEGER) FROM customers": NOT_MY,
    "SELECT id FROM customers WHERE MATCH (email) AGAINST ('x')": MY,
    # sub-selects and steps
    "SELECT e FROM (SELECT email AS e FROM customers) x": ALL,
    "SELECT * FROM (SELECT * FROM customers) x": ALL,
    "SELECT * FROM (SELECT c.* FROM customers c) x": ALL,
    "WITH x AS (SELECT email FROM customers) SELECT * FROM x": ALL,
    "WITH x AS (SELECT * FROM customers) SELECT id FROM x": ALL,
    "WITH x (a, b, c, d, e) AS (SELECT * FROM customers) SELECT d FROM x": ALL,
    "WITH customers AS (SELECT * FROM customers) SELECT email FROM customers": ("postgres", *MY),
    "WITH RECURSIVE x AS (SELECT email FROM customers UNION ALL SELECT email FROM x WHERE 1 = 0) "
    "SELECT * FROM x": ALL,
    "WITH RECURSIVE a AS (SELECT c.email AS x FROM customers c), customers AS "
    "(SELECT 'a' AS email) SELECT * FROM a": ("duckdb", *MY),
    "WITH RECURSIVE customers AS (SELECT * FROM customers) SELECT email FROM customers": ALL,
    "WITH RECURSIVE customers AS (SELECT email FROM customers UNION ALL SELECT 'a') "
    "SELECT email FROM customers": ALL,
    "SELECT * FROM orders o, LATERAL (SELECT email FROM customers c WHERE c.id = o.id) l": (
        "duckdb",
        "postgres",
        "mysql",
    ),
    "SELECT l.x FROM customers c, LATERAL (SELECT c.email AS x) l": ("duckdb", "postgres", "mysql"),
    "SELECT l.x FROM customers c, (SELECT email AS x) l": DUCK,
    "SELECT l.x FROM customers c CROSS JOIN LATERAL (VALUES (c.email)) AS l (x)": ROWS,
    "SELECT u FROM customers c, UNNEST([c.email]) AS t (u)": DUCK,
    "SELECT u FROM customers c, UNNEST(ARRAY[c.email]) AS t (u)": ROWS,
    # SQLite looks names of a step up where the step is read
    "WITH x AS (SELECT email) SELECT (SELECT * FROM x) FROM customers": LITE,
    "WITH x AS (SELECT c.email AS e) SELECT (SELECT e FROM x) FROM customers c": LITE,
    "WITH x AS (SELECT id, (SELECT email) AS e FROM orders) "
    "SELECT (SELECT MAX(e) FROM x) FROM customers": LITE,
    "SELECT c.id FROM customers c WHERE EXISTS "
    "(WITH x AS (SELECT email AS e) SELECT 1 FROM x WHERE e > 'a')": NOT_MY,
    "SELECT d.e FROM customers c LEFT JOIN (SELECT c.email AS e) d ON 1 = 1": DUCK,
    "SELECT (SELECT e FROM (SELECT email AS e) d) FROM customers": ALL,
    "TABLE customers": (*ROWS, "mysql"),
    "SELECT * FROM (TABLE customers) AS x (a, b, c, d, e)": POSTGRES,
    # other names for the table's columns
    "SELECT b FROM customers AS c (i, n, l, b, s)": ROWS,
    "SELECT j.email FROM (customers c CROSS JOIN orders o) AS j": ("duckdb", "postgres", "sqlite"),
    "SELECT j.* FROM (customers c CROSS JOIN newsletter n) AS j": ("duckdb", "postgres", "sqlite"),
    "SELECT j FROM (customers c CROSS JOIN newsletter n) AS j": POSTGRES,
    "SELECT d FROM (customers c CROSS JOIN newsletter n) AS j (a, b, c, d)": POSTGRES,
    # the whole row
    "SELECT c FROM customers c": ROWS,
    "SELECT customers FROM customers": ROWS,
    "SELECT c::text FROM customers c": ROWS,
    "SELECT (c).email FROM customers c": POSTGRES,
    "SELECT (c.*)::text FROM customers c": POSTGRES,
    "SELECT ROW(c.*) FROM customers c": POSTGRES,
    "SELECT COUNT(c.*) FROM customers c": POSTGRES,
    "SELECT COUNT(DISTINCT c) FROM customers c": ROWS,
    "SELECT ROW_TO_JSON(c) FROM customers c": ROWS,
    "SELECT TO_JSONB(c) FROM customers c": POSTGRES,
    "SELECT JSON_AGG(c) FROM customers c": POSTGRES,
    "SELECT ARRAY_AGG(c) FROM customers c": ROWS,
    "SELECT TO_JSON(customers) FROM customers": ROWS,
    "SELECT c.row_to_json FROM customers c": POSTGRES,
    "SELECT email(c) FROM customers c": POSTGRES,
    "SELECT c IS NULL FROM customers c": ROWS,
    "SELECT o.id FROM orders o, customers c ORDER BY c": ROWS,
    "SELECT id FROM customers c WHERE c > ROW(1, 'a', 'b', 'c', DATE '2026-01-01')": ROWS,
    "SELECT x FROM (SELECT c AS x FROM customers c) y": ROWS,
    "SELECT MAX(c) FROM customers c": ROWS,
    "SELECT DATE_TRUNC(c, now()) FROM customers c": ROWS,
    "SELECT public.customers FROM customers": POSTGRES,
    "SELECT main.customers FROM customers": DUCK,
    "SELECT COALESCE(c, c) FROM customers c": ROWS,
    "SELECT c['email'] FROM customers c": DUCK,
    "SELECT STRUCT_EXTRACT(c, 'email') FROM customers c": DUCK,
    "SELECT UNNEST(c) FROM customers c": DUCK,
    "SELECT LIST(c) FROM customers c": DUCK,
    "SELECT JSON_EACH.value FROM customers c, JSON_EACH(TO_JSON(c))": ROWS,
    # DuckDB's own
    "FROM customers": DUCK,
    "SELECT #4 FROM customers": DUCK,
    "SELECT id FROM customers ORDER BY #4": DUCK,
    "SELECT COLUMNS('em.*') FROM customers": DUCK,
    "SELECT COLUMNS(*) FROM customers": DUCK,
    "SELECT MIN(COLUMNS(*)) FROM customers": DUCK,
    "SELECT COLUMNS(lambda c: c LIKE 'e%') FROM customers": DUCK,
    "SELECT * LIKE 'em%' FROM customers": DUCK,
    "SELECT * REPLACE (upper(email) AS email) FROM customers": DUCK,
    "SELECT * RENAME (email AS x) FROM customers": DUCK,
    "SELECT COUNT(* EXCLUDE (id, name)) FROM customers": DUCK,
    "SELECT STRUCT_PACK(*) FROM customers": DUCK,
    "SELECT ROW(*) FROM customers": DUCK,
    "SELECT email AS e, UPPER(e) FROM customers": DUCK,
    "SELECT id, email AS e FROM customers WHERE e > 'a'": (*DUCK, *LITE),
    "SELECT id FROM customers QUALIFY ROW_NUMBER() OVER (ORDER BY email) = 1": DUCK,
    "SELECT 1 FROM customers c POSITIONAL JOIN newsletter n WHERE c.email > n.email": DUCK,
    "SELECT LIST_TRANSFORM([1], lambda x: email) FROM customers": DUCK,
    "PIVOT customers ON email USING count(*)": DUCK,
    "SUMMARIZE customers": DUCK,
    # SQLite's and MySQL's own
    "SELECT c.'email' FROM customers c": LITE,
    "SELECT id FROM customers ORDER BY [email]": LITE,
    "SELECT id FROM customers WHERE \"email\" > 'a'": NOT_MY,
    "SELECT id FROM customers JOIN newsletter USING ('email')": LITE,
    "SELECT id FROM newsletter WHERE email IN customers": LITE,
    "SELECT id FROM customers WHERE `EMAIL` > 'a'": (*LITE, *MY),
    "SELECT c.id FROM newsletter C, customers c WHERE c.email > 'a'": MY,
    "SELECT (SELECT MAX(c.email) FROM newsletter C) FROM customers c": MY,
    "SELECT id FROM customers HAVING email > 'a'": MY,
    "SELECT emaİl FROM customers WHERE emaİl > 'a'": MY,
    # PostgreSQL's quoted and escaped names
    "SELECT C.email, c.email AS x FROM newsletter \"C\", customers c WHERE c.email > 'a'": POSTGRES,
    'SELECT U&"em\\0061il" FROM customers': POSTGRES,
    'SELECT UPPER("email") FROM "customers"': ROWS,
}

# What orders give where only those of DE may be read: rows 1 and 2 of five, worth 10 and 20.
RULES: Final[dict[str, tuple[tuple[str, ...], list[tuple[int, ...]]]]] = {
    "SELECT COUNT(*), SUM(total) FROM orders": (ALL, [(2, 30)]),
    "SELECT COUNT(*), SUM(o.total) FROM orders AS o": (ALL, [(2, 30)]),
    "SELECT COUNT(*), SUM(orders.total) FROM orders WHERE status = 'paid'": (ALL, [(1, 10)]),
    "SELECT COUNT(*) FROM orders WHERE country = 'FR' OR 1 = 1": (ALL, [(2,)]),
    "SELECT id FROM orders ORDER BY id": (ALL, [(1,), (2,)]),
    "SELECT COUNT(*) FROM orders a JOIN orders b ON a.id <> b.id": (ALL, [(2,)]),
    "SELECT COUNT(*) FROM orders a, orders b, orders": (ALL, [(8,)]),
    "SELECT COUNT(*) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id": (ALL, [(4,)]),
    "SELECT COUNT(*) FROM (orders o CROSS JOIN customers c)": (ALL, [(6,)]),
    "SELECT COUNT(*) FROM customers WHERE id IN (SELECT customer_id FROM orders)": (ALL, [(1,)]),
    "SELECT COUNT(*) FROM customers c WHERE NOT EXISTS "
    "(SELECT * FROM orders o WHERE o.customer_id = c.id)": (ALL, [(2,)]),
    "SELECT (SELECT SUM(total) FROM orders o WHERE o.customer_id = c.id) AS s "
    "FROM customers c WHERE id = 1": (ALL, [(30,)]),
    "WITH x AS (SELECT * FROM orders) SELECT COUNT(*) FROM x": (ALL, [(2,)]),
    "WITH x AS (SELECT * FROM orders), y AS (SELECT * FROM x, orders) SELECT COUNT(*) FROM x, y": (
        ("sqlite", "postgres"),
        [(8,)],
    ),
    "WITH orders AS (SELECT * FROM orders WHERE status = 'paid') SELECT COUNT(*) FROM orders": (
        ("postgres", "duckdb", "mysql", "mariadb"),
        [(1,)],
    ),
    "WITH orders AS (SELECT 1 AS id UNION ALL SELECT 2 UNION ALL SELECT 3) "
    "SELECT COUNT(*) FROM orders": (ALL, [(3,)]),
    "WITH RECURSIVE orders AS (SELECT * FROM orders) SELECT COUNT(*) FROM orders": (DUCK, [(2,)]),
    "WITH RECURSIVE orders AS (SELECT * FROM orders UNION ALL SELECT * FROM orders WHERE 1 = 0) "
    "SELECT COUNT(*) FROM orders": (DUCK, [(2,)]),
    "SELECT id FROM orders UNION SELECT id FROM orders ORDER BY 1": (ALL, [(1,), (2,)]),
    "SELECT id FROM orders UNION ALL SELECT id FROM orders ORDER BY 1": (
        ALL,
        [(1,), (1,), (2,), (2,)],
    ),
    "SELECT id FROM customers EXCEPT SELECT customer_id FROM orders ORDER BY 1": (
        ALL,
        [(2,), (3,)],
    ),
    "WITH RECURSIVE w AS (SELECT id FROM orders WHERE id = 1 UNION ALL "
    "SELECT o.id FROM orders o JOIN w ON o.id = w.id + 1) SELECT COUNT(*) FROM w": (ALL, [(2,)]),
    "SELECT o.id, l.n FROM orders o, LATERAL (SELECT COUNT(*) AS n FROM orders p "
    "WHERE p.id >= o.id) l ORDER BY 1": (("postgres", "duckdb", "mysql"), [(1, 2), (2, 1)]),
    "SELECT COUNT(*) FROM public.orders": (POSTGRES, [(2,)]),
    "SELECT COUNT(*) FROM public.orders AS o WHERE o.total > 10": (POSTGRES, [(1,)]),
    "SELECT COUNT(*) FROM main.orders": (("sqlite", "duckdb"), [(2,)]),
    'SELECT COUNT(*) FROM "orders"': (NOT_MY, [(2,)]),
    "SELECT COUNT(*) FROM ORDERS": (NOT_MY, [(2,)]),
    "SELECT COUNT(*) FROM `orders` `o`": (MY, [(2,)]),
    "FROM orders SELECT COUNT(*)": (DUCK, [(2,)]),
    "FROM o: orders SELECT COUNT(o.id)": (DUCK, [(2,)]),
    "SELECT COUNT(*) FROM whole": (ALL, [(5,)]),
    "SELECT COUNT(*) FROM customers": (ALL, [(3,)]),
}

UNRULED: Final[dict[str, tuple[str, ...]]] = {
    "SELECT public.orders.total FROM public.orders": POSTGRES,
    "SELECT main.orders.total FROM main.orders": ("sqlite", "duckdb"),
    "SELECT COUNT(*) FROM orders TABLESAMPLE SYSTEM (50)": POSTGRES,
    "SELECT COUNT(*) FROM ONLY orders": POSTGRES,
    "TABLE orders": (*ROWS, *MY),
    "SELECT COUNT(*) FROM orders USE INDEX (a)": MY,
    "SELECT COUNT(*) FROM orders NOT INDEXED": LITE,
    "SELECT 1 WHERE 1 IN orders": LITE,
}

# Each makes an engine fail by a value, if it tests it on a row that the rule leaves out.
TELLING: Final[dict[str, tuple[str, ...]]] = {
    "SELECT id FROM orders WHERE CAST(note AS INTEGER) > 0": NOT_MY,
    "SELECT id FROM orders WHERE 1 / (total - 30) < 9": NOT_MY,
    "SELECT o.id FROM orders o JOIN customers c ON c.id = CAST(o.note AS INTEGER)": NOT_MY,
    "SELECT n FROM (SELECT CAST(note AS INTEGER) AS n FROM orders) x WHERE n > 0": NOT_MY,
    "WITH x AS (SELECT id, CAST(note AS INTEGER) AS n FROM orders) SELECT id FROM x WHERE n < 9": (
        NOT_MY
    ),
    "SELECT note FROM orders GROUP BY note HAVING CAST(note AS INTEGER) > 0": NOT_MY,
    "SELECT id FROM orders WHERE CASE WHEN total > 20 THEN (SELECT c.id FROM customers c) ELSE 1 "
    "END = 1": ("postgres", *MY),
    "SELECT id FROM orders WHERE EXP(total * 18) < 0 OR id > 0": ("postgres", *MY),
    "SELECT id FROM orders WHERE CASE WHEN total > 20 THEN DATE_TRUNC(note, NOW()) END < NOW()": (
        POSTGRES
    ),
    "SELECT id FROM orders WHERE CASE WHEN total > 20 THEN DATE_PART(note, NOW()) END > 1": (
        POSTGRES
    ),
}
