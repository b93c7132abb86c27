-- because: SLEEP
SELECT SLEEP(10)

-- because: BENCHMARK
SELECT BENCHMARK(1000000000, MD5('x'))

-- because: LOAD_FILE
SELECT LOAD_FILE('/etc/passwd')

-- because: GET_LOCK
SELECT GET_LOCK('x', 10)

-- because: INTO
SELECT name FROM customers INTO OUTFILE '/tmp/x'

-- because: could not be read
SELECT name INTO DUMPFILE '/tmp/x' FROM customers

-- because: INTO
SELECT name INTO @x FROM customers

-- because: variable
SELECT @x := 1

-- because: variable
SELECT @@version

-- because: FOR UPDATE
SELECT * FROM customers LOCK IN SHARE MODE

-- because: analyse
SELECT * FROM customers PROCEDURE ANALYSE()

-- because: SQL_CALC_FOUND_ROWS
SELECT SQL_CALC_FOUND_ROWS name FROM customers

-- because: belongs to the database server
SELECT * FROM mysql.user

-- because: belongs to the database server
SELECT * FROM performance_schema.threads

-- because: LAST_INSERT_ID
SELECT LAST_INSERT_ID(5)

-- because: quoted function name
SELECT `SLEEP`(3)

-- because: EXTRACTVALUE
SELECT EXTRACTVALUE(1, '/x')

-- because: USER
SELECT USER()

-- because: CURRENT_USER
SELECT CURRENT_USER()

-- because: _rowid keeps for itself
SELECT _rowid FROM customers

-- because: UNCOMPRESS
SELECT UNCOMPRESS(REPEAT('x', 5))

-- because: NAME_CONST
SELECT NAME_CONST('x', 1)

-- because: RELEASE_ALL_LOCKS
SELECT RELEASE_ALL_LOCKS()

-- because: ROW_COUNT
SELECT ROW_COUNT()

-- because: UUID_SHORT
SELECT UUID_SHORT()

-- because: first
SELECT FIRST(total) FROM orders

-- because: full
SELECT FULL(id) FROM customers

-- because: rollup
SELECT ROLLUP(id) FROM customers

-- because: cube
SELECT cube (id) FROM customers

-- because: JSON_TABLE
SELECT JSON_TABLE(1) FROM customers

-- because: filter
SELECT FILTER(id, 1) FROM customers
