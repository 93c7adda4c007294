package store

import "context"

// KeepCharge stores whose work a matter of scrutiny is, for tests of what
// follows from it whatever the matter is.
func (s *Store) KeepCharge(ctx context.Context, by Viewer, c Charge) error {
	return s.write(ctx, func(s *Store) error {
		row, err := s.charged(ctx, c)
		if err != nil {
			return err
		}
		_, err = s.record(ctx, by, "charge.test", c.subject(), row)
		return err
	})
}

// ChargeOf finds whose work a matter is.
func (s *Store) ChargeOf(ctx context.Context, kind, ref string) (Charge, error) {
	return s.charge(ctx, kind, ref)
}
