-- +goose Up
-- How a payment stands to its decision by the day of payment: '' where nothing
-- is to be asked, held or before. What is kept already was judged by the
-- instant at which its file was taken in, and stays so.
ALTER TABLE spend_decisions ADD COLUMN judged TEXT NOT NULL DEFAULT '';
UPDATE spend_decisions SET judged = 'held' WHERE EXISTS (SELECT 1 FROM load_decisions u
	WHERE u.load = spend_decisions.load AND u.decision = spend_decisions.decision AND u.held);
