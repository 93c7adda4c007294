package handover

import (
	"context"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// Part is what the handover says of one body.
type Part struct {
	Handover     Handover
	Body         string
	Accession    *Accession    // nil when the body is no transferee
	Items        int           // of the schedule that it holds before or after
	Certificates []Certificate // that it gave, voided ones too
	Accepted     []string      // what it has accepted, in words
	Owes         []string      // what waits for it, in words
}

// ReadPart reads what the handover says of one body at a moment.
func ReadPart(ctx context.Context, tx *db.Tx, m record.Moment, body string) (p Part, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		p.Body = body
		if p.Handover, err = Read(ctx, tx, m); err != nil {
			return err
		}
		p.fromAccession()
		p.fromCertificates()
		return p.fromSchedule(ctx, tx, m)
	})
	return p, err
}

func (p *Part) fromAccession() {
	i := slices.IndexFunc(p.Handover.Accessions, func(a Accession) bool { return a.Body == p.Body })
	if i < 0 {
		return
	}
	a := p.Handover.Accessions[i]
	p.Accession = &a
	if st, ok := a.Last(ActResolve); ok && a.Status != Withdrawn && a.Status != Declined {
		p.Accepted = append(p.Accepted, fmt.Sprintf("To become a member: notice %s, decided on %s.", st.Reference, st.DecidedOn))
	}
	if a.Status == BodyReady || a.Status == IsAdmitted {
		p.Accepted = append(p.Accepted, "The members’ agreement, by its deed of adherence.")
	}
	switch a.Status {
	case Invited:
		p.Owes = append(p.Owes, fmt.Sprintf("An answer to the invitation of %s.", a.Since()))
	case Resolved:
		p.Owes = append(p.Owes, "Its deed of adherence.")
	}
}

func (p *Part) fromCertificates() {
	h := p.Handover
	for _, d := range []Dossier{h.Balance, h.Statement} {
		for _, c := range d.Certificates {
			if c.Body == p.Body {
				p.Certificates = append(p.Certificates, c)
			}
		}
		_, given := d.By(p.Body)
		switch {
		case !h.Programme.Transferor(p.Body):
		case given && d.Current():
			p.Accepted = append(p.Accepted, fmt.Sprintf("The %s, version %d, by its certificate.", nameOf(d.What), d.Last.Version))
		case d.Current() && !h.Programme.Done():
			p.Owes = append(p.Owes, fmt.Sprintf("Its certificate on the %s, version %d.", nameOf(d.What), d.Last.Version))
		}
	}
}

func (p *Part) fromSchedule(ctx context.Context, tx *db.Tx, m record.Moment) error {
	for _, ask := range []struct {
		status ItemStatus
		words  string
		owes   bool
	}{{"", "", false}, {ItemAccepted, "%s of the schedule, as holder before or after.", false}, {ItemProposed, "An answer on %s of the schedule that are proposed.", true}, {ItemAgreed, "An answer on %s of the schedule that are agreed and not accepted.", true}} {
		page, err := Items(ctx, tx, m, ItemFilter{Body: p.Body, Status: ask.status}, 0, 1)
		if err != nil {
			return err
		}
		n := int(page.Matching)
		switch {
		case ask.status == "":
			p.Items = n
		case n > 0 && !ask.owes:
			p.Accepted = append(p.Accepted, fmt.Sprintf(ask.words, text.Count(n, "item", "items")))
		case n > 0 && !p.Handover.Programme.Done() && p.answers(ask.status):
			p.Owes = append(p.Owes, fmt.Sprintf(ask.words, text.Count(n, "item", "items")))
		}
	}
	return nil
}

// answers reports whether items of a status wait for this body: those proposed
// for the holder before, those agreed for the holder after.
func (p *Part) answers(status ItemStatus) bool {
	before := p.Handover.Programme.Transferor(p.Body)
	return status == ItemProposed && before || status == ItemAgreed && !before
}

// MilestoneStands finds the milestone that an effect names.
func MilestoneStands(ctx context.Context, tx *db.Tx, _ *authority.Effect, _ string, n int64) error {
	_, err := FindMilestone(ctx, tx, record.Moment{}, n)
	return err
}

// TheMilestoneStands finds the milestone of the handover that an effect names:
// any other is withdrawn without a decision.
func TheMilestoneStands(ctx context.Context, tx *db.Tx, _ *authority.Effect, _ string, n int64) error {
	m, err := FindMilestone(ctx, tx, record.Moment{}, n)
	if err != nil {
		return err
	}
	_, is, err := m.ofHandover(ctx, tx)
	if err == nil && !is {
		err = fault.Field("subject", "The milestone “%s” is not that of the handover, so you do not need a decision to withdraw it.", m.Title)
	}
	return err
}

// MemberEntryStands finds the admission or cessation that an effect names.
func MemberEntryStands(ctx context.Context, tx *db.Tx, _ *authority.Effect, _ string, n int64) error {
	e, err := register.FindEntry(ctx, tx, n)
	if err == nil && !e.OfMembership() {
		err = fault.Field("subject", "Entry %d is not an admission or a cessation, so you do not need a decision to correct it.", n)
	}
	return err
}

// ItemStands finds the item of the schedule that an effect names.
func ItemStands(ctx context.Context, tx *db.Tx, _ *authority.Effect, _ string, n int64) error {
	_, err := FindItem(ctx, tx, record.Moment{}, n)
	return err
}

// ConditionStands finds the condition that an effect names.
func ConditionStands(ctx context.Context, tx *db.Tx, _ *authority.Effect, id string, _ int64) error {
	h, err := Read(ctx, tx, record.Moment{})
	if err == nil && !slices.ContainsFunc(h.Conditions, func(c Condition) bool { return c.ID == id }) {
		err = fault.NotFound.Errorf("There is no such condition.")
	}
	return err
}
