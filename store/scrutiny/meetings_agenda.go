package scrutiny

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// agendaMost is how many items an agenda may have.
const agendaMost = 200

// takeItem adds an item to an agenda. Before the agenda is published it goes
// to the end; afterwards it gets the next number, or one with a letter behind
// the item of the number after.
func (m *Meeting) takeItem(item AgendaItem, after string) error {
	if len(m.Items) >= agendaMost {
		return fault.Conflict.Errorf("An agenda can have up to %d items.", agendaMost)
	}
	for _, had := range m.Items {
		item.Key = max(item.Key, had.Key)
	}
	item.Key++
	if m.Published.IsZero() {
		m.Items = append(m.Items, item)
		return nil
	}
	if after == "" {
		item.Number = strconv.Itoa(m.lastNumber() + 1)
		m.Items = append(m.Items, item)
		return nil
	}
	at := slices.IndexFunc(m.Items, func(a AgendaItem) bool { return a.Number == after })
	whole, _ := splitNumber(after)
	if at < 0 || whole == 0 {
		return fault.Field("after", "Choose the item that it comes after from the list.")
	}
	letter := byte('A')
	for i, a := range m.Items {
		if n, l := splitNumber(a.Number); n == whole {
			at = i
			if l != 0 {
				letter = l + 1
			}
		}
	}
	if letter > 'Z' {
		return fault.Field("after", "No more items can be added after item %d. Add it at the end.", whole)
	}
	item.Number = strconv.Itoa(whole) + string(letter)
	m.Items = slices.Insert(m.Items, at+1, item)
	return nil
}

// lastNumber is the highest number of the agenda, without its letter.
func (m Meeting) lastNumber() (n int) {
	for _, a := range m.Items {
		whole, _ := splitNumber(a.Number)
		n = max(n, whole)
	}
	return n
}

// splitNumber takes 7A apart; the letter is 0 where there is none.
func splitNumber(number string) (whole int, letter byte) {
	digits := strings.TrimRight(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	whole, err := strconv.Atoi(digits)
	if err != nil {
		return 0, 0
	}
	if len(digits) < len(number) {
		letter = number[len(number)-1]
	}
	return whole, letter
}

// AddAgendaItem adds a free item to the agenda of a meeting. After is the number of
// the item that it comes after, once the agenda is published; "" is the end.
func AddAgendaItem(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, title, after string, papers []Linked) error {
	var f fault.Faults
	title = text.OneLine(title)
	text.Tidy(&f, "title", "the title of the item", title, true, 200)
	papers = checkPapers(&f, papers)
	return atMeeting(ctx, tx, by, id, ActEditAgenda, func(_ *db.Tx, _ Committee, m *Meeting) ([]record.Part, error) {
		if err := f.Err(); err != nil {
			return nil, err
		}
		return []record.Part{record.Detail(map[string]any{"added": []string{title}})}, m.takeItem(AgendaItem{Kind: ItemFree, Title: title, Papers: papers}, after)
	})
}

// checkPapers is the rule for papers: pages of the portal, each with a name.
func checkPapers(f *fault.Faults, all []Linked) (papers []Linked) {
	for _, p := range all {
		p.Title, p.Href = text.OneLine(p.Title), strings.TrimSpace(p.Href)
		if p.Title == "" && p.Href == "" {
			continue
		}
		text.Tidy(f, "paper", "the name of the paper", p.Title, true, 200)
		if !strings.HasPrefix(p.Href, "/") || strings.HasPrefix(p.Href, "//") || strings.ContainsAny(p.Href, " \\\r\n\t\"<>") || len(p.Href) > 500 {
			f.Add("href", "Enter an address on this site, for example /decisions/2012-014/notice.")
		}
		papers = append(papers, p)
	}
	return papers
}

// AddSuggested adds what was offered for the agenda, in one go and in the
// order in which it was offered. Each is named as it was offered: "decision/2012-014".
func AddSuggested(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, refs []string) error {
	return atMeeting(ctx, tx, by, id, ActEditAgenda, func(tx *db.Tx, c Committee, m *Meeting) ([]record.Part, error) {
		if len(refs) == 0 {
			return nil, fault.Field("ref", "Choose at least one item to add.")
		}
		offered, err := suggestions(ctx, tx, c, *m)
		if err != nil {
			return nil, err
		}
		var added []string
		for _, item := range offered {
			if !slices.Contains(refs, item.Ref) {
				continue
			}
			if err := m.takeItem(item, ""); err != nil {
				return nil, err
			}
			added = append(added, item.Ref)
		}
		for _, ref := range refs {
			if !slices.Contains(added, ref) {
				return nil, fault.Conflict.Errorf("%s is no longer suggested, because it has been added or dealt with. Reload the page and try again.", text.Capital(text.Short(ref)))
			}
		}
		return []record.Part{record.Detail(map[string]any{"added": added})}, nil
	})
}

// MoveItem moves an item one place up or down, while the agenda is not published.
func MoveItem(ctx context.Context, tx *db.Tx, by office.Viewer, id, key int64, up bool) error {
	return atMeeting(ctx, tx, by, id, ActEditAgenda, func(_ *db.Tx, _ Committee, m *Meeting) ([]record.Part, error) {
		i := slices.IndexFunc(m.Items, func(a AgendaItem) bool { return a.Key == key })
		to := i + 1
		if up {
			to = i - 1
		}
		switch {
		case !m.Published.IsZero():
			return nil, fault.Conflict.Errorf("The agenda has been published, so its items cannot be moved.")
		case i < 0:
			return nil, fault.NotFound.Errorf("That item is not on this agenda.")
		case to < 0 || to >= len(m.Items):
			return nil, fault.Conflict.Errorf("The item cannot be moved any further.")
		}
		m.Items[i], m.Items[to] = m.Items[to], m.Items[i]
		return []record.Part{record.Detail(map[string]any{"moved": key, "place": to + 1})}, nil
	})
}

// RemoveItem takes an item off the agenda. Once the agenda is published it
// stays there with its number, struck out.
func RemoveItem(ctx context.Context, tx *db.Tx, by office.Viewer, id, key int64) error {
	return atMeeting(ctx, tx, by, id, ActEditAgenda, func(_ *db.Tx, _ Committee, m *Meeting) ([]record.Part, error) {
		i := slices.IndexFunc(m.Items, func(a AgendaItem) bool { return a.Key == key })
		switch {
		case i < 0:
			return nil, fault.NotFound.Errorf("That item is not on this agenda.")
		case m.Items[i].Struck:
			return nil, fault.Conflict.Errorf("Item %s has already been removed.", m.Items[i].Number)
		case m.Published.IsZero():
			m.Items = slices.Delete(m.Items, i, i+1)
		default:
			m.Items[i].Struck = true
		}
		return []record.Part{record.Detail(map[string]any{"removed": key})}, nil
	})
}

// AddPaper links a page of the portal to an item of the agenda, before or
// after it is published.
func AddPaper(ctx context.Context, tx *db.Tx, by office.Viewer, id, key int64, paper Linked) error {
	var f fault.Faults
	papers := checkPapers(&f, []Linked{paper})
	if len(papers) == 0 {
		f.Add("paper", "Enter the name of the paper.")
	}
	return atMeeting(ctx, tx, by, id, ActEditAgenda, func(_ *db.Tx, _ Committee, m *Meeting) ([]record.Part, error) {
		i := slices.IndexFunc(m.Items, func(a AgendaItem) bool { return a.Key == key && !a.Struck })
		switch {
		case i < 0:
			f.Add("item", "Choose the item that the paper is for.")
		case len(m.Items[i].Papers) >= 20:
			f.Add("item", "An item can have up to 20 papers.")
		}
		if err := f.Err(); err != nil {
			return nil, err
		}
		m.Items[i].Papers = append(slices.Clone(m.Items[i].Papers), papers...)
		return []record.Part{record.Detail(map[string]any{"item": key, "paper": papers[0]})}, nil
	})
}

// PublishAgenda gives every item its number, for good. A decision that is called
// in and waits for its hearing is put first where the clerk did not put it on.
func PublishAgenda(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) error {
	return atMeeting(ctx, tx, by, id, ActPublishAgenda, func(tx *db.Tx, c Committee, m *Meeting) ([]record.Part, error) {
		offered, err := suggestions(ctx, tx, c, *m)
		if err != nil {
			return nil, err
		}
		if err := m.putCalledIn(offered); err != nil {
			return nil, err
		}
		for i := range m.Items {
			m.Items[i].Number = strconv.Itoa(i + 1)
		}
		m.Published = tx.Now()
		return nil, nil
	})
}

// putCalledIn puts what is called in, of what was offered, before all else on a
// draft agenda.
func (m *Meeting) putCalledIn(offered []AgendaItem) error {
	had := len(m.Items)
	for _, item := range offered {
		if item.Kind != ItemCalledIn {
			continue
		}
		if err := m.takeItem(item, ""); err != nil {
			return err
		}
	}
	m.Items = slices.Concat(m.Items[had:], m.Items[:had])
	return nil
}

// suggestions is what waits for a committee at a meeting and is not on its
// agenda: call-ins to be heard, answers and responses due by then, what was
// said and is to be verified, and decisions that can still be called in.
func suggestions(ctx context.Context, tx *db.Tx, c Committee, m Meeting) (out []AgendaItem, err error) {
	all, err := AllCommittees(ctx, tx)
	if err != nil {
		return nil, err
	}
	charges, err := chargesWith(ctx, tx, c.Slug, ChargesShown)
	if err != nil {
		return nil, err
	}
	callable, err := callable(ctx, tx, ChargesShown)
	if err != nil {
		return nil, err
	}
	offer := func(item AgendaItem) {
		if !slices.ContainsFunc(m.Items, func(had AgendaItem) bool { return had.Ref == item.Ref && !had.Struck }) {
			out = append(out, item)
		}
	}
	for _, d := range callable {
		if item := agendaItem(d); item.Kind == ItemCalledIn && d.SignedAt(c.Body) {
			offer(item)
		}
	}
	for _, one := range charges {
		if one.Holder(all, m.On) == c.Slug && (one.Due == "" || one.Due <= m.On) {
			offer(one.agendaItem(civil.DayOf(tx.Now())))
		}
	}
	for _, d := range callable {
		if item := agendaItem(d); item.Kind == ItemCallIn {
			offer(item)
		}
	}
	return out, nil
}

// agendaItem is a matter of scrutiny as a meeting deals with it.
func (c Charge) agendaItem(today civil.Day) AgendaItem {
	name := text.Capital(c.Kind) + " " + c.Ref
	item := AgendaItem{Kind: ItemDue, Ref: c.Kind + "/" + c.Ref, Title: name + ": " + c.Title, Papers: []Linked{{name, c.Href()}}}
	switch {
	case c.Due == "":
		item.Kind, item.Why = ItemVerify, text.Capital(office.ShortName(c.Body))+" has replied. The committee needs to consider the reply."
	case c.Due < today:
		item.Why = fmt.Sprintf("Overdue. It was due from %s on %s.", office.ShortName(c.Body), c.Due)
	default:
		item.Why = fmt.Sprintf("Due from %s on %s.", office.ShortName(c.Body), c.Due)
	}
	return item
}

// agendaItem is a decision as a meeting deals with it.
func agendaItem(d decisions.Listed) AgendaItem {
	item := AgendaItem{Kind: ItemCallIn, Ref: "decision/" + d.Ref, Title: "Decision " + d.Ref + ": " + d.Title, Papers: []Linked{{"Decision notice " + d.Ref, d.Href() + "/notice"}}}
	if d.May.State == authority.HoldCalledIn {
		item.Kind, item.Why = ItemCalledIn, "It has been called in and needs a hearing."
		if d.May.HearBy != "" {
			item.Why = fmt.Sprintf("It has been called in and must be heard by %s.", d.May.HearBy)
		}
		return item
	}
	item.Why = fmt.Sprintf("It can be called in until %s. It has %d of %d signatures.", civil.Clock(d.May.Closes), d.May.Count, d.May.Need)
	return item
}

// callable lists the published decisions that wait for a hearing or can still
// be called in, the first to close first.
func callable(ctx context.Context, tx *db.Tx, most int) ([]decisions.Listed, error) {
	held, err := db.List(ctx, tx, decisions.Scan, `SELECT d.decision FROM decisions d WHERE d.status = 'published' AND (d.hold_until IS NULL OR d.hold_until > $1) ORDER BY d.hold_until NULLS LAST, d.id LIMIT $2`, db.Stamp(tx.Now()), most)
	if err != nil {
		return nil, err
	}
	all, err := decisions.WithState(ctx, tx, held)
	all = slices.DeleteFunc(all, func(d decisions.Listed) bool {
		return !d.CanCallIn() && (d.May.State != authority.HoldCalledIn || d.Heard())
	})
	slices.SortStableFunc(all, func(a, b decisions.Listed) int {
		return cmp.Or(a.May.Closes.Compare(b.May.Closes), cmp.Compare(a.Ref, b.Ref))
	})
	return all, err
}
