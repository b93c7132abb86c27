-- because: pg_sleep
SELECT pg_sleep(10)

-- because: pg_sleep
SELECT PG_SLEEP(10) FROM customers

-- because: pg_sleep
SELECT "pg_sleep"(10)

-- because: pg_sleep
SELECT pg_catalog.pg_sleep(10)

-- because: U& escapes
SELECT U&"pg\005fsleep"(10)

-- because: U&
SELECT U&'d\0061t'

-- because: pg_sleep
WITH pg_sleep(n) AS (SELECT 1) SELECT pg_sleep(10)

-- because: pg_sleep
SELECT * FROM customers, pg_sleep(5)

-- because: rows_from
SELECT * FROM ROWS FROM (generate_series(1, 2), pg_sleep(1)) AS t

-- because: pg_sleep
SELECT n.pg_sleep FROM generate_series(1, 1) AS n

-- because: pg_read_file
SELECT pg_read_file('/etc/passwd')

-- because: lo_import
SELECT lo_import('/etc/passwd')

-- because: set_config
SELECT set_config('x.y', '1', false)

-- because: nextval
SELECT nextval('orders_id_seq')

-- because: query_to_xml
SELECT query_to_xml('DELETE FROM customers', true, false, '')

-- because: dblink
SELECT * FROM dblink('host=x', 'SELECT 1') AS t(a int)

-- because: ts_stat
SELECT * FROM ts_stat('SELECT 1')

-- because: SELECT INTO
SELECT * INTO copied FROM customers

-- because: DELETE
WITH gone AS (DELETE FROM customers RETURNING *) SELECT * FROM gone

-- because: INSERT
WITH made AS (INSERT INTO customers(id) VALUES (9) RETURNING id) SELECT id FROM made

-- because: FOR UPDATE
SELECT * FROM customers FOR SHARE SKIP LOCKED

-- because: pg_authid
SELECT * FROM pg_authid

-- because: pg_shadow
SELECT * FROM pg_catalog.pg_shadow

-- because: pg_stat_activity
SELECT query FROM pg_stat_activity

-- because: regclass
SELECT 'customers'::regclass

-- because: OPERATOR
SELECT 1 OPERATOR(pg_catalog.+) 2

-- because: a schema
SELECT 1 OPERATOR(hr.@@@) 2

-- because: current_user
SELECT current_user

-- because: user
SELECT user

-- because: current_setting
SELECT current_setting('is_superuser')

-- because: data type mine
SELECT 'x'::mine

-- because: variable or a numbered
SELECT $1

-- because: inside a comment
SELECT 1 /* a /* b */ , pg_sleep(1) */

-- because: COPY is not
COPY (SELECT 1) TO PROGRAM 'id'

-- because: DO is not
DO $$ BEGIN PERFORM 1; END $$

-- because: number
SELECT 1_000

-- because: No column purge
SELECT t.purge FROM (SELECT id, name FROM customers) t

-- because: No column purge
WITH d AS (SELECT name FROM customers) SELECT d.purge FROM d

-- because: No column purge
SELECT ((ARRAY_AGG(d))[1]).purge FROM customers d

-- because: No column purge
SELECT (t.d).purge FROM (SELECT d FROM customers d) t

-- because: ctid keeps for itself
SELECT id FROM customers ORDER BY ctid

-- because: xmin keeps for itself
SELECT c."xmin" FROM customers c

-- because: U& not allowed
SELECT U&"n\0061me" FROM customers

-- because: setseed
SELECT setseed(0.5)

-- because: pg_notify
SELECT pg_notify('c', 'x')

-- because: xpath_table
SELECT xpath_table('id', 'x', 'customers', '/a', '1 = 1')

-- because: crosstab
SELECT * FROM crosstab('SELECT 1, 2, 3') AS t(a int, b int)

-- because: pg_stat_reset
SELECT pg_stat_reset()

-- because: txid_current
SELECT txid_current()

-- because: FROM user
SELECT * FROM user

-- because: FROM current_catalog
SELECT * FROM current_catalog AS c

-- because: first
SELECT FIRST(total) FROM orders

-- because: filter
SELECT FILTER(id, 1) FROM customers

-- because: like
SELECT LIKE(name, 'a') FROM customers

-- because: datetime
SELECT DATETIME(name) FROM customers

-- because: uuid
SELECT UUID() FROM customers

-- because: full
SELECT FULL(id) FROM customers

-- because: escape
SELECT * FROM escape(1)

-- because: ordinality
SELECT * FROM ORDINALITY (1)
