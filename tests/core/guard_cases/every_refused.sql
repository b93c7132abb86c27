-- because: DELETE is not a query
DELETE FROM customers

-- because: UPDATE is not a query
UPDATE customers SET name = 'x'

-- because: INSERT is not a query
INSERT INTO customers VALUES (1)

-- because: DROP is not a query
DROP TABLE customers

-- because: CREATE is not a query
CREATE TABLE copied AS SELECT * FROM customers

-- because: ALTER is not a query
ALTER TABLE customers ADD COLUMN x INT

-- because: TRUNCATE is not a query
TRUNCATE TABLE customers

-- because: EXPLAIN is not a query
EXPLAIN ANALYZE SELECT 1

-- because: SET is not a query
SET x = 1

-- because: CALL is not a query
CALL wipe()

-- because: GRANT is not a query
GRANT ALL ON customers TO someone

-- because: PRAGMA is not a query
PRAGMA table_info(customers)

-- because: ATTACH is not a query
ATTACH 'other.db' AS other

-- because: COPY is not a query
COPY customers TO 'stolen.csv'

-- because: BEGIN is not a query
BEGIN

-- because: more than one statement
SELECT 1; SELECT 2

-- because: more than one statement
SELECT 1; DROP TABLE customers

-- because: more than one statement
SELECT 1;; DELETE FROM customers;

-- because: more than one statement
SELECT 1; -- end
COMMIT

-- because: my_own_function
SELECT my_own_function(name) FROM customers

-- because: my_own_function
SELECT name FROM customers ORDER BY my_own_function(id)

-- because: my_own_function
SELECT name FROM customers WHERE id = (SELECT MAX(my_own_function(total)) FROM orders)

-- because: lower
SELECT hr.lower(name) FROM customers

-- because: customers_of
SELECT * FROM customers_of(1)

-- because: FOR UPDATE
SELECT * FROM customers FOR UPDATE

-- because: could not be read
SELECT FROM WHERE

-- because: could not be read
SELECT (1

-- because: not closed
SELECT 'open

-- because: /*!
SELECT 1 /*! UNION SELECT 2 */

-- because: /*M!
SELECT 1 /*M!100000 , 2 */

-- because: Template
SELECT 1 {# and more #}

-- because: Template
SELECT {{ value }}

-- because: Template
SELECT 1 {% if x %} , 2 {% endif %}

-- because: no value
SELECT * FROM customers WHERE id = :missing

-- because: LIMIT
SELECT * FROM customers LIMIT (SELECT COUNT(*) FROM orders)

-- because: belongs to another schema
SELECT * FROM hr.salaries

-- because: belongs to the database server
SELECT * FROM information_schema.tables

-- because: nothing follows AS
SELECT name AS

-- because: nothing follows OVER
SELECT SUM(total) OVER -- (ORDER BY id) FROM orders

-- because: nothing follows IN
SELECT id IN FROM customers WHERE id IN

-- because: nothing follows ,
SELECT name, -- country FROM customers
