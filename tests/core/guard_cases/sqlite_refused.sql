-- because: load_extension
SELECT load_extension('evil')

-- because: writefile
SELECT writefile('/tmp/x', 'y')

-- because: readfile
SELECT readfile('/etc/passwd')

-- because: fts3_tokenizer
SELECT fts3_tokenizer('simple')

-- because: pragma_table_info
SELECT * FROM pragma_table_info('customers')

-- because: pragma_database_list
SELECT * FROM pragma_database_list

-- because: sqlite_master
SELECT * FROM sqlite_master

-- because: sqlite_schema
SELECT sql FROM main.sqlite_schema

-- because: VACUUM
VACUUM INTO 'copy.db'

-- because: randomblob
SELECT randomblob(1000000000)

-- because: no name of a column
SELECT c.'name' FROM customers c

-- because: without a name
SELECT ?

-- because: REPLACE is not
REPLACE INTO customers VALUES (1)

-- because: last_insert_rowid
SELECT last_insert_rowid()

-- because: rowid keeps for itself
SELECT rowid, name FROM customers

-- because: _ROWID_ keeps for itself
SELECT name FROM customers AS c WHERE c._ROWID_ = 1

-- because: oid keeps for itself
SELECT "oid" FROM customers

-- because: list of values must follow IN
SELECT 1 WHERE 'a' IN emails

-- because: USING needs the names of columns
SELECT 1 FROM orders JOIN customers USING ('id')
