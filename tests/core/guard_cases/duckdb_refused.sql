-- because: Reading a file
SELECT * FROM 'stolen.csv'

-- because: Reading a file
SELECT * FROM "data/*.parquet"

-- because: read_csv
SELECT * FROM read_csv('stolen.csv')

-- because: read_parquet
SELECT * FROM read_parquet('x.parquet')

-- because: read_text
SELECT * FROM read_text('/etc/passwd')

-- because: glob
SELECT * FROM glob('/etc/*')

-- because: getenv
SELECT getenv('HOME')

-- because: duckdb_secrets
SELECT * FROM duckdb_secrets()

-- because: duckdb_settings
SELECT * FROM duckdb_settings()

-- because: query
SELECT * FROM query('SELECT 1')

-- because: query_table
SELECT * FROM query_table('customers')

-- because: nextval
SELECT nextval('s')

-- because: INSTALL is not
INSTALL httpfs

-- because: LOAD is not
LOAD httpfs

-- because: EXPORT is not
EXPORT DATABASE 'x'

-- because: another database
SELECT * FROM other.main.customers

-- because: current_setting
SELECT current_setting('memory_limit')

-- because: COLUMNS
SELECT COLUMNS('na.*') FROM customers

-- because: nested too deeply
SELECT [[[[[[1]]]]]], ARRAY[ARRAY[ARRAY[ARRAY[ARRAY[1]]]]]

-- because: rowid keeps for itself
SELECT c.rowid FROM customers c

-- because: SETSEED
SELECT setseed(0.5)

-- because: WRITE_LOG
SELECT write_log('x')

-- because: SLEEP_MS
SELECT sleep_ms(1000)

-- because: STATS
SELECT stats(name) FROM customers

-- because: CHECKPOINT
SELECT * FROM force_checkpoint()

-- because: my_macro
SELECT [my_macro() FOR v IN [1]]

-- because: nextval
SELECT LIST_TRANSFORM([1], lambda v: nextval('s'))

-- because: TO_CHAR
SELECT TO_CHAR(ordered_at, 'YYYY') FROM orders
