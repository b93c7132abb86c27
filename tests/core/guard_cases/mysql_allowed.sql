SELECT `name` FROM `customers` WHERE `country` = "DE"

SELECT DATE_FORMAT(ordered_at, '%Y-%m') AS month, SUM(total) FROM orders GROUP BY month ORDER BY month

SELECT name FROM customers LIMIT 5, 10

SELECT GROUP_CONCAT(DISTINCT name ORDER BY name SEPARATOR '; ') FROM customers

SELECT DATE_ADD(ordered_at, INTERVAL 1 MONTH), ordered_at - INTERVAL 7 DAY, DATEDIFF(NOW(), ordered_at), TIMESTAMPDIFF(MONTH, ordered_at, NOW()) FROM orders

SELECT IF(total > 10, 'a', 'b'), IFNULL(status, '-'), total DIV 2, total MOD 2 FROM orders

SELECT name FROM customers WHERE name REGEXP '^a' AND name NOT RLIKE 'b$'

SELECT status, SUM(total) FROM orders GROUP BY status WITH ROLLUP

SELECT name FROM customers FORCE INDEX (PRIMARY) WHERE id > 1

SELECT 1 FROM DUAL

SELECT 'it\'s', "say \"hi\"", 'a\\'

SELECT DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00'

SELECT CAST(total AS SIGNED), CONVERT(name, CHAR), CONVERT(name USING utf8mb4) FROM customers, orders

SELECT YEAR(ordered_at), MONTH(ordered_at), QUARTER(ordered_at), WEEK(ordered_at), YEARWEEK(ordered_at, 1), LAST_DAY(ordered_at), DAYNAME(ordered_at) FROM orders

SELECT name <=> country, name COLLATE utf8mb4_bin FROM customers

(SELECT name FROM customers) UNION (SELECT status FROM orders) ORDER BY 1 LIMIT 3

SELECT JSON_EXTRACT('{"a": 1}', '$.a'), JSON_UNQUOTE('"x"')

SELECT 5--1 AS six

SELECT MEDIAN(total) OVER (PARTITION BY status) FROM orders

SELECT BIT_COUNT(id), CHARSET(name), ST_DISTANCE_SPHERE(POINT(1, 2), POINT(3, 4)), IS_IPV4_MAPPED(INET6_ATON('::1')) FROM customers

SELECT COUNT (*), SUM (total) FROM orders WHERE id IN (1, 2) AND IF (total > 1, 1, 0)

WITH count (n) AS (SELECT 1) SELECT n FROM count

SELECT CAST(id AS CHAR CHARACTER SET utf8mb4) FROM customers
