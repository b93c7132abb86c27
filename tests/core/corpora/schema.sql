CREATE TABLE region (r_regionkey INTEGER PRIMARY KEY, r_name VARCHAR(25));

CREATE TABLE nation (n_nationkey INTEGER PRIMARY KEY, n_name VARCHAR(25), n_regionkey INTEGER);

CREATE TABLE supplier (s_suppkey INTEGER PRIMARY KEY, s_name VARCHAR(25), s_nationkey INTEGER, s_acctbal DECIMAL(12, 2), s_comment VARCHAR(80));

CREATE TABLE customer (c_custkey INTEGER PRIMARY KEY, c_name VARCHAR(25), c_nationkey INTEGER, c_phone VARCHAR(15), c_acctbal DECIMAL(12, 2), c_mktsegment VARCHAR(12));

CREATE TABLE part (p_partkey INTEGER PRIMARY KEY, p_name VARCHAR(40), p_brand VARCHAR(10), p_type VARCHAR(25), p_size INTEGER, p_container VARCHAR(12));

CREATE TABLE partsupp (ps_partkey INTEGER, ps_suppkey INTEGER, ps_availqty INTEGER, ps_supplycost DECIMAL(12, 2), PRIMARY KEY (ps_partkey, ps_suppkey));

CREATE TABLE orders (o_orderkey INTEGER PRIMARY KEY, o_custkey INTEGER, o_orderstatus VARCHAR(1), o_totalprice DECIMAL(12, 2), o_orderdate DATE, o_orderpriority VARCHAR(15), o_comment VARCHAR(80));

CREATE TABLE lineitem (l_orderkey INTEGER, l_linenumber INTEGER, l_partkey INTEGER, l_suppkey INTEGER, l_quantity DECIMAL(12, 2), l_extendedprice DECIMAL(12, 2), l_discount DECIMAL(12, 2), l_tax DECIMAL(12, 2), l_returnflag VARCHAR(1), l_linestatus VARCHAR(1), l_shipdate DATE, l_commitdate DATE, l_receiptdate DATE, l_shipinstruct VARCHAR(25), l_shipmode VARCHAR(10), PRIMARY KEY (l_orderkey, l_linenumber));

CREATE TABLE stores (id INTEGER PRIMARY KEY, city VARCHAR(20), country VARCHAR(20));

CREATE TABLE items (id INTEGER PRIMARY KEY, label VARCHAR(30), category VARCHAR(20), brand VARCHAR(20));

CREATE TABLE sales (id INTEGER PRIMARY KEY, sold_on DATE, store_id INTEGER, item_id INTEGER, buyer_id INTEGER, channel VARCHAR(10), quantity INTEGER, price DECIMAL(12, 2));

CREATE TABLE visits (id INTEGER PRIMARY KEY, visitor INTEGER, seen_at TIMESTAMP NULL DEFAULT NULL, page VARCHAR(20), details VARCHAR(80));

CREATE TABLE staff (id INTEGER PRIMARY KEY, name VARCHAR(20), boss_id INTEGER, salary DECIMAL(12, 2));
