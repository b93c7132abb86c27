-- A haulier: no foreign key is declared, names are short, "order", "from" and "to" are keywords.
CREATE TABLE cust (
    cust_id INTEGER PRIMARY KEY, cust_nm VARCHAR(40), cntry_cd VARCHAR(2), sector VARCHAR(40),
    active_flg INTEGER);
CREATE TABLE "order" (
    id INTEGER PRIMARY KEY, cust_id INTEGER, ordered_on DATE, delivered_on DATE,
    total_amt DECIMAL(10,2), sts VARCHAR(3));
CREATE TABLE truck (
    truck_id INTEGER PRIMARY KEY, plate VARCHAR(20), model VARCHAR(40), max_load_kg INTEGER,
    built_yr INTEGER);
CREATE TABLE driver (
    driver_id INTEGER PRIMARY KEY, first_nm VARCHAR(40), last_nm VARCHAR(40),
    license VARCHAR(4), hired_on DATE);
CREATE TABLE truck_driver (truck_id INTEGER, driver_id INTEGER);
CREATE TABLE trip (
    trip_id INTEGER PRIMARY KEY, order_id INTEGER, truck_id INTEGER, "from" VARCHAR(40),
    "to" VARCHAR(40), started_at TIMESTAMP, km INTEGER, "loadKg" INTEGER, express BOOLEAN);
INSERT INTO cust VALUES
    (1, 'Alpina Foods', 'CH', 'Food', 1), (2, 'Baltic Steel', 'DE', 'Metal', 1),
    (3, 'Costa Verde', 'PT', 'Food', 0), (4, 'Dåb Textil', 'DK', 'Textile', 1),
    (5, 'Eco-Print', 'DE', 'Paper', 1);
INSERT INTO "order" VALUES
    (1, 1, '2025-12-05', '2025-12-12', 1000, 'DLV'),
    (2, 1, '2026-01-20', '2026-02-02', 1500, 'DLV'),
    (3, 2, '2026-02-14', '2026-02-20', 4000, 'DLV'),
    (4, 2, '2026-03-03', NULL, 2500, 'CNC'),
    (5, 3, '2026-04-18', '2026-05-01', 700, 'DLV'),
    (6, 1, '2026-07-09', '2026-07-15', 1200, 'DLV'),
    (7, 4, '2026-08-21', '2026-09-01', 900, 'DLV'),
    (8, 2, '2026-09-30', '2026-10-06', 3200, 'DLV'),
    (9, 4, '2026-10-12', '2026-10-30', 1100, 'DLV'),
    (10, 1, '2026-10-25', NULL, 800, 'OPN'),
    (11, 2, '2026-11-10', NULL, 2000, 'OPN');
INSERT INTO truck VALUES
    (1, 'K-TR 101', 'Actros', 18000, 2018), (2, 'K-TR 102', 'Actros', 18000, 2021),
    (3, 'B-XY 7', 'eDaily', 3500, 2024), (4, 'B-XY 8', 'eDaily', 3500, 2024);
INSERT INTO driver VALUES
    (1, 'Ole', 'Dahl', 'C', '2016-05-01'), (2, 'Petra', 'Šimek', 'CE', '2019-11-11'),
    (3, 'Quim', 'Roca', 'C1', '2023-02-20'), (4, 'Rosa', 'Ek', 'CE', '2026-06-01');
INSERT INTO truck_driver VALUES (1, 1), (1, 2), (2, 2), (3, 3), (3, 1);
INSERT INTO trip VALUES
    (1, 1, 1, 'Köln', 'Basel', '2025-12-08 06:30:00', 620, 9000, FALSE),
    (2, 2, 1, 'Köln', 'Basel', '2026-01-29 07:00:00', 620, 12000, FALSE),
    (3, 3, 2, 'Köln', 'Berlin', '2026-02-17 22:15:00', 480, 17500, TRUE),
    (4, 5, 3, 'Köln', 'Porto', '2026-04-27 09:00:00', 2100, 1800, FALSE),
    (5, 6, 1, 'Bremen', 'Basel', '2026-07-12 05:45:00', 610, 8000, FALSE),
    (6, 7, 3, 'Köln', 'København', '2026-08-28 08:20:00', 850, 2200, TRUE),
    (7, 8, 2, 'Bremen', 'Berlin', '2026-10-03 23:50:00', 380, 16000, FALSE),
    (8, 9, 3, 'Köln', 'København', '2026-10-26 10:10:00', 850, 2500, FALSE),
    (9, 10, 1, 'Köln', 'Basel', '2026-11-13 06:00:00', 620, 7000, TRUE);
