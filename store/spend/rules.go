package spend

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/text"
)

func scanRule(row db.Row) (r classify.Rule, err error) {
	var text string
	var id int64
	if err := row.Scan(&id, &text); err != nil {
		return r, err
	}
	err = json.Unmarshal([]byte(text), &r)
	r.ID = id
	return r, err
}

// RuleLedger holds its rows to the record.
var RuleLedger = record.Ledger{Topic: "rule", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanRule, `SELECT id, rule FROM spend_rules`, func(r classify.Rule) (string, any) { return r.Subject(), r })
}}

// rules are all rules, the withdrawn ones too. Until the first file is taken in
// they are those that the portal ships, and not yet on the record.
func rules(ctx context.Context, tx *db.Tx) ([]classify.Rule, error) {
	all, err := db.List(ctx, tx, scanRule, `SELECT id, rule FROM spend_rules ORDER BY id`)
	if err == nil && len(all) == 0 {
		all = classify.ShippedRules()
	}
	return all, err
}

// shipRules puts the shipped rules on the record, before the first thing that
// is judged by them.
func shipRules(ctx context.Context, tx *db.Tx) error {
	has, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM spend_rules`)
	if err != nil || has > 0 {
		return err
	}
	var parts []record.Part
	for _, r := range classify.ShippedRules() {
		if err := putRule(ctx, tx, r); err != nil {
			return err
		}
		parts = append(parts, record.Now(r.Subject(), r))
	}
	_, err = record.Add(ctx, tx, office.Portal, "rule.ship", "rule/shipped", parts...)
	return err
}

func putRule(ctx context.Context, tx *db.Tx, r classify.Rule) error {
	text, err := text.Canonical(r)
	if err != nil {
		return err
	}
	return tx.Change(ctx, `INSERT INTO spend_rules (id, rule) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET rule = EXCLUDED.rule`, r.ID, string(text))
}

// A Shift is what a change of the rules moves from one class and category to
// another.
type Shift struct {
	From      classify.Class `json:"from"`
	FromTaxon string         `json:"from_category"`
	To        classify.Class `json:"to"`
	ToTaxon   string         `json:"to_category"`
	Sum
}

// RuleTrial is what a change of the rules would do.
type RuleTrial struct {
	Rule    classify.Rule
	Moves   Sum     // lines that would be classed otherwise
	Shifts  []Shift // largest first
	Decides Sum     // lines that the rule would decide
}

// shifted compares what two cubes make of the same cells, and adds up what a
// rule of the second decides.
func shifted(ctx context.Context, tx *db.Tx, a, b *Cube, rule int64) (t RuleTrial, err error) {
	sums := map[[4]uint8]Sum{}
	for _, l := range a.Loads {
		cells, _, err := CellsOf(ctx, tx, l.ID)
		if err != nil {
			return t, err
		}
		for _, k := range cells {
			was, is, sum := l.of(a, int64(k.Combo)), l.of(b, int64(k.Combo)), Sum{k.Lines, money.Pence(k.Pence)}
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
		t.Shifts = append(t.Shifts, Shift{classify.Class(k[0]), taxonSlug(k[1]), classify.Class(k[2]), taxonSlug(k[3]), sum})
	}
	slices.SortFunc(t.Shifts, func(a, b Shift) int { return int(b.Lines - a.Lines) })
	return t, nil
}

// taxonSlug is the category at a place in Taxa, "" for none.
func taxonSlug(i uint8) string {
	if i == 0 {
		return ""
	}
	return classify.AllTaxa()[i-1].Slug
}

// decided is what a rule decides.
func (c *Cube) decided(rule int64) (sum Sum) {
	for _, l := range c.Loads {
		for _, r := range l.rules {
			if r.rule == int32(rule) {
				sum = sum.Plus(r.Sum)
			}
		}
	}
	return sum
}

func mayKeepSpend(by office.Viewer) error {
	if by.System == "" && !by.Can(office.KeepSpend) {
		return fault.Forbidden.Errorf("You do not have permission to change rules or suppliers.")
	}
	return nil
}

// TryRule says what a new rule would do, and keeps nothing.
func TryRule(ctx context.Context, tx *db.Tx, by office.Viewer, r classify.Rule) (t RuleTrial, err error) {
	if err := mayKeepSpend(by); err != nil {
		return t, err
	}
	if err := r.Check(); err != nil {
		return t, err
	}
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		if err := r.Alone(c.rules); err != nil {
			return err
		}
		r.ID = nextRule(c.rules)
		t, err = shifted(ctx, tx, c, c.trying(append(slices.Clone(c.rules), r)), r.ID)
		t.Rule = r
		return err
	})
	return t, err
}

func nextRule(all []classify.Rule) (id int64) {
	for _, r := range all {
		id = max(id, r.ID)
	}
	return id + 1
}

// AddRule adds a rule. It decides from the next page on.
func AddRule(ctx context.Context, tx *db.Tx, by office.Viewer, r classify.Rule) (id int64, err error) {
	if err := mayKeepSpend(by); err != nil {
		return 0, err
	}
	if err := r.Check(); err != nil {
		return 0, err
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		if err := shipRules(ctx, tx); err != nil {
			return err
		}
		all, err := rules(ctx, tx)
		if err != nil {
			return err
		}
		r.ID, r.On, r.By, r.Withdrawn, r.Why = nextRule(all), civil.DayOf(tx.Now()), OfficeOr(by), "", ""
		id = r.ID
		if err := r.Alone(all); err != nil {
			return err
		}
		return recordRule(ctx, tx, by, "add", r)
	})
	return id, err
}

// OfficeOr is the office that somebody acts in, or the system that acts.
func OfficeOr(by office.Viewer) string {
	if by.System != "" {
		return by.System
	}
	return by.Office.Title
}

func recordRule(ctx context.Context, tx *db.Tx, by office.Viewer, act office.Act, r classify.Rule) error {
	if err := putRule(ctx, tx, r); err != nil {
		return err
	}
	n, err := record.Add(ctx, tx, by, "rule."+string(act), r.Subject(), record.Now(r.Subject(), r))
	if err != nil {
		return err
	}
	return moved(ctx, tx, n)
}

// TryWithdrawRule says what the end of a rule would do.
func TryWithdrawRule(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) (t RuleTrial, err error) {
	if err := mayKeepSpend(by); err != nil {
		return t, err
	}
	err = WithCube(ctx, tx, func(tx *db.Tx, c *Cube) error {
		i := slices.IndexFunc(c.rules, func(r classify.Rule) bool { return r.ID == id && r.Stands() })
		if i < 0 {
			return fault.Conflict.Errorf("Rule %d is not in use, so it cannot be withdrawn.", id)
		}
		rules := slices.Clone(c.rules)
		rules[i].Withdrawn = civil.DayOf(tx.Now())
		t, err = shifted(ctx, tx, c, c.trying(rules), id)
		t.Rule, t.Decides = c.rules[i], c.decided(id)
		return err
	})
	return t, err
}

// WithdrawRule ends a rule, with a reason. It stays readable.
func WithdrawRule(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, why string) error {
	if err := mayKeepSpend(by); err != nil {
		return err
	}
	var f fault.Faults
	why = text.OneLine(why)
	text.Tidy(&f, "reason", "the reason", why, true, 500)
	if err := f.Err(); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		if err := shipRules(ctx, tx); err != nil {
			return err
		}
		r, err := db.One(ctx, tx, scanRule, `SELECT id, rule FROM spend_rules WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if !r.Stands() {
			return fault.Conflict.Errorf("This rule has already been withdrawn.")
		}
		r.Withdrawn, r.Why = civil.DayOf(tx.Now()), why
		return recordRule(ctx, tx, by, "withdraw", r)
	})
}

// RulePage is a rule with what it decides.
type RulePage struct {
	classify.Rule
	Decides Sum
}

// Rules lists all rules with what each decides, and the day of the last change.
func Rules(ctx context.Context, tx *db.Tx) (all []RulePage, err error) {
	err = WithCube(ctx, tx, func(_ *db.Tx, c *Cube) error {
		sums := map[int32]Sum{}
		for _, l := range c.Loads {
			for _, r := range l.rules {
				sums[r.rule] = sums[r.rule].Plus(r.Sum)
			}
		}
		for _, r := range c.rules {
			all = append(all, RulePage{r, sums[int32(r.ID)]})
		}
		return nil
	})
	return all, err
}

// ReadRule finds one rule with what it decides.
func ReadRule(ctx context.Context, tx *db.Tx, id int64) (r RulePage, err error) {
	err = WithCube(ctx, tx, func(_ *db.Tx, c *Cube) error {
		i := slices.IndexFunc(c.rules, func(r classify.Rule) bool { return r.ID == id })
		if i < 0 {
			return fault.NotFound.Errorf("There is no rule %d.", id)
		}
		r = RulePage{c.rules[i], c.decided(id)}
		return nil
	})
	return r, err
}
