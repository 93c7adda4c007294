package story

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
)

// matters of the story are found by their own names: a reader may have put a
// decision forward meanwhile, and taken a reference.
func (t *teller) ref(name string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refs[name]
}

// matter is the reference of a question or a recommendation of the story.
func (t *teller) matter(name string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.matters[name]
}

// deciding is an act of one person on a decision of the story.
func deciding(key, name string, do func(context.Context, *db.Tx, office.Viewer, decisions.Page) error) act {
	return func(ctx context.Context, t *teller) error {
		return doing(key, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			d, err := decisions.ReadPage(ctx, tx, v, t.ref(name))
			if err != nil {
				return err
			}
			return do(ctx, tx, v, d)
		})(ctx, t)
	}
}

// proposes drafts a decision of the story and puts it forward.
func proposes(name string) act {
	m := sampleMatters[name]
	return func(ctx context.Context, t *teller) error {
		return doing(m.by, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			draft, err := decisions.SaveDraft(ctx, tx, v, decisions.DraftForm{Matter: m.kind, Paper: m.paper, Part2: m.part2, Urgent: m.urgent})
			if err != nil {
				return err
			}
			ref, _, err := decisions.PutForwardPaper(ctx, tx, v, draft, 1)
			t.mu.Lock()
			t.refs[name] = ref
			t.mu.Unlock()
			return err
		})(ctx, t)
	}
}

// viewed gives every view that a decision waits for.
func viewed(name string) (all []act) {
	m := sampleMatters[name]
	for _, give := range []struct {
		by, words string
		kind      authority.ViewKind
	}{{"finance officer", m.finance, authority.FinanceView}, {"secretary", m.legal, authority.LegalView}} {
		all = append(all, deciding(give.by, name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
			for _, k := range d.MyView {
				if k == give.kind {
					_, err := decisions.GiveView(ctx, tx, v, d.Ref, d.Hash, k, give.words)
					return err
				}
			}
			return nil
		}))
	}
	return all
}

func opens(name string, way authority.Way) act {
	return deciding("secretary", name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
		_, err := decisions.OpenVoting(ctx, tx, v, d.Ref, decisions.OpenForm{Way: way})
		return err
	})
}

// votes casts the same ballot for several people.
func votes(name string, choice authority.BallotChoice, reason string, keys ...string) (all []act) {
	for _, key := range keys {
		all = append(all, deciding(key, name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
			_, err := decisions.CastBallot(ctx, tx, v, d.Ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Votes, Choice: choice, Reason: reason})
			return err
		}))
	}
	return all
}

// atBoard opens a poll of the board, takes the votes and closes it.
func atBoard(name string, yes, no []int) (all []act) {
	all = append(all, opens(name, authority.ByPoll))
	for _, seat := range yes {
		all = append(all, votes(name, authority.For, "", directorKey(seat))...)
	}
	for _, seat := range no {
		all = append(all, votes(name, authority.Against, dissents[name], directorKey(seat))...)
	}
	return append(all, deciding("chair of the board", name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
		_, err := decisions.ClosePoll(ctx, tx, v, d.Ref)
		return err
	}))
}

func directorKey(seat int) string { return fmt.Sprintf("director %d", seat) }

// sits gives the directors of the register accounts of their own.
func sits(from civil.Day, first, last int) (all []act) {
	for seat := first; seat <= last; seat++ {
		all = append(all, func(ctx context.Context, t *teller) error {
			return t.join(ctx, directorKey(seat), fmt.Sprintf("Director %d (sample)", seat), office.Office{Body: office.TheCompany, Kind: office.DirectorOffice, Title: "Director", Seat: int64(seat)}, from)
		})
	}
	return all
}

func publishes(name string) act {
	return deciding("secretary", name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
		_, err := decisions.Publish(ctx, tx, v, d.Ref, civil.DayOf(tx.Now()))
		return err
	})
}

func consents(key, name, matter string, choice authority.BallotChoice, conditions ...string) act {
	return deciding(key, name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
		_, err := decisions.CastBallot(ctx, tx, v, d.Ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Consents, Consent: matter, Choice: choice, Conditions: conditions})
		return err
	})
}

// corrects puts a second version of the hosting paper in place of the first.
func corrects() act {
	return deciding("officer", "hosting", func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
		p := d.Paper
		p.Amount, p.Whole, p.Options[1].Cost = 1_592_400_00, 6_125_800_00, 1_592_400_00
		_, err := decisions.Edit(ctx, tx, v, d.Ref, d.Version, decisions.DraftForm{Paper: p, Why: "The cost included VAT, which the company recovers."})
		return err
	})
}

func implements(name, evidence string) act {
	return deciding("secretary", name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
		_, err := decisions.Implement(ctx, tx, v, d.Ref, evidence)
		return err
	})
}

func signs(key, name, ground, reason string) act {
	return deciding(key, name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
		_, err := decisions.SignCallIn(ctx, tx, v, d.Ref, ground, reason)
		return err
	})
}

func agreesUrgent(name string) act {
	return deciding("chair", name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
		_, err := decisions.AgreeUrgency(ctx, tx, v, d.Ref)
		return err
	})
}

func laysAside(name string, withdraw bool, reason string) act {
	return deciding("secretary", name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
		if withdraw {
			_, err := decisions.Withdraw(ctx, tx, v, d.Ref, reason)
			return err
		}
		_, err := decisions.Defer(ctx, tx, v, d.Ref, reason)
		return err
	})
}

// adopts brings the second scheme into force, under the decision that names it.
func adopts() act {
	return deciding("secretary", "scheme", func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
		return decisions.AdoptScheme(ctx, tx, v, 2, d.Ref)
	})
}

// declares is an entry in a person's own register of interests.
func declares(key, company, number string, from civil.Day) act {
	return doing(key, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		_, err := decisions.DeclareInterest(ctx, tx, v, authority.Interest{Person: v.Person, Company: number, Name: company, Nature: "Paid adviser (sample)", First: from})
		return err
	})
}

// lets delegates the vote of a body from its commissioner to its chief executive.
func lets(key, to string, limit money.Pence, until civil.Day) act {
	return func(ctx context.Context, t *teller) error {
		return doing(key, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			other, err := t.as(ctx, to)
			if err != nil {
				return err
			}
			_, err = decisions.Delegate(ctx, tx, v, authority.Delegation{From: v.Office, To: other.Office, Function: authority.FunctionVote, Limited: true, Limit: limit, First: civil.DayOf(tx.Now()), Last: until})
			return err
		})(ctx, t)
	}
}

// LeftOut is one of the grounds on which the shipped scheme lets a decision be
// called in.
const LeftOut = "Facts or options that matter were left out"
