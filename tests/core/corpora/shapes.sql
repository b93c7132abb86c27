-- rollup: postgres duckdb
SELECT s.country, s.city, SUM(x.quantity * x.price) AS turnover, GROUPING(s.city) AS is_total
FROM sales x JOIN stores s ON s.id = x.store_id GROUP BY ROLLUP (s.country, s.city)
HAVING SUM(x.quantity) > 0 ORDER BY s.country NULLS LAST, s.city NULLS LAST

-- rollup: mysql mariadb
SELECT s.country, s.city, SUM(x.quantity * x.price) AS turnover
FROM sales x JOIN stores s ON s.id = x.store_id GROUP BY s.country, s.city WITH ROLLUP HAVING SUM(x.quantity) > 0

-- rollup: sqlite
WITH facts AS (SELECT s.country, s.city, x.quantity * x.price AS turnover FROM sales x JOIN stores s ON s.id = x.store_id)
SELECT country, city, SUM(turnover) FROM facts GROUP BY country, city
UNION ALL SELECT country, NULL, SUM(turnover) FROM facts GROUP BY country
UNION ALL SELECT NULL, NULL, SUM(turnover) FROM facts ORDER BY 1 NULLS LAST, 2 NULLS LAST

-- rollup_marked: mysql
SELECT IF(GROUPING(s.country), 'all countries', s.country) AS country, SUM(x.quantity) AS pieces
FROM sales x JOIN stores s ON s.id = x.store_id GROUP BY s.country WITH ROLLUP ORDER BY GROUPING(s.country), country

-- cube: postgres duckdb
SELECT i.category, x.channel, COUNT(*) AS n, AVG(x.price) AS mean_price, GROUPING(i.category, x.channel) AS level_of_sum
FROM sales AS x INNER JOIN items AS i ON x.item_id = i.id GROUP BY CUBE (i.category, x.channel) ORDER BY 5, 1, 2

-- cube: mysql mariadb sqlite
SELECT i.category, x.channel, COUNT(*) AS n FROM sales x JOIN items i ON x.item_id = i.id GROUP BY i.category, x.channel
UNION ALL SELECT i.category, NULL, COUNT(*) FROM sales x JOIN items i ON x.item_id = i.id GROUP BY i.category
UNION ALL SELECT NULL, x.channel, COUNT(*) FROM sales x GROUP BY x.channel
UNION ALL SELECT NULL, NULL, COUNT(*) FROM sales

-- grouping_sets: postgres duckdb
SELECT CASE WHEN GROUPING(x.channel) = 1 THEN 'any channel' ELSE x.channel END AS channel, s.country, i.brand, SUM(x.quantity) FILTER (WHERE x.price > 20) AS dear_pieces
FROM sales x LEFT JOIN stores s ON s.id = x.store_id LEFT JOIN items i ON i.id = x.item_id
GROUP BY GROUPING SETS ((x.channel, s.country), (s.country, i.brand), (i.brand), ())

-- channels_side_by_side: every
WITH web AS (SELECT item_id, SUM(quantity * price) AS turnover, COUNT(*) AS n FROM sales WHERE channel = 'web' GROUP BY item_id),
shop AS (SELECT item_id, SUM(quantity * price) AS turnover, COUNT(*) AS n FROM sales WHERE channel = 'shop' GROUP BY item_id)
SELECT i.label, COALESCE(web.turnover, 0) AS on_the_web, COALESCE(shop.turnover, 0) AS in_the_shop, web.turnover / NULLIF(shop.turnover, 0) AS ratio
FROM items i LEFT JOIN web ON web.item_id = i.id LEFT JOIN shop ON shop.item_id = i.id WHERE COALESCE(web.n, 0) + COALESCE(shop.n, 0) > 5 ORDER BY i.label

-- running_total: every
SELECT sold_on, id, quantity, SUM(quantity) OVER (PARTITION BY store_id ORDER BY sold_on, id ROWS UNBOUNDED PRECEDING) AS so_far,
AVG(quantity) OVER (PARTITION BY store_id ORDER BY sold_on, id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) AS around,
quantity - COALESCE(LAG(quantity, 1) OVER (PARTITION BY store_id ORDER BY sold_on, id), 0) AS step
FROM sales WHERE channel = 'web' ORDER BY store_id, sold_on, id

-- frames: postgres
SELECT DISTINCT sold_on, SUM(quantity) OVER (ORDER BY sold_on RANGE BETWEEN INTERVAL '30 days' PRECEDING AND CURRENT ROW) AS month_back,
COUNT(*) OVER (ORDER BY sold_on GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS neighbours,
MAX(price) FILTER (WHERE channel = 'web') OVER whole AS best_web
FROM sales WINDOW whole AS (ORDER BY sold_on RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY sold_on

-- frames: duckdb
SELECT DISTINCT sold_on, SUM(quantity) OVER (ORDER BY sold_on RANGE BETWEEN INTERVAL 30 DAYS PRECEDING AND CURRENT ROW) AS month_back,
MAX(price) FILTER (WHERE channel = 'web') OVER whole AS best_web
FROM sales WINDOW whole AS (ORDER BY sold_on RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY sold_on

-- frames: mysql
SELECT id, SUM(quantity) OVER (ORDER BY sold_on RANGE BETWEEN INTERVAL 30 DAY PRECEDING AND CURRENT ROW) AS month_back,
FIRST_VALUE(price) OVER whole AS first_price, NTH_VALUE(price, 2) OVER whole AS second_price
FROM sales WINDOW whole AS (ORDER BY sold_on, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY id

-- frames: mariadb
SELECT id, SUM(quantity) OVER (ORDER BY TO_DAYS(sold_on) RANGE BETWEEN 30 PRECEDING AND CURRENT ROW) AS month_back,
FIRST_VALUE(price) OVER whole AS first_price, NTH_VALUE(price, 2) OVER whole AS second_price
FROM sales WINDOW whole AS (ORDER BY sold_on, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY id

-- frames: sqlite
SELECT id, SUM(quantity) OVER (ORDER BY JULIANDAY(sold_on) RANGE BETWEEN 30 PRECEDING AND CURRENT ROW) AS month_back,
COUNT(*) OVER (ORDER BY sold_on GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES) AS neighbours,
MAX(price) FILTER (WHERE channel = 'web') OVER (ORDER BY sold_on) AS best_web FROM sales ORDER BY id

-- best_of_each: every
SELECT ranked.category, ranked.label, ranked.turnover, ranked.place FROM (
  SELECT i.category, i.label, SUM(x.quantity * x.price) AS turnover, DENSE_RANK() OVER (PARTITION BY i.category ORDER BY SUM(x.quantity * x.price) DESC) AS place
  FROM items i JOIN sales x ON x.item_id = i.id GROUP BY i.category, i.label) AS ranked
WHERE ranked.place <= 1 ORDER BY ranked.category

-- best_of_each_qualified: duckdb
SELECT store_id, item_id, SUM(quantity) AS pieces FROM sales GROUP BY store_id, item_id
QUALIFY ROW_NUMBER() OVER (PARTITION BY store_id ORDER BY SUM(quantity) DESC, item_id) <= 2 ORDER BY ALL

-- latest_of_each: postgres
SELECT DISTINCT ON (x.buyer_id) x.buyer_id, x.sold_on, x.price FROM sales x WHERE x.buyer_id IS NOT NULL ORDER BY x.buyer_id, x.sold_on DESC, x.id DESC

-- top_two_beside: postgres duckdb mysql
SELECT s.city, top.sold_on, top.price FROM stores s CROSS JOIN LATERAL (SELECT x.sold_on, x.price FROM sales x WHERE x.store_id = s.id ORDER BY x.price DESC, x.id LIMIT 2) AS top ORDER BY s.city, top.price DESC

-- deep_steps: every
WITH facts AS (SELECT x.*, s.country, i.category FROM sales x JOIN stores s ON s.id = x.store_id JOIN items i ON i.id = x.item_id),
by_day AS (SELECT country, category, sold_on, SUM(quantity * price) AS turnover FROM facts GROUP BY country, category, sold_on),
by_group AS (SELECT country, category, SUM(turnover) AS turnover, COUNT(*) AS days, MAX(turnover) AS best_day FROM by_day GROUP BY country, category),
totals AS (SELECT country, SUM(turnover) AS turnover FROM by_group GROUP BY country),
shares AS (SELECT g.country, g.category, g.turnover / t.turnover AS part_of_it, g.best_day FROM by_group g JOIN totals t ON t.country = g.country),
ranked AS (SELECT country, category, part_of_it, best_day, RANK() OVER (PARTITION BY country ORDER BY part_of_it DESC) AS place FROM shares),
leaders AS (SELECT * FROM ranked WHERE place = 1), others AS (SELECT country, COUNT(*) AS n FROM ranked WHERE place > 1 GROUP BY country)
SELECT l.country, l.category, ROUND(l.part_of_it, 3) AS part_of_it, l.best_day, o.n AS behind FROM leaders l LEFT JOIN others o USING (country) ORDER BY l.country

-- set_operations: postgres duckdb mysql mariadb
(SELECT buyer_id FROM sales WHERE channel = 'web' UNION SELECT buyer_id FROM sales WHERE channel = 'phone') EXCEPT (SELECT buyer_id FROM sales WHERE channel = 'shop' INTERSECT SELECT buyer_id FROM sales WHERE price > 55) ORDER BY 1

-- set_operations: sqlite
SELECT buyer_id FROM sales WHERE channel = 'web' UNION SELECT buyer_id FROM sales WHERE channel = 'phone' EXCEPT SELECT * FROM (SELECT buyer_id FROM sales WHERE channel = 'shop' INTERSECT SELECT buyer_id FROM sales WHERE price > 55) ORDER BY 1

-- above_own_average: every
SELECT x.id, x.store_id, x.price FROM sales x
WHERE x.price > (SELECT 1.3 * AVG(same.price) FROM sales same WHERE same.store_id = x.store_id)
AND NOT EXISTS (SELECT 1 FROM sales later WHERE later.buyer_id = x.buyer_id AND later.sold_on > x.sold_on AND later.price > x.price)
ORDER BY x.id

-- year_over_year: postgres
WITH months AS (SELECT DATE_TRUNC('month', sold_on)::date AS month, SUM(quantity * price) AS turnover FROM sales GROUP BY 1)
SELECT TO_CHAR(this.month, 'YYYY-MM') AS month, this.turnover, before.turnover AS year_before, ROUND(100.0 * (this.turnover - before.turnover) / NULLIF(before.turnover, 0), 1) AS percent_more
FROM months this JOIN months before ON before.month = this.month - INTERVAL '1 year' ORDER BY 1

-- year_over_year: duckdb
WITH months AS (SELECT DATE_TRUNC('month', sold_on) AS month, SUM(quantity * price) AS turnover FROM sales GROUP BY ALL)
SELECT STRFTIME(this.month, '%Y-%m') AS month, this.turnover, before.turnover AS year_before, ROUND(100.0 * (this.turnover - before.turnover) / NULLIF(before.turnover, 0), 1) AS percent_more
FROM months this JOIN months before ON before.month = this.month - INTERVAL 1 YEAR ORDER BY 1

-- year_over_year: mysql mariadb
WITH months AS (SELECT YEAR(sold_on) AS y, MONTH(sold_on) AS m, SUM(quantity * price) AS turnover FROM sales GROUP BY YEAR(sold_on), MONTH(sold_on))
SELECT CONCAT(this.y, '-', LPAD(this.m, 2, '0')) AS month, this.turnover, previous.turnover AS year_before, ROUND(100.0 * (this.turnover - previous.turnover) / NULLIF(previous.turnover, 0), 1) AS percent_more
FROM months this INNER JOIN months previous ON previous.y = this.y - 1 AND previous.m = this.m ORDER BY 1

-- year_over_year: sqlite
WITH months AS (SELECT STRFTIME('%Y-%m', sold_on) AS month, SUM(quantity * price) AS turnover FROM sales GROUP BY 1)
SELECT this.month, this.turnover, past.turnover AS year_before, ROUND(100.0 * (this.turnover - past.turnover) / NULLIF(past.turnover, 0), 1) AS percent_more
FROM months this JOIN months past ON past.month = STRFTIME('%Y-%m', this.month || '-01', '-1 year') ORDER BY 1

-- sessions: postgres duckdb
WITH gaps AS (SELECT visitor, seen_at, page, CASE WHEN seen_at - LAG(seen_at) OVER (PARTITION BY visitor ORDER BY seen_at) <= INTERVAL '30 minutes' THEN 0 ELSE 1 END AS starts FROM visits),
numbered AS (SELECT visitor, seen_at, page, SUM(starts) OVER (PARTITION BY visitor ORDER BY seen_at) AS session_no FROM gaps)
SELECT visitor, session_no, COUNT(*) AS pages, EXTRACT(EPOCH FROM MAX(seen_at) - MIN(seen_at)) / 60 AS minutes_long, BOOL_OR(page = 'paid') AS bought
FROM numbered GROUP BY visitor, session_no ORDER BY visitor, session_no

-- sessions: mysql mariadb
WITH gaps AS (SELECT visitor, seen_at, page, CASE WHEN TIMESTAMPDIFF(MINUTE, LAG(seen_at) OVER (PARTITION BY visitor ORDER BY seen_at), seen_at) <= 30 THEN 0 ELSE 1 END AS starts FROM visits),
numbered AS (SELECT visitor, seen_at, page, SUM(starts) OVER (PARTITION BY visitor ORDER BY seen_at) AS session_no FROM gaps)
SELECT visitor, session_no, COUNT(*) AS pages, TIMESTAMPDIFF(SECOND, MIN(seen_at), MAX(seen_at)) / 60 AS minutes_long, MAX(page = 'paid') AS bought
FROM numbered GROUP BY visitor, session_no ORDER BY visitor, session_no

-- sessions: sqlite
WITH gaps AS (SELECT visitor, seen_at, page, CASE WHEN (JULIANDAY(seen_at) - JULIANDAY(LAG(seen_at) OVER (PARTITION BY visitor ORDER BY seen_at))) * 1440 <= 30 THEN 0 ELSE 1 END AS starts FROM visits),
numbered AS (SELECT visitor, seen_at, page, SUM(starts) OVER (PARTITION BY visitor ORDER BY seen_at) AS session_no FROM gaps)
SELECT visitor, session_no, COUNT(*) AS pages, (STRFTIME('%s', MAX(seen_at)) - STRFTIME('%s', MIN(seen_at))) / 60 AS minutes_long, MAX(page = 'paid') AS bought
FROM numbered GROUP BY visitor, session_no ORDER BY visitor, session_no

-- funnel: every
SELECT COUNT(DISTINCT CASE WHEN page = 'home' THEN visitor END) AS came, COUNT(DISTINCT CASE WHEN page = 'basket' THEN visitor END) AS chose, COUNT(DISTINCT CASE WHEN page = 'paid' THEN visitor END) AS paid,
100.0 * COUNT(DISTINCT CASE WHEN page = 'paid' THEN visitor END) / NULLIF(COUNT(DISTINCT visitor), 0) AS percent_paid FROM visits

-- retention: postgres
WITH cohorts AS (SELECT buyer_id, MIN(DATE_TRUNC('quarter', sold_on)) AS cohort FROM sales WHERE buyer_id IS NOT NULL GROUP BY buyer_id),
active AS (SELECT DISTINCT x.buyer_id, c.cohort, (EXTRACT(YEAR FROM AGE(DATE_TRUNC('quarter', x.sold_on), c.cohort)) * 4 + EXTRACT(MONTH FROM AGE(DATE_TRUNC('quarter', x.sold_on), c.cohort)) / 3)::int AS later FROM sales x JOIN cohorts c USING (buyer_id))
SELECT cohort::date, later, COUNT(*) AS back, COUNT(*)::numeric / FIRST_VALUE(COUNT(*)) OVER (PARTITION BY cohort ORDER BY later) AS kept FROM active GROUP BY cohort, later ORDER BY cohort, later

-- retention: duckdb
WITH cohorts AS (SELECT buyer_id, DATE_TRUNC('quarter', MIN(sold_on)) AS cohort FROM sales WHERE buyer_id IS NOT NULL GROUP BY buyer_id),
active AS (SELECT DISTINCT x.buyer_id, c.cohort, DATE_DIFF('quarter', c.cohort, x.sold_on) AS later FROM sales x JOIN cohorts c USING (buyer_id))
SELECT cohort, later, COUNT(*) AS back, COUNT(*) / FIRST_VALUE(COUNT(*)) OVER (PARTITION BY cohort ORDER BY later) AS kept FROM active GROUP BY cohort, later ORDER BY cohort, later

-- retention: mysql mariadb
WITH cohorts AS (SELECT buyer_id, MIN(YEAR(sold_on) * 4 + QUARTER(sold_on)) AS cohort FROM sales WHERE buyer_id IS NOT NULL GROUP BY buyer_id),
active AS (SELECT DISTINCT x.buyer_id, c.cohort, YEAR(x.sold_on) * 4 + QUARTER(x.sold_on) - c.cohort AS later FROM sales x JOIN cohorts c ON c.buyer_id = x.buyer_id)
SELECT cohort, later, COUNT(*) AS back FROM active GROUP BY cohort, later ORDER BY cohort, later

-- retention: sqlite
WITH cohorts AS (SELECT buyer_id, MIN(STRFTIME('%Y', sold_on) * 4 + (STRFTIME('%m', sold_on) + 2) / 3) AS cohort FROM sales WHERE buyer_id IS NOT NULL GROUP BY buyer_id),
active AS (SELECT DISTINCT x.buyer_id, c.cohort, STRFTIME('%Y', x.sold_on) * 4 + (STRFTIME('%m', x.sold_on) + 2) / 3 - c.cohort AS later FROM sales x JOIN cohorts c ON c.buyer_id = x.buyer_id)
SELECT cohort, later, COUNT(*) AS back FROM active GROUP BY cohort, later ORDER BY cohort, later

-- percentiles: postgres
SELECT channel, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY price) AS median_price, PERCENTILE_CONT(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY price) AS quarters, PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY price) AS dear, MODE() WITHIN GROUP (ORDER BY quantity) AS usual, STDDEV_SAMP(price) AS spread, CORR(price, quantity) AS together
FROM sales GROUP BY channel ORDER BY channel

-- percentiles: duckdb
SELECT channel, MEDIAN(price) AS median_price, QUANTILE_CONT(price, [0.25, 0.75]) AS quarters, QUANTILE_DISC(price, 0.9) AS dear, STDDEV_SAMP(price) AS spread, PERCENTILE_CONT(0.1) WITHIN GROUP (ORDER BY price) AS cheap FROM sales GROUP BY channel ORDER BY channel

-- percentiles: mysql sqlite
WITH ordered AS (SELECT channel, price, ROW_NUMBER() OVER (PARTITION BY channel ORDER BY price) AS n, COUNT(*) OVER (PARTITION BY channel) AS of_all FROM sales)
SELECT channel, AVG(price) AS median_price FROM ordered WHERE 2 * n BETWEEN of_all AND of_all + 2 GROUP BY channel ORDER BY channel

-- percentiles: mariadb
SELECT DISTINCT channel, MEDIAN(price) OVER (PARTITION BY channel) AS median_price, PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY price) OVER (PARTITION BY channel) AS dear, PERCENTILE_DISC(0.1) WITHIN GROUP (ORDER BY price) OVER (PARTITION BY channel) AS cheap FROM sales ORDER BY channel

-- median_by_place: postgres sqlite
SELECT AVG(t.price) AS median_price FROM (SELECT price FROM sales ORDER BY price LIMIT 2 - (SELECT COUNT(*) FROM sales) % 2 OFFSET (SELECT (COUNT(*) - 1) / 2 FROM sales)) t

-- hierarchy: postgres duckdb
WITH RECURSIVE line (id, name, depth, way) AS (SELECT id, name, 0, ARRAY[name::text] FROM staff WHERE boss_id IS NULL UNION ALL SELECT s.id, s.name, line.depth + 1, ARRAY_APPEND(line.way, s.name::text) FROM staff s JOIN line ON s.boss_id = line.id WHERE line.depth < 20)
SELECT REPEAT('  ', depth) || name AS who, depth, ARRAY_TO_STRING(way, ' > ') AS way FROM line ORDER BY way

-- hierarchy: mysql mariadb
WITH RECURSIVE line (id, name, depth, way) AS (SELECT id, name, 0, CAST(name AS CHAR(200)) FROM staff WHERE boss_id IS NULL UNION ALL SELECT s.id, s.name, line.depth + 1, CONCAT(line.way, ' > ', s.name) FROM staff s JOIN line ON s.boss_id = line.id WHERE line.depth < 20)
SELECT CONCAT(REPEAT('  ', depth), name) AS who, depth, way FROM line ORDER BY way

-- hierarchy: sqlite
WITH RECURSIVE line (id, name, depth, way) AS (SELECT id, name, 0, name FROM staff WHERE boss_id IS NULL UNION ALL SELECT s.id, s.name, line.depth + 1, line.way || ' > ' || s.name FROM staff s JOIN line ON s.boss_id = line.id WHERE line.depth < 20)
SELECT SUBSTR('          ', 1, depth * 2) || name AS who, depth, way FROM line ORDER BY way

-- earnings_below: every
WITH RECURSIVE below (top_id, id) AS (SELECT id, id FROM staff UNION ALL SELECT b.top_id, s.id FROM below b JOIN staff s ON s.boss_id = b.id)
SELECT t.name, COUNT(*) - 1 AS people, SUM(s.salary) AS pay FROM below b JOIN staff t ON t.id = b.top_id JOIN staff s ON s.id = b.id GROUP BY t.id, t.name HAVING COUNT(*) > 1 ORDER BY pay DESC, t.name

-- pivot: every
SELECT i.category, SUM(CASE WHEN x.sold_on >= '2022-01-01' AND x.sold_on < '2022-04-01' THEN x.quantity ELSE 0 END) AS q1, SUM(CASE WHEN x.sold_on >= '2022-04-01' AND x.sold_on < '2022-07-01' THEN x.quantity ELSE 0 END) AS q2,
SUM(CASE WHEN x.sold_on >= '2022-07-01' AND x.sold_on < '2022-10-01' THEN x.quantity ELSE 0 END) AS q3, SUM(CASE WHEN x.sold_on >= '2022-10-01' AND x.sold_on < '2023-01-01' THEN x.quantity ELSE 0 END) AS q4, MIN(CASE x.channel WHEN 'web' THEN x.price END) AS lowest_web
FROM sales x JOIN items i ON i.id = x.item_id GROUP BY i.category ORDER BY i.category

-- calendar: postgres
SELECT TO_CHAR(d.day, 'IYYY-"W"IW') AS week, COALESCE(SUM(x.quantity), 0) AS pieces FROM GENERATE_SERIES('2022-02-01'::date, '2022-03-31'::date, '1 day') AS d(day) LEFT JOIN sales x ON x.sold_on = d.day::date GROUP BY 1 ORDER BY 1

-- calendar: duckdb
SELECT STRFTIME(d.day, '%G-W%V') AS week, COALESCE(SUM(x.quantity), 0) AS pieces FROM (SELECT UNNEST(GENERATE_SERIES(DATE '2022-02-01', DATE '2022-03-31', INTERVAL 1 DAY)) AS day) d LEFT JOIN sales x ON x.sold_on = d.day GROUP BY 1 ORDER BY 1

-- calendar: mysql mariadb
WITH RECURSIVE d (day) AS (SELECT CAST('2022-02-01' AS DATE) UNION ALL SELECT DATE_ADD(day, INTERVAL 1 DAY) FROM d WHERE day < '2022-03-31')
SELECT DATE_FORMAT(d.day, '%x-W%v') AS week, COALESCE(SUM(x.quantity), 0) AS pieces FROM d LEFT JOIN sales x ON x.sold_on = d.day GROUP BY week ORDER BY week

-- calendar: sqlite
WITH RECURSIVE d (day) AS (SELECT DATE('2022-02-01') UNION ALL SELECT DATE(day, '+1 day') FROM d WHERE day < '2022-03-31')
SELECT STRFTIME('%Y-W%W', d.day) AS week, COALESCE(SUM(x.quantity), 0) AS pieces FROM d LEFT JOIN sales x ON x.sold_on = d.day GROUP BY week ORDER BY week

-- bought_together: every
SELECT a.label AS one, b.label AS other, COUNT(DISTINCT x.buyer_id) AS buyers FROM sales x JOIN sales y ON y.buyer_id = x.buyer_id AND y.item_id > x.item_id JOIN items a ON a.id = x.item_id JOIN items b ON b.id = y.item_id
GROUP BY a.label, b.label HAVING COUNT(DISTINCT x.buyer_id) >= 3 ORDER BY buyers DESC, one, other

-- abc_classes: every
WITH earned AS (SELECT item_id, SUM(quantity * price) AS turnover FROM sales GROUP BY item_id), piled AS (SELECT item_id, turnover, SUM(turnover) OVER (ORDER BY turnover DESC) AS up_to_here, SUM(turnover) OVER () AS everything FROM earned)
SELECT item_id, CASE WHEN up_to_here <= 0.7 * everything THEN 'A' WHEN up_to_here <= 0.9 * everything THEN 'B' ELSE 'C' END AS class, ROUND(100 * turnover / everything, 2) AS percent_of_all FROM piled ORDER BY turnover DESC

-- from_json: postgres
SELECT details::jsonb ->> 'from' AS source, AVG((details::jsonb ->> 'ms')::numeric) AS ms, COUNT(*) FILTER (WHERE details::jsonb @> '{"from": "ads"}') AS ads FROM visits GROUP BY 1 ORDER BY 1

-- from_json: duckdb
SELECT details ->> '$.from' AS source, AVG(CAST(JSON_EXTRACT(details, '$.ms') AS INTEGER)) AS ms FROM visits GROUP BY 1 ORDER BY 1

-- from_json: mysql
SELECT details ->> '$.from' AS source, AVG(CAST(JSON_EXTRACT(details, '$.ms') AS UNSIGNED)) AS ms FROM visits GROUP BY source ORDER BY source

-- from_json: mariadb
SELECT JSON_UNQUOTE(JSON_EXTRACT(details, '$.from')) AS source, AVG(CAST(JSON_VALUE(details, '$.ms') AS UNSIGNED)) AS ms FROM visits GROUP BY source ORDER BY source

-- from_json: sqlite
SELECT JSON_EXTRACT(details, '$.from') AS source, AVG(details ->> '$.ms') AS ms FROM visits GROUP BY source ORDER BY source

-- listed: postgres duckdb
SELECT brand, STRING_AGG(DISTINCT label, ', ' ORDER BY label) AS labels, COUNT(*) AS n FROM items WHERE label ~ '^[a-z]+$' GROUP BY brand ORDER BY brand

-- listed: mysql mariadb
SELECT brand, GROUP_CONCAT(DISTINCT label ORDER BY label DESC SEPARATOR ', ') AS labels, COUNT(*) AS n FROM items WHERE label REGEXP '^[a-z]+$' GROUP BY brand ORDER BY brand

-- listed: sqlite
SELECT brand, GROUP_CONCAT(label, ', ') AS labels, COUNT(*) AS n FROM (SELECT brand, label FROM items WHERE label GLOB '[a-z]*' ORDER BY label) GROUP BY brand ORDER BY brand

-- histogram: postgres
SELECT WIDTH_BUCKET(price, 0, 80, 8) AS bucket, COUNT(*) AS n, MIN(price) || ' to ' || MAX(price) AS span FROM sales GROUP BY bucket ORDER BY bucket

-- histogram: duckdb mysql mariadb
SELECT FLOOR(price / 10) * 10 AS bucket, COUNT(*) AS n, CONCAT(MIN(price), ' to ', MAX(price)) AS span FROM sales GROUP BY bucket ORDER BY bucket

-- histogram: sqlite
SELECT CAST(price / 10 AS INTEGER) * 10 AS bucket, COUNT(*) AS n, PRINTF('%.2f to %.2f', MIN(price), MAX(price)) AS span FROM sales GROUP BY bucket ORDER BY bucket

-- recency_frequency_money: every
WITH seen AS (SELECT buyer_id, MAX(sold_on) AS last_on, COUNT(*) AS times, SUM(quantity * price) AS money FROM sales WHERE buyer_id IS NOT NULL GROUP BY buyer_id)
SELECT buyer_id, NTILE(5) OVER (ORDER BY last_on, buyer_id) AS r, NTILE(5) OVER (ORDER BY times, buyer_id) AS f, NTILE(5) OVER (ORDER BY money, buyer_id) AS m, PERCENT_RANK() OVER (ORDER BY money) AS ahead_of, CUME_DIST() OVER (ORDER BY times) AS up_to FROM seen ORDER BY buyer_id
