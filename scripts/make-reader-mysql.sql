-- Makes an account for DataMind that can read one MySQL or MariaDB database and nothing else.
--
-- 1. Copy this file, and fill in the five lines below. The password must stand in quotes; left
--    as it is, nothing is created. Delete the copy afterwards.
-- 2. Run it as an administrator:   mysql < make-reader-mysql.sql      (or: mariadb < …)
--
-- For a second database run it again with that one's name: the account stays as it is.
-- MariaDB keeps the time limit in the account. MySQL has no such limit: there DataMind sets
-- max_execution_time in each of its sessions.

SET @database = COALESCE(@database, 'PUT THE DATABASE HERE');
SET @password = COALESCE(@password, 'PUT A LONG RANDOM PASSWORD HERE');
SET @reader = COALESCE(@reader, 'datamind_reader');
-- Where DataMind runs, as this server sees it. '%' would let it sign in from anywhere.
SET @host = COALESCE(@host, 'PUT THE ADDRESS OF DATAMIND HERE');
SET @seconds = COALESCE(@seconds, 30);

-- From here on nothing needs to be changed.

-- Backslashes escape in the texts that are put together below; _ and % in the database's name
-- would stand for other letters.
SET @mode_before = @@SESSION.sql_mode;
SET SESSION sql_mode = REPLACE(REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', ''),
                               'ANSI_QUOTES', '');
SET @account = CONCAT(QUOTE(@reader), '@', QUOTE(@host));
SET @place = REPLACE(REPLACE(REPLACE(REPLACE(@database, '\\', '\\\\'), '_', '\\_'), '%', '\\%'),
                     '`', '``');
SET @limit_of_time = IF(VERSION() LIKE '%MariaDB%',
                        CONCAT(' WITH MAX_STATEMENT_TIME ', CAST(@seconds AS UNSIGNED)), '');

-- What was not filled in stops here: "SIGNAL" cannot stand outside of a procedure, an unknown
-- function can be prepared nowhere.
SET @sql = IF(CONCAT(@database, @password, @host) LIKE '%PUT %HERE%',
              'SELECT fill_in_the_lines_at_the_top_of_this_file()', 'DO 0');
PREPARE reader FROM @sql;
EXECUTE reader;

SET @sql = CONCAT('CREATE USER IF NOT EXISTS ', @account, ' IDENTIFIED BY ', QUOTE(@password),
                  @limit_of_time);
PREPARE reader FROM @sql;
EXECUTE reader;

SET @sql = CONCAT('GRANT SELECT, SHOW VIEW ON `', @place, '`.* TO ', @account);
PREPARE reader FROM @sql;
EXECUTE reader;

DEALLOCATE PREPARE reader;
SET SESSION sql_mode = @mode_before;
SET @password = NULL, @sql = NULL;

SELECT CONCAT(@account, ' can read ', @database, '.') AS done;
