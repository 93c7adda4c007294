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

// sampleMatter is a sample decision, as its proposer writes it down.
type sampleMatter struct {
	kind, by      string
	paper         authority.Paper
	part2, urgent string
}

// Sample suppliers have company numbers that no company has.
const (
	hostingNumber  = "99000101"
	networkNumber  = "99000102"
	softwareNumber = "99000103"
)

// samplePaper is a whole paper; what is particular is set by change.
func samplePaper(title, summary, does, why string, whole money.Pence, change func(*authority.Paper)) authority.Paper {
	p := authority.Paper{Title: title, Summary: summary + " (Sample text.)", Recommendation: does, Reasons: why, Whole: whole, Amount: whole,
		Options:   []authority.Option{{Text: "Do nothing"}, {Text: "As recommended", Cost: whole, Costed: whole > 0, Chosen: true}},
		Financial: "Within the budget of the year (sample).", Legal: "The company has the power to do this under its articles (sample).",
		Equality: "None found (sample).", Welsh: "No change to what is offered in Welsh (sample).", Risk: "Low, and watched by the programme board (sample)."}
	if change != nil {
		change(&p)
	}
	return p
}

func supplied(name, number, contract string) func(*authority.Paper) {
	return func(p *authority.Paper) { p.Supplier, p.Company, p.Contract = name, number, contract }
}

var sampleMatters = map[string]sampleMatter{
	"hosting": {kind: "contract", by: "officer", paper: samplePaper("Extend custody and case hosting by 12 months",
		"The contract for custody and case hosting ends on 31 March 2013. Passing it to 43 local policing bodies cannot be finished by then.",
		"Extend the contract to 31 March 2014 on its present terms.", "Novation to 43 bodies cannot be finished before the contract ends.", 6_182_600_00, func(p *authority.Paper) {
			supplied("Alder Vale Hosting Ltd (sample)", hostingNumber, "C-88")(p)
			p.Amount = 1_649_200_00
			p.Options = []authority.Option{{Text: "Let the contract end"}, {Text: "Extend by 12 months", Cost: 1_649_200_00, Costed: true, Chosen: true}, {Text: "Buy again now", Cost: 1_772_400_00, Costed: true}}
			p.Benefit, p.BenefitAmount, p.BenefitFrom, p.BenefitMeasure = "A lower price for each month of hosting.", 90_000_00, "2013-04-01", "Hosting paid per month"
			p.Background = "Novation plan 2 (sample)"
		})},
	"office": {kind: "policy", by: "officer", paper: samplePaper("Move the office of the company", "The company’s sample office is to be moved nearer to its directors.",
		"Move the office.", "Travel would cost less.", 0, nil)},
	"network": {kind: "contract", by: "officer", paper: samplePaper("Network monitoring for two years", "A monitoring service for the shared network.",
		"Award the contract.", "It was the lowest of four tenders.", 180_000_00, supplied("Fernhall Networks Ltd (sample)", networkNumber, "C-91"))},
	"scheme": {kind: "scheme", by: "officer", paper: samplePaper("Adopt the scheme of authority for after the handover",
		"When the company passes to the local policing bodies, 43 members decide in place of two. The scheme for that time is to be adopted now, so that it is in force on the day.",
		"Adopt version 2 of the scheme of authority, in force from completion.", "Without it every decision of the members would need all 43 to agree.", 0, func(p *authority.Paper) {
			p.Effects = []authority.Effect{{Kind: authority.AdoptsScheme, Subject: "scheme/2"}}
		})},
	"software": {kind: "contract", by: "officer", paper: samplePaper("Case preparation software for five forces", "Licences and support for three years, with an extension of two.",
		"Award the contract.", "Five forces use the product already, each on terms of its own.", 640_000_00, func(p *authority.Paper) {
			supplied("Brightmere Software Ltd (sample)", softwareNumber, "C-94")(p)
			p.Amount, p.Ground, p.Review = 400_000_00, authority.Part2Grounds[0], "2013-04-01"
		}), part2: "SAMPLE PART 2. The supplier’s invented price for each user is £41.20 a year, falling to £38.90 above 5,000 users."},
	"vans": {kind: "contract", by: "secretary", paper: samplePaper("Two vans for the field engineers", "Two used vans.", "Buy them.", "Hire costs more.", 38_000_00,
		supplied("Wheelfold Motors Ltd (sample)", "99000107", "C-92"))},
	"articles": {kind: "articles", by: "officer", paper: samplePaper("Let the board meet by telephone", "A change of the articles.", "Change article 20.", "Directors travel far.", 0, nil)},
	"training": {kind: "contract", by: "officer", paper: samplePaper("Training for new users in 2013", "A framework for training in five regions.", "Set it up.", "Each force buys alone today.", 220_000_00,
		supplied("Candlewick Rise Training Ltd (sample)", "99000108", "C-95"))},
	"radio": {kind: "contract", by: "officer", paper: samplePaper("Shared maintenance of radio masts", "One contract in place of eleven.", "Award the contract for three years.",
		"Eleven contracts end within one year.", 214_500_00, supplied("Skylark Fell Radio Ltd (sample)", "99000109", "C-97"))},
	"budget": {kind: "budget", by: "officer", paper: samplePaper("Budget of the company for 2013-14", "Subscriptions, staff and programmes of the year.", "Adopt the budget.",
		"The year begins on 1 April 2013.", 2_400_000_00, nil)},
	"storage": {kind: "contract", by: "officer", paper: samplePaper("Storage for digital evidence, first year", "Storage bought ahead of the tender.", "Buy the first year.",
		"The present storage is full in May.", 160_000_00, func(p *authority.Paper) {
			supplied("Copperstile Data Centres Ltd (sample)", "99000110", "C-99")(p)
			p.Effective = "2013-02-01"
		})},
	"outage": {kind: "contract", by: "officer", urgent: "The support of a system in daily use ends on 31 December 2012", paper: samplePaper("Support for the identity system through 2013",
		"The supplier ends its support at the end of the year.", "Buy support for one year.", "The system is in daily use in 43 forces.", 120_000_00, supplied("Thistlegate Software Ltd (sample)", "99000111", "C-93"))},
}

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
	for _, give := range []struct {
		by   string
		kind authority.ViewKind
	}{{"finance officer", authority.FinanceView}, {"secretary", authority.LegalView}} {
		all = append(all, deciding(give.by, name, func(ctx context.Context, tx *db.Tx, v office.Viewer, d decisions.Page) error {
			for _, k := range d.MyView {
				if k == give.kind {
					_, err := decisions.GiveView(ctx, tx, v, d.Ref, d.Hash, k, "No objection (sample).")
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
		all = append(all, votes(name, authority.Against, "", directorKey(seat))...)
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
		_, err := decisions.Edit(ctx, tx, v, d.Ref, d.Version, decisions.DraftForm{Paper: p, Why: "VAT had been counted in the cost (sample)."})
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
