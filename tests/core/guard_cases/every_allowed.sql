SELECT 1

SELECT * FROM customers

SELECT id, name FROM customers WHERE country = 'DE' ORDER BY name LIMIT 5

SELECT c.country, COUNT(*) AS buyers FROM customers c GROUP BY c.country HAVING COUNT(*) > 1 ORDER BY buyers DESC

SELECT c.name, o.total FROM customers AS c JOIN orders AS o ON o.customer_id = c.id WHERE o.total > 10.5

SELECT c.name FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL

SELECT country FROM customers UNION SELECT status FROM orders

SELECT id FROM customers UNION ALL SELECT id FROM orders ORDER BY 1 LIMIT 3

SELECT id FROM customers EXCEPT SELECT customer_id FROM orders

SELECT id FROM customers INTERSECT SELECT customer_id FROM orders

WITH paid AS (SELECT customer_id, SUM(total) AS spent FROM orders WHERE status = 'paid' GROUP BY customer_id) SELECT c.name, p.spent FROM paid p JOIN customers c ON c.id = p.customer_id ORDER BY p.spent DESC LIMIT 10

WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 12) SELECT n FROM counted

WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT * FROM b

SELECT name, (SELECT MAX(total) FROM orders o WHERE o.customer_id = c.id) AS biggest FROM customers c

SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)

SELECT name FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE total BETWEEN 1 AND 100)

SELECT name FROM customers WHERE id NOT IN (1, 2, 3) AND name LIKE 'A%' OR name IS NOT NULL

SELECT CASE WHEN total >= 100 THEN 'large' WHEN total >= 10 THEN 'middle' ELSE 'small' END AS size, COUNT(*) FROM orders GROUP BY 1

SELECT CASE status WHEN 'paid' THEN 1 ELSE 0 END FROM orders

SELECT customer_id, total, RANK() OVER (PARTITION BY customer_id ORDER BY total DESC) AS place FROM orders

SELECT id, SUM(total) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM orders

SELECT id, AVG(total) OVER (ORDER BY id ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS smooth FROM orders

SELECT id, total - LAG(total, 1) OVER (ORDER BY id) AS change_of_total FROM orders

SELECT COUNT(DISTINCT customer_id), MIN(total), MAX(total), AVG(total) FROM orders

SELECT DISTINCT country FROM customers

SELECT ROUND(100.0 * SUM(CASE WHEN status = 'paid' THEN 1 ELSE 0 END) / COUNT(*), 2) AS share FROM orders

SELECT COALESCE(name, 'nobody'), NULLIF(country, ''), UPPER(name), LOWER(name), LENGTH(name), TRIM(name), REPLACE(name, 'a', 'b') FROM customers

SELECT CAST(total AS DECIMAL(10, 2)) FROM orders

SELECT -total, +total, total * 2, total / 3, total % 2 FROM orders

SELECT 'DROP TABLE customers; --' AS harmless FROM customers

SELECT 'it''s /* no comment */ -- here' AS words

SELECT '{{ not a template }}', '/*! nor this */' AS words

SELECT name FROM customers -- the buyers

SELECT /* all of them */ name FROM customers;

SELECT t.total FROM (SELECT total FROM orders ORDER BY total DESC LIMIT 3) t

SELECT total FROM orders ORDER BY total DESC LIMIT 5 OFFSET 5

SELECT CURRENT_DATE, CURRENT_TIMESTAMP

SELECT a.name, b.name FROM customers a CROSS JOIN customers b WHERE a.id < b.id

SELECT name FROM customers WHERE (country = 'DE' AND (id > 1 OR (id < 0 AND NOT (id = 5))))

SELECT customers.name FROM customers INNER JOIN orders USING (id)

SELECT o.status, SUM(o.total) FROM orders o GROUP BY o.status HAVING SUM(o.total) > (SELECT AVG(total) FROM orders) ORDER BY 2 DESC

SELECT SUBSTRING(name, 1, 3) FROM customers

SELECT ROW_NUMBER() OVER w AS n, NTILE(4) OVER w AS quarter_of FROM orders WINDOW w AS (ORDER BY total)
