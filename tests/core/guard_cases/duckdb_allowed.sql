FROM customers

FROM customers SELECT name WHERE country = 'DE'

SELECT * EXCLUDE (id) FROM customers

SELECT country, COUNT(*) FROM customers GROUP BY ALL ORDER BY ALL

SELECT DATE_TRUNC('month', ordered_at) AS month, SUM(total) FROM orders GROUP BY 1

SELECT STRFTIME(ordered_at, '%Y-%m'), DATE_DIFF('day', ordered_at, NOW()), ordered_at + INTERVAL 1 MONTH, ordered_at - INTERVAL '1 day' FROM orders

SELECT MEDIAN(total), QUANTILE_CONT(total, 0.9), MODE(status), ARG_MAX(id, total), COUNT_IF(total > 1), ANY_VALUE(status) FROM orders

SELECT total FROM orders QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY total DESC) = 1

SELECT [1, 2, 3][1], {'a': 1}, LIST_TRANSFORM([1, 2], x -> x + 1), total // 2, total ** 2 FROM orders

SELECT r.range FROM RANGE(0, 5) r

SELECT name FROM customers WHERE name ILIKE 'a%' AND REGEXP_MATCHES(name, '^a') AND CONTAINS(name, 'b')

SELECT TRY_CAST(name AS INTEGER), name::VARCHAR FROM customers

VALUES (1), (2)

SELECT STRING_AGG(name, ', ' ORDER BY name) FILTER (WHERE id > 1) FROM customers

SELECT country FROM customers UNION ALL BY NAME SELECT status FROM orders

SELECT main.customers.name FROM main.customers

SELECT CAST({'x': 1} AS STRUCT(x INTEGER, y VARCHAR)), [v * 2 FOR v IN [1, 2] IF v > 1], TRY(1 / total), MAP_FROM_ENTRIES([(1, 2)]) FROM orders

SELECT LIST_AGGR([1, 2], 'sum'), LIST_PRODUCT([2, 3]), LIST_TRANSFORM([1], lambda v: v + 1), LIST_COSINE_SIMILARITY([1.0], [2.0]), ENUM_RANGE(NULL::ENUM('x', 'y')), STRUCT_KEYS({'x': 1})

SELECT ARGMAX(id, total), COUNTIF(total > 1), BITSTRING_AGG(id, 1, 9), JSON_SET('{}', '$.x', 1), DAYS_IN_MONTH(ordered_at), FORMATREADABLEDECIMALSIZE(5), PG_SIZE_PRETTY(5), ENCODE('x') FROM orders
