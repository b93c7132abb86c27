-- One file of a hotel, as uploaded: the first column names the row as people call the whole, and
-- one column says yes or no.
CREATE TABLE hotel_bookings (
    booking VARCHAR(10), booked_on DATE, arrival DATE, nights INTEGER, room_type VARCHAR(20),
    channel VARCHAR(20), guests INTEGER, price_per_night DECIMAL(10,2), cancelled BOOLEAN);
INSERT INTO hotel_bookings VALUES
    ('B-0001', '2026-08-02', '2026-08-20', 3, 'Single', 'Phone', 1, 80, TRUE),
    ('B-0002', '2026-08-15', '2026-09-01', 2, 'Double', 'Website', 2, 120, TRUE),
    ('B-0003', '2026-09-03', '2026-09-30', 7, 'Suite', 'Website', 2, 300, FALSE),
    ('B-0004', '2026-09-10', '2026-10-02', 1, 'Single', 'Phone', 1, 85, TRUE),
    ('B-0005', '2026-09-21', '2026-10-11', 4, 'Double', 'Agent', 3, 130, FALSE),
    ('B-0006', '2026-09-29', '2026-12-24', 8, 'Suite', 'Website', 4, 350, FALSE),
    ('B-0007', '2026-10-01', '2026-10-05', 2, 'Single', 'Website', 1, 90, TRUE);
