package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

func (r Rule) subject() string { return fmt.Sprintf("rule/%d", r.ID) }

// Stands reports whether the rule decides anything.
func (r Rule) Stands() bool { return r.Withdrawn == "" }

func scanRule(row row) (r Rule, err error) {
	var text string
	var id int64
	if err := row.Scan(&id, &text); err != nil {
		return r, err
	}
	err = json.Unmarshal([]byte(text), &r)
	r.ID = id
	return r, err
}

var ruleLedger = ledger{"rule", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanRule, `SELECT id, rule FROM spend_rules`, func(r Rule) (string, any) { return r.subject(), r })
}}

// rules are all rules, the withdrawn ones too. Until the first file is taken in
// they are those that the portal ships, and not yet on the record.
func (s *Store) rules(ctx context.Context) ([]Rule, error) {
	all, err := list(ctx, s, scanRule, `SELECT id, rule FROM spend_rules ORDER BY id`)
	if err == nil && len(all) == 0 {
		all = shippedRules()
	}
	return all, err
}

// shipRules puts the shipped rules on the record, before the first thing that
// is judged by them.
func (s *Store) shipRules(ctx context.Context) error {
	has, err := one(ctx, s, scanInto[int64], `SELECT COUNT(*) FROM spend_rules`)
	if err != nil || has > 0 {
		return err
	}
	var parts []part
	for _, r := range shippedRules() {
		if err := s.putRule(ctx, r); err != nil {
			return err
		}
		parts = append(parts, now(r.subject(), r))
	}
	_, err = s.record(ctx, Portal, "rule.ship", "rule/shipped", parts...)
	return err
}

func (s *Store) putRule(ctx context.Context, r Rule) error {
	text, err := canonical(r)
	if err != nil {
		return err
	}
	return s.change(ctx, `INSERT INTO spend_rules (id, rule) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET rule = EXCLUDED.rule`, r.ID, string(text))
}

// A Shift is what a change of the rules moves from one class and category to
// another.
type Shift struct {
	From      Class  `json:"from"`
	FromTaxon string `json:"from_category"`
	To        Class  `json:"to"`
	ToTaxon   string `json:"to_category"`
	Sum
}

// RuleTrial is what a change of the rules would do.
type RuleTrial struct {
	Rule    Rule
	Moves   Sum     // lines that would be classed otherwise
	Shifts  []Shift // largest first
	Decides Sum     // lines that the rule would decide
}

// shifted compares what two cubes make of the same cells, and adds up what a
// rule of the second decides.
func (s *Store) shifted(ctx context.Context, a, b *cube, rule int64) (t RuleTrial, err error) {
	sums := map[[4]uint8]Sum{}
	for _, l := range a.loads {
		cells, _, err := s.cellsOf(ctx, l.ID)
		if err != nil {
			return t, err
		}
		for _, k := range cells {
			was, is, sum := l.of(a, int64(k.combo)), l.of(b, int64(k.combo)), Sum{k.lines, Pence(k.pence)}
			if is.rule == int32(rule) {
				t.Decides = t.Decides.Plus(sum)
			}
			if was.class != is.class || was.taxon != is.taxon {
				key := [4]uint8{uint8(was.class), was.taxon, uint8(is.class), is.taxon}
				sums[key] = sums[key].Plus(sum)
				t.Moves = t.Moves.Plus(sum)
			}
		}
	}
	for k, sum := range sums {
		t.Shifts = append(t.Shifts, Shift{Class(k[0]), taxonSlug(k[1]), Class(k[2]), taxonSlug(k[3]), sum})
	}
	slices.SortFunc(t.Shifts, func(a, b Shift) int { return int(b.Lines - a.Lines) })
	return t, nil
}

// taxonSlug is the category at a place in Taxa, "" for none.
func taxonSlug(i uint8) string {
	if i == 0 {
		return ""
	}
	return taxa()[i-1].Slug
}

// decided is what a rule decides.
func (c *cube) decided(rule int64) (sum Sum) {
	for _, l := range c.loads {
		for _, r := range l.rules {
			if r.rule == int32(rule) {
				sum = sum.Plus(r.Sum)
			}
		}
	}
	return sum
}

func mayKeepSpend(by Viewer) error {
	if by.System == "" && !by.Can(KeepSpend) {
		return Forbidden.Errorf("The office you act in does not keep the rules and suppliers of spend.")
	}
	return nil
}

// TryRule says what a new rule would do, and keeps nothing.
func (s *Store) TryRule(ctx context.Context, by Viewer, r Rule) (t RuleTrial, err error) {
	if err := mayKeepSpend(by); err != nil {
		return t, err
	}
	if err := r.check(); err != nil {
		return t, err
	}
	err = s.spend(ctx, func(s *Store, c *cube) error {
		if err := r.alone(c.rules); err != nil {
			return err
		}
		r.ID = nextRule(c.rules)
		t, err = s.shifted(ctx, c, c.trying(append(slices.Clone(c.rules), r)), r.ID)
		t.Rule = r
		return err
	})
	return t, err
}

// alone refuses a rule with the conditions of another, and one too many.
func (r Rule) alone(all []Rule) error {
	for _, o := range all {
		if o.Stands() && o.Conditions() == r.Conditions() {
			return Invalid.Errorf("Rule %d is for just this already: withdraw that one first.", o.ID)
		}
	}
	if len(all) >= mostRules {
		return Conflict.Errorf("There are %s rules, as many as there can be.", Thousands(int64(len(all))))
	}
	return nil
}

func nextRule(all []Rule) (id int64) {
	for _, r := range all {
		id = max(id, r.ID)
	}
	return id + 1
}

// AddRule adds a rule. It decides from the next page on.
func (s *Store) AddRule(ctx context.Context, by Viewer, r Rule) (id int64, err error) {
	if err := mayKeepSpend(by); err != nil {
		return 0, err
	}
	if err := r.check(); err != nil {
		return 0, err
	}
	err = s.write(ctx, func(s *Store) error {
		if err := s.shipRules(ctx); err != nil {
			return err
		}
		all, err := s.rules(ctx)
		if err != nil {
			return err
		}
		r.ID, r.On, r.By, r.Withdrawn, r.Why = nextRule(all), DayOf(s.Now()), officeOr(by), "", ""
		id = r.ID
		if err := r.alone(all); err != nil {
			return err
		}
		return s.recordRule(ctx, by, "add", r)
	})
	return id, err
}

func officeOr(by Viewer) string {
	if by.System != "" {
		return by.System
	}
	return by.Office.Title
}

func (s *Store) recordRule(ctx context.Context, by Viewer, act Act, r Rule) error {
	if err := s.putRule(ctx, r); err != nil {
		return err
	}
	n, err := s.record(ctx, by, "rule."+string(act), r.subject(), now(r.subject(), r))
	if err != nil {
		return err
	}
	return s.moved(ctx, n)
}

// TryWithdrawRule says what the end of a rule would do.
func (s *Store) TryWithdrawRule(ctx context.Context, by Viewer, id int64) (t RuleTrial, err error) {
	if err := mayKeepSpend(by); err != nil {
		return t, err
	}
	err = s.spend(ctx, func(s *Store, c *cube) error {
		i := slices.IndexFunc(c.rules, func(r Rule) bool { return r.ID == id && r.Stands() })
		if i < 0 {
			return Conflict.Errorf("Rule %d does not stand, so it cannot be withdrawn.", id)
		}
		rules := slices.Clone(c.rules)
		rules[i].Withdrawn = DayOf(s.Now())
		t, err = s.shifted(ctx, c, c.trying(rules), id)
		t.Rule, t.Decides = c.rules[i], c.decided(id)
		return err
	})
	return t, err
}

// WithdrawRule ends a rule, with a reason. It stays readable.
func (s *Store) WithdrawRule(ctx context.Context, by Viewer, id int64, why string) error {
	if err := mayKeepSpend(by); err != nil {
		return err
	}
	var f Faults
	why = oneLine(why)
	text(&f, "reason", "the reason", why, true, 500)
	if err := f.Err(); err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		if err := s.shipRules(ctx); err != nil {
			return err
		}
		r, err := one(ctx, s, scanRule, `SELECT id, rule FROM spend_rules WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if !r.Stands() {
			return Conflict.Errorf("This rule was withdrawn already.")
		}
		r.Withdrawn, r.Why = DayOf(s.Now()), why
		return s.recordRule(ctx, by, "withdraw", r)
	})
}

// RuleAt is a rule with what it decides.
type RuleAt struct {
	Rule
	Decides Sum
}

// Rules lists all rules with what each decides, and the day of the last change.
func (s *Store) Rules(ctx context.Context) (all []RuleAt, err error) {
	err = s.spend(ctx, func(_ *Store, c *cube) error {
		sums := map[int32]Sum{}
		for _, l := range c.loads {
			for _, r := range l.rules {
				sums[r.rule] = sums[r.rule].Plus(r.Sum)
			}
		}
		for _, r := range c.rules {
			all = append(all, RuleAt{r, sums[int32(r.ID)]})
		}
		return nil
	})
	return all, err
}

// RuleOf finds one rule with what it decides.
func (s *Store) RuleOf(ctx context.Context, id int64) (r RuleAt, err error) {
	err = s.spend(ctx, func(_ *Store, c *cube) error {
		i := slices.IndexFunc(c.rules, func(r Rule) bool { return r.ID == id })
		if i < 0 {
			return NotFound.Errorf("There is no rule %d.", id)
		}
		r = RuleAt{c.rules[i], c.decided(id)}
		return nil
	})
	return r, err
}
