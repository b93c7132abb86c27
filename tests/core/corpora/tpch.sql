-- h01: postgres duckdb
SELECT l_returnflag, l_linestatus, SUM(l_quantity) AS pieces, SUM(l_extendedprice) AS gross, SUM(l_extendedprice * (1 - l_discount)) AS net, SUM(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS charged, AVG(l_quantity) AS mean_pieces, AVG(l_discount) AS mean_discount, COUNT(*) AS positions
FROM lineitem WHERE l_shipdate <= DATE '2023-12-31' - INTERVAL '75 days'
GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus

-- h01: mysql mariadb
SELECT l_returnflag, l_linestatus, SUM(l_quantity) AS pieces, SUM(l_extendedprice) AS gross, SUM(l_extendedprice * (1 - l_discount)) AS net, SUM(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS charged, AVG(l_quantity) AS mean_pieces, AVG(l_discount) AS mean_discount, COUNT(*) AS positions
FROM lineitem WHERE l_shipdate <= DATE '2023-12-31' - INTERVAL 75 DAY
GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus

-- h01: sqlite
SELECT l_returnflag, l_linestatus, SUM(l_quantity) AS pieces, SUM(l_extendedprice) AS gross, SUM(l_extendedprice * (1 - l_discount)) AS net, SUM(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS charged, AVG(l_quantity) AS mean_pieces, AVG(l_discount) AS mean_discount, COUNT(*) AS positions
FROM lineitem WHERE l_shipdate <= DATE('2023-12-31', '-75 days')
GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus

-- h02: every
SELECT s.s_acctbal, s.s_name, n.n_name, p.p_partkey, p.p_brand
FROM part p JOIN partsupp offer ON offer.ps_partkey = p.p_partkey JOIN supplier s ON s.s_suppkey = offer.ps_suppkey JOIN nation n ON n.n_nationkey = s.s_nationkey JOIN region r ON r.r_regionkey = n.n_regionkey
WHERE r.r_name = 'NORTH' AND p.p_size <= 20 AND p.p_type LIKE '%BRASS' AND offer.ps_supplycost = (
  SELECT MIN(other.ps_supplycost) FROM partsupp other, supplier os, nation o_n, region o_r
  WHERE other.ps_partkey = p.p_partkey AND os.s_suppkey = other.ps_suppkey AND o_n.n_nationkey = os.s_nationkey AND o_r.r_regionkey = o_n.n_regionkey AND o_r.r_name = 'NORTH')
ORDER BY s.s_acctbal DESC, n.n_name, s.s_name, p.p_partkey LIMIT 100

-- h03: postgres duckdb mysql mariadb
SELECT li.l_orderkey, SUM(li.l_extendedprice * (1 - li.l_discount)) AS revenue, o.o_orderdate, o.o_orderpriority
FROM customer AS c, orders AS o, lineitem AS li
WHERE c.c_mktsegment = 'FURNITURE' AND c.c_custkey = o.o_custkey AND li.l_orderkey = o.o_orderkey AND o.o_orderdate < DATE '2022-08-20' AND li.l_shipdate > DATE '2022-05-20'
GROUP BY li.l_orderkey, o.o_orderdate, o.o_orderpriority ORDER BY revenue DESC, o.o_orderdate LIMIT 10

-- h03: sqlite
SELECT li.l_orderkey, SUM(li.l_extendedprice * (1 - li.l_discount)) AS revenue, o.o_orderdate, o.o_orderpriority
FROM customer AS c, orders AS o, lineitem AS li
WHERE c.c_mktsegment = 'FURNITURE' AND c.c_custkey = o.o_custkey AND li.l_orderkey = o.o_orderkey AND o.o_orderdate < '2022-08-20' AND li.l_shipdate > '2022-05-20'
GROUP BY li.l_orderkey, o.o_orderdate, o.o_orderpriority ORDER BY revenue DESC, o.o_orderdate LIMIT 10

-- h04: postgres duckdb
SELECT o.o_orderpriority, COUNT(*) AS late_orders FROM orders o
WHERE o.o_orderdate >= DATE '2022-04-01' AND o.o_orderdate < DATE '2022-04-01' + INTERVAL '9' MONTH
AND EXISTS (SELECT * FROM lineitem li WHERE li.l_orderkey = o.o_orderkey AND li.l_commitdate < li.l_receiptdate)
GROUP BY o.o_orderpriority ORDER BY o.o_orderpriority

-- h04: mysql mariadb
SELECT o.o_orderpriority, COUNT(*) AS late_orders FROM orders o
WHERE o.o_orderdate >= DATE '2022-04-01' AND o.o_orderdate < DATE '2022-04-01' + INTERVAL '9' MONTH
AND EXISTS (SELECT * FROM lineitem li WHERE li.l_orderkey = o.o_orderkey AND li.l_commitdate < li.l_receiptdate)
GROUP BY o.o_orderpriority ORDER BY o.o_orderpriority

-- h04: sqlite
SELECT o.o_orderpriority, COUNT(*) AS late_orders FROM orders o
WHERE o.o_orderdate >= '2022-04-01' AND o.o_orderdate < DATE('2022-04-01', '+9 months')
AND EXISTS (SELECT * FROM lineitem li WHERE li.l_orderkey = o.o_orderkey AND li.l_commitdate < li.l_receiptdate)
GROUP BY o.o_orderpriority ORDER BY o.o_orderpriority

-- h05: postgres duckdb mysql mariadb
SELECT n.n_name, SUM(li.l_extendedprice * (1 - li.l_discount)) AS revenue
FROM customer c JOIN orders o ON o.o_custkey = c.c_custkey JOIN lineitem li ON li.l_orderkey = o.o_orderkey JOIN nation n ON n.n_nationkey = c.c_nationkey JOIN region r ON r.r_regionkey = n.n_regionkey
WHERE r.r_name IN ('NORTH', 'SOUTH') AND o.o_orderdate >= DATE '2021-01-01' AND o.o_orderdate < DATE '2021-01-01' + INTERVAL '2' YEAR
GROUP BY n.n_name ORDER BY revenue DESC

-- h05: sqlite
SELECT n.n_name, SUM(li.l_extendedprice * (1 - li.l_discount)) AS revenue
FROM customer c JOIN orders o ON o.o_custkey = c.c_custkey JOIN lineitem li ON li.l_orderkey = o.o_orderkey JOIN nation n ON n.n_nationkey = c.c_nationkey JOIN region r ON r.r_regionkey = n.n_regionkey
WHERE r.r_name IN ('NORTH', 'SOUTH') AND o.o_orderdate >= DATE('2021-01-01') AND o.o_orderdate < DATE('2021-01-01', '+2 years')
GROUP BY n.n_name ORDER BY revenue DESC

-- h06: every
SELECT SUM(l_extendedprice * l_discount) AS forgone FROM lineitem
WHERE l_shipdate >= '2022-01-01' AND l_shipdate < '2023-01-01' AND l_discount BETWEEN 0.04 - 0.02 AND 0.04 + 0.02 AND l_quantity < 30

-- h07: postgres duckdb mysql mariadb
SELECT trade.seller, trade.buyer, trade.in_year, SUM(trade.volume) AS revenue FROM (
  SELECT sn.n_name AS seller, cn.n_name AS buyer, EXTRACT(YEAR FROM li.l_shipdate) AS in_year, li.l_extendedprice * (1 - li.l_discount) AS volume
  FROM supplier s, lineitem li, orders o, customer c, nation sn, nation cn
  WHERE s.s_suppkey = li.l_suppkey AND o.o_orderkey = li.l_orderkey AND c.c_custkey = o.o_custkey AND s.s_nationkey = sn.n_nationkey AND c.c_nationkey = cn.n_nationkey
  AND ((sn.n_name = 'NORWAY' AND cn.n_name = 'SPAIN') OR (sn.n_name = 'SPAIN' AND cn.n_name = 'NORWAY') OR sn.n_name = 'DENMARK')
  AND li.l_shipdate BETWEEN DATE '2021-01-01' AND DATE '2022-12-31') AS trade
GROUP BY trade.seller, trade.buyer, trade.in_year ORDER BY trade.seller, trade.buyer, trade.in_year

-- h07: sqlite
SELECT trade.seller, trade.buyer, trade.in_year, SUM(trade.volume) AS revenue FROM (
  SELECT sn.n_name AS seller, cn.n_name AS buyer, CAST(STRFTIME('%Y', li.l_shipdate) AS INTEGER) AS in_year, li.l_extendedprice * (1 - li.l_discount) AS volume
  FROM supplier s, lineitem li, orders o, customer c, nation sn, nation cn
  WHERE s.s_suppkey = li.l_suppkey AND o.o_orderkey = li.l_orderkey AND c.c_custkey = o.o_custkey AND s.s_nationkey = sn.n_nationkey AND c.c_nationkey = cn.n_nationkey
  AND ((sn.n_name = 'NORWAY' AND cn.n_name = 'SPAIN') OR (sn.n_name = 'SPAIN' AND cn.n_name = 'NORWAY') OR sn.n_name = 'DENMARK')
  AND li.l_shipdate BETWEEN '2021-01-01' AND '2022-12-31') AS trade
GROUP BY trade.seller, trade.buyer, trade.in_year ORDER BY trade.seller, trade.buyer, trade.in_year

-- h08: postgres duckdb mysql mariadb
SELECT market.in_year, SUM(CASE WHEN market.from_nation = 'DENMARK' THEN market.volume ELSE 0 END) / SUM(market.volume) AS share_of_market FROM (
  SELECT EXTRACT(YEAR FROM o.o_orderdate) AS in_year, li.l_extendedprice * (1 - li.l_discount) AS volume, sn.n_name AS from_nation
  FROM part p JOIN lineitem li ON li.l_partkey = p.p_partkey JOIN supplier s ON s.s_suppkey = li.l_suppkey JOIN orders o ON o.o_orderkey = li.l_orderkey
  JOIN customer c ON c.c_custkey = o.o_custkey JOIN nation cn ON cn.n_nationkey = c.c_nationkey JOIN region r ON r.r_regionkey = cn.n_regionkey JOIN nation sn ON sn.n_nationkey = s.s_nationkey
  WHERE r.r_name = 'ISLANDS' AND p.p_type LIKE 'ECONOMY%') AS market
GROUP BY market.in_year ORDER BY market.in_year

-- h08: sqlite
SELECT market.in_year, SUM(CASE WHEN market.from_nation = 'DENMARK' THEN market.volume ELSE 0 END) / SUM(market.volume) AS share_of_market FROM (
  SELECT SUBSTR(o.o_orderdate, 1, 4) AS in_year, li.l_extendedprice * (1 - li.l_discount) AS volume, sn.n_name AS from_nation
  FROM part p JOIN lineitem li ON li.l_partkey = p.p_partkey JOIN supplier s ON s.s_suppkey = li.l_suppkey JOIN orders o ON o.o_orderkey = li.l_orderkey
  JOIN customer c ON c.c_custkey = o.o_custkey JOIN nation cn ON cn.n_nationkey = c.c_nationkey JOIN region r ON r.r_regionkey = cn.n_regionkey JOIN nation sn ON sn.n_nationkey = s.s_nationkey
  WHERE r.r_name = 'ISLANDS' AND p.p_type LIKE 'ECONOMY%') AS market
GROUP BY market.in_year ORDER BY market.in_year

-- h09: postgres duckdb mysql mariadb
SELECT earned.n_name, earned.in_year, SUM(earned.amount) AS profit FROM (
  SELECT n.n_name, EXTRACT(YEAR FROM o.o_orderdate) AS in_year, li.l_extendedprice * (1 - li.l_discount) - ps.ps_supplycost * li.l_quantity AS amount
  FROM lineitem li INNER JOIN part p ON p.p_partkey = li.l_partkey INNER JOIN partsupp ps ON ps.ps_partkey = li.l_partkey AND ps.ps_suppkey = li.l_suppkey
  INNER JOIN supplier s ON s.s_suppkey = li.l_suppkey INNER JOIN orders o ON o.o_orderkey = li.l_orderkey INNER JOIN nation n ON n.n_nationkey = s.s_nationkey
  WHERE p.p_name LIKE '%green%') earned
GROUP BY earned.n_name, earned.in_year ORDER BY earned.n_name ASC, earned.in_year DESC

-- h09: sqlite
SELECT earned.n_name, earned.in_year, SUM(earned.amount) AS profit FROM (
  SELECT n.n_name, STRFTIME('%Y', o.o_orderdate) AS in_year, li.l_extendedprice * (1 - li.l_discount) - ps.ps_supplycost * li.l_quantity AS amount
  FROM lineitem li INNER JOIN part p ON p.p_partkey = li.l_partkey INNER JOIN partsupp ps ON ps.ps_partkey = li.l_partkey AND ps.ps_suppkey = li.l_suppkey
  INNER JOIN supplier s ON s.s_suppkey = li.l_suppkey INNER JOIN orders o ON o.o_orderkey = li.l_orderkey INNER JOIN nation n ON n.n_nationkey = s.s_nationkey
  WHERE p.p_name LIKE '%green%') earned
GROUP BY earned.n_name, earned.in_year ORDER BY earned.n_name ASC, earned.in_year DESC

-- h10: every
SELECT c.c_custkey, c.c_name, SUM(li.l_extendedprice * (1 - li.l_discount)) AS lost, c.c_acctbal, n.n_name, c.c_phone
FROM customer c JOIN orders o ON o.o_custkey = c.c_custkey JOIN lineitem li ON li.l_orderkey = o.o_orderkey JOIN nation n ON n.n_nationkey = c.c_nationkey
WHERE o.o_orderdate >= '2021-06-01' AND o.o_orderdate < '2022-06-01' AND li.l_returnflag = 'R'
GROUP BY c.c_custkey, c.c_name, c.c_acctbal, c.c_phone, n.n_name ORDER BY lost DESC, c.c_custkey LIMIT 20

-- h11: every
SELECT ps.ps_partkey, SUM(ps.ps_supplycost * ps.ps_availqty) AS stock_value
FROM partsupp ps, supplier s, nation n WHERE ps.ps_suppkey = s.s_suppkey AND s.s_nationkey = n.n_nationkey AND n.n_name = 'DENMARK'
GROUP BY ps.ps_partkey
HAVING SUM(ps.ps_supplycost * ps.ps_availqty) > (
  SELECT SUM(ps.ps_supplycost * ps.ps_availqty) * 0.01 FROM partsupp ps, supplier s, nation n WHERE ps.ps_suppkey = s.s_suppkey AND s.s_nationkey = n.n_nationkey AND n.n_name = 'DENMARK')
ORDER BY stock_value DESC

-- h12: every
SELECT li.l_shipmode, SUM(CASE WHEN o.o_orderpriority = '1-URGENT' OR o.o_orderpriority = '2-HIGH' THEN 1 ELSE 0 END) AS pressing, SUM(CASE WHEN o.o_orderpriority <> '1-URGENT' AND o.o_orderpriority <> '2-HIGH' THEN 1 ELSE 0 END) AS ordinary
FROM orders o JOIN lineitem li ON o.o_orderkey = li.l_orderkey
WHERE li.l_shipmode IN ('MAIL', 'TRUCK') AND li.l_commitdate < li.l_receiptdate AND li.l_shipdate < li.l_commitdate AND li.l_receiptdate >= '2021-01-01' AND li.l_receiptdate < '2024-01-01'
GROUP BY li.l_shipmode ORDER BY li.l_shipmode

-- h13: every
SELECT counted.orders_made, COUNT(*) AS customers_with_it FROM (
  SELECT c.c_custkey, COUNT(o.o_orderkey) AS orders_made FROM customer c LEFT OUTER JOIN orders o ON c.c_custkey = o.o_custkey AND o.o_comment NOT LIKE '%special%requests%' GROUP BY c.c_custkey) counted
GROUP BY counted.orders_made ORDER BY customers_with_it DESC, counted.orders_made DESC

-- h14: every
SELECT 100.00 * SUM(CASE WHEN p.p_type LIKE 'PROMO%' THEN li.l_extendedprice * (1 - li.l_discount) ELSE 0 END) / SUM(li.l_extendedprice * (1 - li.l_discount)) AS promoted_percent
FROM lineitem li, part p WHERE li.l_partkey = p.p_partkey AND li.l_shipdate >= '2022-03-01' AND li.l_shipdate < '2022-09-01'

-- h15: postgres duckdb
WITH income (supplier_no, total) AS (
  SELECT l_suppkey, SUM(l_extendedprice * (1 - l_discount)) FROM lineitem WHERE l_shipdate >= DATE '2022-01-01' AND l_shipdate < DATE '2022-01-01' + INTERVAL '6 months' GROUP BY l_suppkey)
SELECT s.s_suppkey, s.s_name, income.total FROM supplier s, income WHERE s.s_suppkey = income.supplier_no AND income.total = (SELECT MAX(total) FROM income) ORDER BY s.s_suppkey

-- h15: mysql mariadb
WITH income (supplier_no, total) AS (
  SELECT l_suppkey, SUM(l_extendedprice * (1 - l_discount)) FROM lineitem WHERE l_shipdate >= '2022-01-01' AND l_shipdate < DATE_ADD('2022-01-01', INTERVAL 6 MONTH) GROUP BY l_suppkey)
SELECT s.s_suppkey, s.s_name, income.total FROM supplier s, income WHERE s.s_suppkey = income.supplier_no AND income.total = (SELECT MAX(total) FROM income) ORDER BY s.s_suppkey

-- h15: sqlite
WITH income (supplier_no, total) AS (
  SELECT l_suppkey, SUM(l_extendedprice * (1 - l_discount)) FROM lineitem WHERE l_shipdate >= '2022-01-01' AND l_shipdate < DATE('2022-01-01', '+6 months') GROUP BY l_suppkey)
SELECT s.s_suppkey, s.s_name, income.total FROM supplier s, income WHERE s.s_suppkey = income.supplier_no AND income.total = (SELECT MAX(total) FROM income) ORDER BY s.s_suppkey

-- h16: every
SELECT p.p_brand, p.p_type, p.p_size, COUNT(DISTINCT ps.ps_suppkey) AS offers
FROM partsupp ps JOIN part p ON p.p_partkey = ps.ps_partkey
WHERE p.p_brand <> 'Brand#11' AND p.p_type NOT LIKE 'MEDIUM%' AND p.p_size IN (5, 10, 15, 20) AND ps.ps_suppkey NOT IN (SELECT s_suppkey FROM supplier WHERE s_comment LIKE '%customer%complaints%')
GROUP BY p.p_brand, p.p_type, p.p_size ORDER BY offers DESC, p.p_brand, p.p_type, p.p_size

-- h17: every
SELECT SUM(li.l_extendedprice) / 12.0 AS a_month FROM lineitem li, part p
WHERE p.p_partkey = li.l_partkey AND p.p_container IN ('MED BOX', 'LG DRUM') AND li.l_quantity < (SELECT 0.7 * AVG(same.l_quantity) FROM lineitem same WHERE same.l_partkey = p.p_partkey)

-- h18: every
SELECT c.c_name, c.c_custkey, o.o_orderkey, o.o_orderdate, o.o_totalprice, SUM(li.l_quantity) AS pieces
FROM customer c, orders o, lineitem li
WHERE o.o_orderkey IN (SELECT l_orderkey FROM lineitem GROUP BY l_orderkey HAVING SUM(l_quantity) > 90) AND c.c_custkey = o.o_custkey AND o.o_orderkey = li.l_orderkey
GROUP BY c.c_name, c.c_custkey, o.o_orderkey, o.o_orderdate, o.o_totalprice ORDER BY o.o_totalprice DESC, o.o_orderdate LIMIT 50

-- h19: every
SELECT SUM(li.l_extendedprice * (1 - li.l_discount)) AS revenue FROM lineitem li INNER JOIN part p ON p.p_partkey = li.l_partkey
WHERE (p.p_brand = 'Brand#22' AND p.p_container IN ('SM CASE', 'JUMBO BAG') AND li.l_quantity BETWEEN 1 AND 21 AND p.p_size BETWEEN 1 AND 15 AND li.l_shipmode IN ('AIR', 'SHIP'))
OR (p.p_brand = 'Brand#31' AND p.p_container IN ('MED BOX', 'LG DRUM') AND li.l_quantity >= 10 AND li.l_quantity <= 10 + 30 AND p.p_size BETWEEN 1 AND 20 AND li.l_shipmode IN ('AIR', 'MAIL', 'TRUCK'))
OR (p.p_brand = 'Brand#12' AND li.l_quantity >= 20 AND p.p_size > 1 AND li.l_shipinstruct = 'NONE')

-- h20: every
SELECT s.s_name, s.s_acctbal FROM supplier s, nation n
WHERE s.s_suppkey IN (
  SELECT ps.ps_suppkey FROM partsupp ps WHERE ps.ps_partkey IN (SELECT p.p_partkey FROM part p WHERE p.p_name LIKE 'green%' OR p.p_name LIKE 'forest%')
  AND ps.ps_availqty > (SELECT 0.5 * SUM(li.l_quantity) FROM lineitem li WHERE li.l_partkey = ps.ps_partkey AND li.l_suppkey = ps.ps_suppkey AND li.l_shipdate >= '2021-01-01' AND li.l_shipdate < '2024-01-01'))
AND s.s_nationkey = n.n_nationkey AND n.n_name NOT IN ('MALTA') ORDER BY s.s_name

-- h21: every
SELECT s.s_name, COUNT(*) AS waited FROM supplier s, lineitem mine, orders o, nation n
WHERE s.s_suppkey = mine.l_suppkey AND o.o_orderkey = mine.l_orderkey AND o.o_orderstatus IN ('F', 'P', 'O') AND mine.l_receiptdate > mine.l_commitdate
AND EXISTS (SELECT * FROM lineitem another WHERE another.l_orderkey = mine.l_orderkey AND another.l_suppkey <> mine.l_suppkey)
AND NOT EXISTS (SELECT * FROM lineitem late WHERE late.l_orderkey = mine.l_orderkey AND late.l_suppkey <> mine.l_suppkey AND late.l_receiptdate > late.l_commitdate)
AND s.s_nationkey = n.n_nationkey AND n.n_name <> 'GREECE' GROUP BY s.s_name ORDER BY waited DESC, s.s_name LIMIT 100

-- h22: postgres duckdb mysql mariadb
SELECT idle.prefix, COUNT(*) AS customers, SUM(idle.c_acctbal) AS balance FROM (
  SELECT SUBSTRING(c.c_phone FROM 1 FOR 2) AS prefix, c.c_acctbal FROM customer c
  WHERE SUBSTRING(c.c_phone FROM 1 FOR 2) IN ('11', '14', '17', '20', '26') AND c.c_acctbal > (SELECT AVG(a.c_acctbal) FROM customer a WHERE a.c_acctbal > 0.00 AND SUBSTRING(a.c_phone FROM 1 FOR 2) IN ('11', '14', '17', '20', '26')) * 0.2
  AND NOT EXISTS (SELECT * FROM orders o WHERE o.o_custkey = c.c_custkey)) AS idle
GROUP BY idle.prefix ORDER BY idle.prefix

-- h22: sqlite
SELECT idle.prefix, COUNT(*) AS customers, SUM(idle.c_acctbal) AS balance FROM (
  SELECT SUBSTR(c.c_phone, 1, 2) AS prefix, c.c_acctbal FROM customer c
  WHERE SUBSTR(c.c_phone, 1, 2) IN ('11', '14', '17', '20', '26') AND c.c_acctbal > (SELECT AVG(a.c_acctbal) FROM customer a WHERE a.c_acctbal > 0.00 AND SUBSTR(a.c_phone, 1, 2) IN ('11', '14', '17', '20', '26')) * 0.2
  AND NOT EXISTS (SELECT * FROM orders o WHERE o.o_custkey = c.c_custkey)) AS idle
GROUP BY idle.prefix ORDER BY idle.prefix
