package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// scheduleCast is everyone who has a part in the schedule.
type scheduleCast struct {
	*store.Store
	clock                                    *storetest.Clock
	secretary, officer, other                store.Viewer // at the company
	official, secondOfficial                 store.Viewer // at the Home Office
	kent, kentChief, essex, scrutineer, chap store.Viewer
}

func newScheduleCast(t testing.TB) scheduleCast {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	h := func(k store.OfficeKind, body string) store.Viewer { return storetest.Holder(t, s, k, body) }
	return scheduleCast{
		Store: s, clock: clock,
		secretary: h(store.CompanySecretary, store.TheCompany), officer: h(store.CompanyOfficer, store.TheCompany), other: h(store.CompanyOfficer, store.TheCompany),
		official: h(store.Official, store.HomeOffice), secondOfficial: h(store.Official, store.HomeOffice),
		kent: h(store.CommissionerOffice, "kent"), kentChief: h(store.ChiefExecutive, "kent"), essex: h(store.CommissionerOffice, "essex"),
		scrutineer: h(store.Scrutineer, store.TheAssociation), chap: h(store.AssociationOfficer, store.TheAssociation),
	}
}

var network = store.Item{Kind: store.ContractItem, Title: "Network", Before: store.HomeOffice, After: "kent", Value: 1_234_567_89, Valued: true, Evidence: "Deed of novation 7"}

func (c scheduleCast) add(t testing.TB, i store.Item) int64 {
	t.Helper()
	id, err := c.AddItem(t.Context(), c.secretary, i)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (c scheduleCast) item(t testing.TB, id int64) store.Item {
	t.Helper()
	i, err := c.Item(t.Context(), store.Moment{}, id)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// acts takes a step of an item's life, an exception's acceptance under a
// decision that names the item.
func (c scheduleCast) acts(t testing.TB, by store.Viewer, id int64, act store.Act) error {
	t.Helper()
	if act != store.AcceptException {
		return c.ActOnItem(t.Context(), by, id, 0, act, "a reason")
	}
	ref := storetest.Authorised(t, c.Store, c.clock, "exception", store.Effect{Kind: store.AcceptsItem, Subject: fmt.Sprintf("item/%d", id)})
	return c.AcceptException(t.Context(), by, id, 0, ref)
}

// in adds an item and takes it to a status, by the right people.
func (c scheduleCast) in(t testing.TB, i store.Item, to store.ItemStatus) int64 {
	t.Helper()
	id := c.add(t, i)
	for _, step := range map[store.ItemStatus][]struct {
		by  store.Viewer
		act store.Act
	}{
		store.ItemProposed:      nil,
		store.ItemAgreed:        {{c.official, store.AgreeItem}},
		store.ItemAccepted:      {{c.official, store.AgreeItem}, {c.kent, store.AcceptItem}},
		store.ExceptionProposed: {{c.officer, store.ExceptItem}},
		store.ExceptionAgreed:   {{c.officer, store.ExceptItem}, {c.official, store.AgreeException}},
		store.ItemExcepted:      {{c.officer, store.ExceptItem}, {c.official, store.AgreeException}, {c.kent, store.AcceptException}},
		store.ItemWithdrawn:     {{c.secretary, store.WithdrawItem}},
	}[to] {
		if err := c.acts(t, step.by, id, step.act); err != nil {
			t.Fatal(step.act, err)
		}
	}
	if got := c.item(t, id).Status; got != to {
		t.Fatalf("made %s, want %s", got, to)
	}
	return id
}

func TestScheduleLife(t *testing.T) {
	c := newScheduleCast(t)
	const done, refused, gone = store.Kind(0), store.Forbidden, store.Conflict
	for name, tt := range map[string]struct {
		from store.ItemStatus
		act  store.Act
		by   store.Viewer
		kind store.Kind
		to   store.ItemStatus
	}{
		"the holder before agrees":                          {store.ItemProposed, store.AgreeItem, c.official, done, store.ItemAgreed},
		"the holder after cannot agree for the other":       {store.ItemProposed, store.AgreeItem, c.kent, refused, ""},
		"a body that holds nothing cannot agree":            {store.ItemProposed, store.AgreeItem, c.essex, refused, ""},
		"the proposer cannot agree":                         {store.ItemProposed, store.AgreeItem, c.secretary, refused, ""},
		"a scrutineer cannot agree":                         {store.ItemProposed, store.AgreeItem, c.scrutineer, refused, ""},
		"a stranger cannot agree":                           {store.ItemProposed, store.AgreeItem, store.Viewer{}, refused, ""},
		"the command line cannot agree":                     {store.ItemProposed, store.AgreeItem, store.CommandLine, refused, ""},
		"nobody accepts before agreement":                   {store.ItemProposed, store.AcceptItem, c.kent, gone, ""},
		"the holder after accepts":                          {store.ItemAgreed, store.AcceptItem, c.kent, done, store.ItemAccepted},
		"any office of the holder after may accept":         {store.ItemAgreed, store.AcceptItem, c.kentChief, done, store.ItemAccepted},
		"the holder before cannot accept":                   {store.ItemAgreed, store.AcceptItem, c.official, refused, ""},
		"another commissioner cannot accept":                {store.ItemAgreed, store.AcceptItem, c.essex, refused, ""},
		"nobody agrees twice":                               {store.ItemAgreed, store.AgreeItem, c.secondOfficial, gone, ""},
		"an accepted item is not accepted again":            {store.ItemAccepted, store.AcceptItem, c.kentChief, gone, ""},
		"an accepted item gets no exception":                {store.ItemAccepted, store.ExceptItem, c.officer, gone, ""},
		"the company proposes an exception":                 {store.ItemProposed, store.ExceptItem, c.officer, done, store.ExceptionProposed},
		"an agreed item may get an exception":               {store.ItemAgreed, store.ExceptItem, c.officer, done, store.ExceptionProposed},
		"a holder cannot propose an exception":              {store.ItemProposed, store.ExceptItem, c.kent, refused, ""},
		"the holder before agrees an exception":             {store.ExceptionProposed, store.AgreeException, c.official, done, store.ExceptionAgreed},
		"the holder after does not agree an exception":      {store.ExceptionProposed, store.AgreeException, c.kent, refused, ""},
		"an exception is not accepted before agreed":        {store.ExceptionProposed, store.AcceptException, c.kent, gone, ""},
		"the holder after accepts an exception":             {store.ExceptionAgreed, store.AcceptException, c.kent, done, store.ItemExcepted},
		"the holder before does not accept its exception":   {store.ExceptionAgreed, store.AcceptException, c.secondOfficial, refused, ""},
		"the company does not accept for a holder":          {store.ExceptionAgreed, store.AcceptException, c.other, refused, ""},
		"a proposed exception is returned":                  {store.ExceptionProposed, store.ReturnItem, c.secretary, done, store.ItemProposed},
		"an agreed exception is returned":                   {store.ExceptionAgreed, store.ReturnItem, c.secretary, done, store.ItemProposed},
		"an accepted exception is returned":                 {store.ItemExcepted, store.ReturnItem, c.secretary, done, store.ItemProposed},
		"a holder cannot return an exception":               {store.ExceptionProposed, store.ReturnItem, c.official, refused, ""},
		"an item without an exception is not returned":      {store.ItemAgreed, store.ReturnItem, c.secretary, gone, ""},
		"a proposed item is withdrawn":                      {store.ItemProposed, store.WithdrawItem, c.officer, done, store.ItemWithdrawn},
		"an accepted item is withdrawn":                     {store.ItemAccepted, store.WithdrawItem, c.officer, done, store.ItemWithdrawn},
		"an excepted item is withdrawn":                     {store.ItemExcepted, store.WithdrawItem, c.officer, done, store.ItemWithdrawn},
		"a holder cannot withdraw":                          {store.ItemProposed, store.WithdrawItem, c.official, refused, ""},
		"a withdrawn item stays withdrawn":                  {store.ItemWithdrawn, store.AgreeItem, c.official, gone, ""},
		"a withdrawn item is not withdrawn again":           {store.ItemWithdrawn, store.WithdrawItem, c.secretary, gone, ""},
		"an act that is none is refused":                    {store.ItemProposed, "steal", c.secretary, gone, ""},
		"the association is no holder of the Home Office’s": {store.ItemProposed, store.AgreeItem, c.chap, refused, ""},
	} {
		t.Run(name, func(t *testing.T) {
			id := c.in(t, network, tt.from)
			before := c.item(t, id)
			_, pure := before.Next(tt.act, tt.by)
			err := c.acts(t, tt.by, id, tt.act)
			if store.KindOf(err) != tt.kind || store.KindOf(pure) != tt.kind {
				t.Fatalf("the write says %v and the button %v", err, pure)
			}
			want := tt.to
			if tt.kind != done {
				want = tt.from
			}
			if got := c.item(t, id); got.Status != want || got.Version != 1 {
				t.Fatalf("stands as %+v", got)
			}
		})
	}
	sound(t, c.Store)
}

// sound fails when the record and the tables do not agree.
func sound(t testing.TB, s *store.Store) {
	t.Helper()
	if v, err := s.Verify(t.Context()); err != nil || !v.OK() {
		t.Fatal(v.Fault, err)
	}
}

func TestSchedulePersonsAreCompared(t *testing.T) {
	c := newScheduleCast(t)
	own := network
	own.Before, own.After = store.TheCompany, store.TheCompany
	none := network
	none.After = ""
	add := func(by store.Viewer, i store.Item) int64 {
		id, err := c.AddItem(t.Context(), by, i)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	act := func(by store.Viewer, id int64, a store.Act) store.Kind {
		return store.KindOf(c.acts(t, by, id, a))
	}
	id := add(c.secretary, own)
	if k := act(c.officer, id, store.AgreeItem); k != 0 {
		t.Fatal("an officer of the company agrees:", k)
	}
	if k := act(c.officer, id, store.AcceptItem); k != store.Forbidden {
		t.Fatal("who agreed accepts:", k)
	}
	if k := act(c.other, id, store.AcceptItem); k != 0 {
		t.Fatal("a second person of the same body accepts:", k)
	}
	id = add(c.officer, own)
	if k := act(c.officer, id, store.AgreeItem); k != store.Forbidden {
		t.Fatal("the proposer agrees:", k)
	}
	edit := c.item(t, id)
	edit.Title = "Network, north"
	if err := c.EditItem(t.Context(), c.other, edit); err != nil {
		t.Fatal(err)
	}
	for _, by := range []store.Viewer{c.officer, c.other} {
		if k := act(by, id, store.AgreeItem); k != store.Forbidden {
			t.Fatal("whoever proposed or changed it agrees:", k)
		}
	}
	id = add(c.secretary, own)
	for _, step := range []struct {
		by   store.Viewer
		act  store.Act
		kind store.Kind
	}{
		{c.officer, store.ExceptItem, 0}, {c.officer, store.AgreeException, store.Forbidden}, {c.other, store.AgreeException, 0},
		{c.other, store.AcceptException, store.Forbidden}, {c.officer, store.AcceptException, store.Forbidden},
	} {
		if k := act(step.by, id, step.act); k != step.kind {
			t.Fatal(step.act, k)
		}
	}
	id = add(c.secretary, none)
	for _, step := range []struct {
		by   store.Viewer
		act  store.Act
		kind store.Kind
	}{
		{c.official, store.AgreeItem, 0}, {c.kent, store.AcceptItem, store.Conflict}, {c.secretary, store.ExceptItem, 0},
		{c.secondOfficial, store.AgreeException, 0}, {c.kent, store.AcceptException, store.Forbidden}, {c.officer, store.AcceptException, 0},
	} {
		if k := act(step.by, id, step.act); k != step.kind {
			t.Fatal("without a receiver:", step.act, k)
		}
	}
	if got := c.item(t, id); got.Status != store.ItemExcepted || got.Open() || got.AgreedBy != 0 || got.ExceptionAgreedBy != c.secondOfficial.Person {
		t.Fatalf("%+v", got)
	}
	sound(t, c.Store)
}

func TestAddItemSaysWhatIsWrong(t *testing.T) {
	c := newScheduleCast(t)
	with := func(f func(*store.Item)) store.Item { i := network; f(&i); return i }
	for name, tt := range map[string]struct {
		item  store.Item
		field string
	}{
		"a kind from the list":                 {with(func(i *store.Item) { i.Kind = "vehicle" }), "kind"},
		"a title":                              {with(func(i *store.Item) { i.Title = " " }), "title"},
		"a title that fits":                    {with(func(i *store.Item) { i.Title = strings.Repeat("a", 201) }), "title"},
		"a title without control characters":   {with(func(i *store.Item) { i.Title = "a\x00b" }), "title"},
		"a holder before":                      {with(func(i *store.Item) { i.Before = "" }), "before"},
		"a holder before that exists":          {with(func(i *store.Item) { i.Before = "atlantis" }), "before"},
		"a holder after that exists":           {with(func(i *store.Item) { i.After = "atlantis" }), "after"},
		"evidence that fits":                   {with(func(i *store.Item) { i.Evidence = strings.Repeat("a", 301) }), "evidence"},
		"what is owed is a liability":          {with(func(i *store.Item) { i.Value = -1 }), "value"},
		"a value that leaves room for the sum": {with(func(i *store.Item) { i.Value = 1 << 60 }), "value"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.AddItem(t.Context(), c.secretary, tt.item)
			if got := faultFields(err); len(got) != 1 || got[0] != tt.field {
				t.Fatal(got, err)
			}
		})
	}
	if _, err := c.AddItem(t.Context(), c.kent, network); store.KindOf(err) != store.Forbidden {
		t.Fatal("a commissioner does not keep the schedule:", err)
	}
	id := c.add(t, with(func(i *store.Item) { i.Valued, i.Before, i.Title = false, "E23000032", " Two\n lines \xff" }))
	if got := c.item(t, id); got.Value != 0 || got.Before != "kent" || got.Title != "Two lines \uFFFD" || got.Worth() != "not valued" {
		t.Fatalf("%+v", got)
	}
	if p, err := c.Items(t.Context(), store.Moment{}, store.ItemFilter{}, 0, 0); err != nil || p.Matching != 1 {
		t.Fatal("what was refused was stored", p, err)
	}
	sound(t, c.Store)
}

// faultFields are the form's fields that an error names.
func faultFields(err error) (fields []string) {
	if e, ok := errors.AsType[*store.Error](err); ok {
		for _, f := range e.Faults {
			fields = append(fields, f.Field)
		}
	}
	return fields
}

func TestEditVoidsAgreement(t *testing.T) {
	c := newScheduleCast(t)
	for _, from := range []store.ItemStatus{store.ItemProposed, store.ItemAgreed, store.ItemAccepted, store.ExceptionProposed, store.ExceptionAgreed, store.ItemExcepted} {
		t.Run(string(from), func(t *testing.T) {
			id := c.in(t, network, from)
			old := c.item(t, id)
			edit := old
			edit.Value++
			if err := c.EditItem(t.Context(), c.officer, edit); err != nil {
				t.Fatal(err)
			}
			got := c.item(t, id)
			if got.Status != store.ItemProposed || got.AgreedBy+got.AcceptedBy+got.ExceptionBy+got.ExceptionAgreedBy+got.ExceptionAcceptedBy != 0 || got.Reason != "" || got.Decision != "" || got.Version != 2 {
				t.Fatalf("%+v", got)
			}
			e := lastOf(t, c.Store, fmt.Sprintf("item/%d", id))
			if e.Act != "schedule.edit" || !strings.Contains(e.Detail(), `"value"`) || strings.Contains(e.Detail(), "voided") != (from != store.ItemProposed) {
				t.Fatal(e.Detail())
			}
			if err := c.EditItem(t.Context(), c.officer, edit); store.KindOf(err) != store.Conflict {
				t.Fatal("an edit of an old page:", err)
			}
			if err := c.ActOnItem(t.Context(), c.official, id, 1, store.AgreeItem, ""); store.KindOf(err) != store.Conflict {
				t.Fatal("agreement to an old page:", err)
			}
			if err := c.EditItem(t.Context(), c.officer, got); store.KindOf(err) != store.Invalid {
				t.Fatal("an edit of nothing:", err)
			}
			if err := c.EditItem(t.Context(), c.kent, got); store.KindOf(err) != store.Forbidden {
				t.Fatal("an edit by a holder:", err)
			}
		})
	}
	id := c.in(t, network, store.ItemWithdrawn)
	edit := c.item(t, id)
	edit.Title = "Again"
	if err := c.EditItem(t.Context(), c.officer, edit); store.KindOf(err) != store.Conflict {
		t.Fatal("a withdrawn item is edited:", err)
	}
	if err := c.EditItem(t.Context(), c.officer, store.Item{ID: 999}); store.KindOf(err) != store.NotFound {
		t.Fatal("an item that does not exist is edited:", err)
	}
	sound(t, c.Store)
}

// lastOf is the newest event about a subject.
func lastOf(t testing.TB, s *store.Store, subject string) store.Event {
	t.Helper()
	all, err := s.Events(t.Context(), store.EventFilter{Subject: subject}, 1)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	return all[0]
}

func TestActsThatNeedAReason(t *testing.T) {
	c := newScheduleCast(t)
	for act, from := range map[store.Act]store.ItemStatus{store.ExceptItem: store.ItemProposed, store.ReturnItem: store.ExceptionProposed, store.WithdrawItem: store.ItemProposed} {
		id := c.in(t, network, from)
		if got := faultFields(c.ActOnItem(t.Context(), c.officer, id, 0, act, " ")); len(got) != 1 || got[0] != "reason" {
			t.Fatal(act, got)
		}
		if err := c.ActOnItem(t.Context(), c.officer, id, 0, act, "it is leased"); err != nil {
			t.Fatal(err)
		}
		if e := lastOf(t, c.Store, fmt.Sprintf("item/%d", id)); !strings.Contains(e.Detail(), "it is leased") || e.About != store.HomeOffice || e.Act != "schedule."+string(act) {
			t.Fatal(e)
		}
	}
}

func TestSummaryAndItsHash(t *testing.T) {
	c := newScheduleCast(t)
	sum := func() store.ScheduleSummary {
		t.Helper()
		got, err := c.Summary(t.Context(), store.Moment{})
		if err != nil {
			t.Fatal(err)
		}
		if want := hashOf(t, c); got.Hash != want {
			t.Fatalf("the hash is %s, and the rows make %s", got.Hash, want)
		}
		return got
	}
	if empty := sum(); empty.Total != 0 || len(empty.Kinds) != len(store.ItemKinds) || len(empty.Statuses) != len(store.ItemStatuses) {
		t.Fatalf("%+v", empty)
	}
	loan := store.Item{Kind: store.LoanItem, Title: "Loan <1> & “interest”", Before: store.TheAssociation}
	a, b := c.add(t, network), c.add(t, loan)
	first := sum()
	if first.Total != 2 || first.Open != 1 || first.Kinds[0] != (store.KindTotal{Kind: store.ContractItem, Count: 1, Pence: network.Value}) ||
		first.Kinds[5] != (store.KindTotal{Kind: store.LoanItem, Count: 1, Unvalued: 1}) || first.Count(store.ItemProposed) != 2 {
		t.Fatalf("%+v", first)
	}
	moves := []struct {
		by      store.Viewer
		id      int64
		act     store.Act
		changes bool
	}{
		{c.official, a, store.AgreeItem, false}, {c.kent, a, store.AcceptItem, false},
		{c.officer, b, store.ExceptItem, false}, {c.chap, b, store.AgreeException, false}, {c.other, b, store.AcceptException, true},
		{c.secretary, b, store.ReturnItem, true}, {c.secretary, a, store.WithdrawItem, true},
	}
	for _, m := range moves {
		was := sum().Hash
		if err := c.acts(t, m.by, m.id, m.act); err != nil {
			t.Fatal(m.act, err)
		}
		if changed := sum().Hash != was; changed != m.changes {
			t.Fatalf("%s changes what certificates bind: %v", m.act, changed)
		}
	}
	if last := sum(); last.Total != 1 || last.Open != 1 || last.Kinds[0].Count != 0 || last.Count(store.ItemWithdrawn) != 1 {
		t.Fatalf("%+v", last)
	}
}

// hashOf works the hash out from the list, in another way than the store.
func hashOf(t testing.TB, c scheduleCast) string {
	t.Helper()
	p, err := c.Items(t.Context(), store.Moment{}, store.ItemFilter{}, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	rows := []map[string]any{}
	for _, i := range p.Items {
		if i.Status != store.ItemWithdrawn {
			rows = append(rows, map[string]any{"id": i.ID, "version": i.Version, "kind": i.Kind, "title": i.Title, "before": i.Before, "after": i.After,
				"value_pence": i.Value, "valued": i.Valued, "evidence": i.Evidence, "excepted": i.Status == store.ItemExcepted})
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(rows); err != nil {
		t.Fatal(err)
	}
	h := sha256.Sum256(bytes.TrimSpace(b.Bytes()))
	return hex.EncodeToString(h[:])
}
