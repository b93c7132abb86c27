(SELECT name FROM customers) UNION (SELECT status FROM orders) ORDER BY 1

(SELECT name FROM customers ORDER BY name)

VALUES (1, 'a'), (2, 'b')

TABLE customers

SELECT * FROM (VALUES (1), (2)) AS v(n)

SELECT DATE_TRUNC('month', ordered_at) AS month, SUM(total) FROM orders GROUP BY 1 ORDER BY 1

SELECT total::numeric(10, 2), ordered_at::date, name::text FROM orders JOIN customers ON true

SELECT ordered_at + INTERVAL '1 month', NOW() - INTERVAL '30 days' FROM orders

SELECT EXTRACT(EPOCH FROM ordered_at), EXTRACT(year FROM ordered_at), DATE_PART('dow', ordered_at) FROM orders

SELECT COUNT(*) FILTER (WHERE status = 'paid') FROM orders

SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY total) FROM orders

SELECT STRING_AGG(name, ', ' ORDER BY name), ARRAY_AGG(DISTINCT country) FROM customers

SELECT name FROM customers WHERE name ILIKE 'a%' AND name ~* '^a' AND name !~ 'b$' AND name IS DISTINCT FROM country

SELECT TO_CHAR(ordered_at, 'YYYY-MM'), AGE(ordered_at), TO_DATE('2024', 'YYYY') FROM orders

SELECT DISTINCT ON (customer_id) customer_id, total FROM orders ORDER BY customer_id, total DESC

SELECT g.day FROM GENERATE_SERIES(DATE '2024-01-01', DATE '2024-12-31', INTERVAL '1 day') AS g(day)

SELECT country, status, SUM(total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY ROLLUP (country, status)

SELECT country, status, SUM(total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY GROUPING SETS ((country), (status), ())

SELECT c.name, l.total FROM customers c CROSS JOIN LATERAL (SELECT total FROM orders o WHERE o.customer_id = c.id ORDER BY total DESC LIMIT 1) l

SELECT '{"a": {"b": 1}}'::jsonb -> 'a' ->> 'b', '{"a": 1}'::jsonb @> '{"a": 1}'

SELECT (ARRAY[1, 2, 3])[2], 5 = ANY(ARRAY[1, 5]), UNNEST(ARRAY[1, 2])

SELECT ordered_at AT TIME ZONE 'UTC' FROM orders

SELECT total FROM orders ORDER BY total DESC NULLS LAST FETCH FIRST 3 ROWS ONLY

SELECT total FROM orders ORDER BY total FETCH FIRST 3 ROWS WITH TIES

SELECT $$a; DROP TABLE customers$$

SELECT E'a\nb', 'back\slash'

WITH a AS MATERIALIZED (SELECT 1 AS x) SELECT x FROM a

SELECT name || ' from ' || country FROM customers

SELECT SUBSTRING(name FROM 2 FOR 3), POSITION('a' IN name), TRIM(BOTH ' ' FROM name), OVERLAY(name PLACING 'x' FROM 1) FROM customers

SELECT "name" AS "drop table" FROM "customers"

SELECT public.customers.name FROM public.customers

SELECT id FROM orders LIMIT ALL

SELECT (c).name, (c).*, c.*, ROW(1, 'a') FROM customers c

SELECT (JSONB_EACH('{"a": 1}'::jsonb)).key, (JSONB_EACH_TEXT('{"a": 1}'::jsonb)).value FROM customers

SELECT t.count, t.total, t.total_twice FROM (SELECT COUNT(*), total::int, total * 2 AS total_twice FROM orders GROUP BY total) t

WITH RECURSIVE a AS (SELECT id, name FROM customers), customers AS (SELECT a.id AS x FROM a) SELECT customers.x FROM customers

SELECT v.column1, w.n FROM (VALUES (1), (2)) AS v, (VALUES (1)) AS w(n)

SELECT j.total, s.biggest FROM customers c LEFT JOIN LATERAL (SELECT MAX(o.total) AS biggest FROM orders o WHERE o.customer_id = c.id) s ON true JOIN (SELECT * FROM orders) j ON j.customer_id = c.id

SELECT u.id FROM orders u WHERE u.flags & 1 = 1

SELECT id FROM orders WHERE total <> ALL (ARRAY[1, 2]) AND status > ALL (SELECT name FROM customers)

SELECT ENCODE(SHA256(name::bytea), 'hex'), HOST('10.0.0.1'::inet), GET_BIT(name::bytea, 1), PG_SIZE_PRETTY(5::bigint), ACOSD(1), ERF(0.5), '{"x": 1}'::jsonb @? '$.x', JSONB_PATH_EXISTS_TZ('{}', '$.x'), total::money FROM customers, orders

SELECT u.name FROM customers AS u (id, name) WHERE u.id = ANY (ARRAY[1, 2]) AND NOT (u.id = 3)

SELECT a.elem, a.nr FROM UNNEST(ARRAY['x', 'y']) WITH ORDINALITY AS a (elem, nr) ORDER BY a.nr
