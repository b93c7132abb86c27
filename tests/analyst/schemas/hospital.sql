-- A hospital: foreign keys are declared, visits have two dates, prescriptions is a bridge.
CREATE TABLE wards (
    ward_id INTEGER PRIMARY KEY, name VARCHAR(40), floor INTEGER, beds INTEGER);
CREATE TABLE doctors (
    doctor_id INTEGER PRIMARY KEY, name VARCHAR(40), specialty VARCHAR(40),
    ward_id INTEGER REFERENCES wards(ward_id), hired_on DATE, salary DECIMAL(10,2),
    on_call BOOLEAN);
CREATE TABLE patients (
    patient_id INTEGER PRIMARY KEY, name VARCHAR(40), city VARCHAR(40), gender VARCHAR(1),
    birth_date DATE, insurer VARCHAR(40));
CREATE TABLE visits (
    visit_id INTEGER PRIMARY KEY, patient_id INTEGER REFERENCES patients(patient_id),
    doctor_id INTEGER REFERENCES doctors(doctor_id), booked_on DATE, visited_on DATE,
    status VARCHAR(20), fee DECIMAL(10,2));
CREATE TABLE drugs (
    drug_id INTEGER PRIMARY KEY, name VARCHAR(40), maker VARCHAR(40), price DECIMAL(10,2));
CREATE TABLE prescriptions (
    visit_id INTEGER REFERENCES visits(visit_id), drug_id INTEGER REFERENCES drugs(drug_id),
    doses INTEGER, PRIMARY KEY (visit_id, drug_id));
INSERT INTO wards VALUES
    (1, 'Birch', 2, 30), (2, 'Cedar', 1, 18), (3, 'Élan', 3, 40), (4, 'Oak', 0, NULL);
INSERT INTO doctors VALUES
    (1, 'Ana Ruiz', 'Cardiology', 1, '2015-04-01', 9200, TRUE),
    (2, 'Björn Öst', 'Cardiology', 1, '2019-09-15', 8100, FALSE),
    (3, 'Chloé Petit', 'Pediatrics', 2, '2021-01-10', 7400, TRUE),
    (4, 'Deng Wei', 'Surgery', 3, '2012-06-30', 11800, FALSE),
    (5, 'Eve Stone', 'Surgery', 3, '2024-02-01', 8900, TRUE),
    (6, 'Farid Aziz', 'Radiology', NULL, '2026-03-02', 7000, FALSE);
INSERT INTO patients VALUES
    (1, 'Greta Holm', 'Köln', 'F', '1950-02-11', 'Aurea'),
    (2, 'Hugo Blanc', 'Lyon', 'M', '1988-07-23', 'BelMed'),
    (3, 'Ines Costa', 'Porto', 'F', '2015-12-01', 'Aurea'),
    (4, 'Jun Sato', 'Köln', 'M', '1979-03-30', NULL),
    (5, 'Kaia Lund', 'Lyon', 'F', '2001-09-09', 'BelMed'),
    (6, 'Luis Vega', 'Porto', 'M', '1972-01-19', 'Aurea'),
    (7, 'Mia O''Neill', 'Köln', 'F', '1966-05-17', 'Corvus'),
    (8, 'Noor Khan', 'São Paulo', 'M', '1994-11-30', NULL);
INSERT INTO visits VALUES
    (1, 1, 1, '2025-11-03', '2025-11-10', 'done', 120),
    (2, 2, 1, '2026-01-08', '2026-01-15', 'done', 80),
    (3, 1, 2, '2026-02-20', '2026-03-05', 'done', 95),
    (4, 3, 3, '2026-04-01', '2026-04-02', 'done', 60),
    (5, 4, 4, '2026-05-11', '2026-06-01', 'done', 400),
    (6, 5, 3, '2026-07-06', '2026-07-07', 'no show', NULL),
    (7, 2, 4, '2026-06-29', '2026-07-14', 'done', 350),
    (8, 1, 1, '2026-08-03', '2026-08-20', 'done', 130),
    (9, 6, 5, '2026-09-01', '2026-09-18', 'done', 210),
    (10, 7, 1, '2026-09-25', '2026-10-02', 'done', 140),
    (11, 3, 3, '2026-10-05', '2026-10-09', 'done', 60),
    (12, 7, 2, '2026-10-20', '2026-10-28', 'no show', NULL),
    (13, 4, 5, '2026-10-30', '2026-11-06', 'done', 260),
    (14, 1, 1, '2026-11-02', '2026-11-12', 'done', 130),
    (15, 2, 2, '2026-11-16', NULL, 'booked', NULL);
INSERT INTO drugs VALUES
    (1, 'Cardiol', 'Nordpharm', 12.5), (2, 'Painex', 'Nordpharm', 4.2),
    (3, 'Vitalis', 'Süd AG', 7.9), (4, 'Zephyrin', 'Süd AG', 22);
INSERT INTO prescriptions VALUES
    (1, 1, 30), (2, 1, 30), (2, 2, 10), (3, 1, 60), (4, 3, 20), (5, 2, 15), (8, 1, 30),
    (9, 2, 10), (10, 1, 30), (11, 3, 20), (13, 2, 20), (14, 1, 30), (14, 3, 10);
