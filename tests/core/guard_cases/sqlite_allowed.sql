VALUES (1, 'a'), (2, 'b')

SELECT STRFTIME('%Y-%m', ordered_at) AS month, SUM(total) FROM orders GROUP BY month

SELECT DATE('now', 'start of month', '-1 month'), JULIANDAY('now'), DATETIME('now'), UNIXEPOCH('now')

SELECT [name], `country`, "id" FROM customers

SELECT name FROM customers WHERE name GLOB 'A*' OR name == 'x' OR name IS NOT country

SELECT GROUP_CONCAT(name, ', '), TOTAL(id), IFNULL(MAX(name), '-'), IIF(COUNT(*) > 1, 'many', 'one') FROM customers

SELECT PRINTF('%.2f', total), TYPEOF(total), ABS(total), CAST(total AS REAL) / 2 FROM orders

SELECT j.value FROM JSON_EACH('[1, 2]') j

SELECT JSON_EXTRACT('{"a": 1}', '$.a'), '{"a": 1}' -> 'a', '{"a": 1}' ->> '$.a'

SELECT total FROM orders ORDER BY total LIMIT -1

SELECT main.customers.name FROM main.customers

SELECT name FROM customers ORDER BY name COLLATE NOCASE NULLS LAST

SELECT name NOTNULL, name ISNULL FROM customers

SELECT r.rowid FROM (SELECT ROW_NUMBER() OVER (ORDER BY id) AS rowid FROM customers) AS r

SELECT ROW_NUMBER() OVER (ORDER BY name) AS rowid FROM customers ORDER BY rowid
