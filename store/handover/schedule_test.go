package handover_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

// scheduleCast is everyone who has a part in the schedule.
type scheduleCast struct {
	*db.Tx
	clock                                    *storetest.Clock
	secretary, officer, other                office.Viewer // at the company
	official, secondOfficial                 office.Viewer // at the Home Office
	kent, kentChief, essex, scrutineer, chap office.Viewer
}

func newScheduleCast(t testing.TB) scheduleCast {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	h := func(k office.Kind, body string) office.Viewer { return storetest.Holder(t, s, k, body) }
	return scheduleCast{
		Tx: s, clock: clock,
		secretary: h(office.CompanySecretary, office.TheCompany), officer: h(office.CompanyOfficer, office.TheCompany), other: h(office.CompanyOfficer, office.TheCompany),
		official: h(office.Official, office.HomeOffice), secondOfficial: h(office.Official, office.HomeOffice),
		kent: h(office.CommissionerOffice, "kent"), kentChief: h(office.ChiefExecutive, "kent"), essex: h(office.CommissionerOffice, "essex"),
		scrutineer: h(office.Scrutineer, office.TheAssociation), chap: h(office.AssociationOfficer, office.TheAssociation),
	}
}

var network = handover.Item{Kind: handover.ContractItem, Title: "Network", Before: office.HomeOffice, After: "kent", Value: 1_234_567_89, Valued: true, Evidence: "Deed of novation 7"}

func (c scheduleCast) add(t testing.TB, i handover.Item) int64 {
	t.Helper()
	id, err := handover.AddItem(t.Context(), c.Tx, c.secretary, i)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (c scheduleCast) item(t testing.TB, id int64) handover.Item {
	t.Helper()
	i, err := handover.FindItem(t.Context(), c.Tx, record.Moment{}, id)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// acts takes a step of an item's life, an exception's acceptance under a
// decision that names the item.
func (c scheduleCast) acts(t testing.TB, by office.Viewer, id int64, act office.Act) error {
	t.Helper()
	if act != handover.ActAcceptException {
		return handover.ActOnItem(t.Context(), c.Tx, by, id, 0, act, "a reason")
	}
	ref := storetest.Authorised(t, c.Tx, c.clock, "exception", authority.Effect{Kind: authority.AcceptsItem, Subject: fmt.Sprintf("item/%d", id)})
	return handover.AcceptException(t.Context(), c.Tx, by, id, 0, ref)
}

// in adds an item and takes it to a status, by the right people.
func (c scheduleCast) in(t testing.TB, i handover.Item, to handover.ItemStatus) int64 {
	t.Helper()
	id := c.add(t, i)
	for _, step := range map[handover.ItemStatus][]struct {
		by  office.Viewer
		act office.Act
	}{
		handover.ItemProposed:      nil,
		handover.ItemAgreed:        {{c.official, handover.ActAgree}},
		handover.ItemAccepted:      {{c.official, handover.ActAgree}, {c.kent, handover.ActAccept}},
		handover.ExceptionProposed: {{c.officer, handover.ActExcept}},
		handover.ExceptionAgreed:   {{c.officer, handover.ActExcept}, {c.official, handover.ActAgreeException}},
		handover.ItemExcepted:      {{c.officer, handover.ActExcept}, {c.official, handover.ActAgreeException}, {c.kent, handover.ActAcceptException}},
		handover.ItemWithdrawn:     {{c.secretary, handover.ActWithdrawItem}},
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
	const done, refused, gone = fault.Kind(0), fault.Forbidden, fault.Conflict
	for name, tt := range map[string]struct {
		from handover.ItemStatus
		act  office.Act
		by   office.Viewer
		kind fault.Kind
		to   handover.ItemStatus
	}{
		"the holder before agrees":                          {handover.ItemProposed, handover.ActAgree, c.official, done, handover.ItemAgreed},
		"the holder after cannot agree for the other":       {handover.ItemProposed, handover.ActAgree, c.kent, refused, ""},
		"a body that holds nothing cannot agree":            {handover.ItemProposed, handover.ActAgree, c.essex, refused, ""},
		"the proposer cannot agree":                         {handover.ItemProposed, handover.ActAgree, c.secretary, refused, ""},
		"a scrutineer cannot agree":                         {handover.ItemProposed, handover.ActAgree, c.scrutineer, refused, ""},
		"a stranger cannot agree":                           {handover.ItemProposed, handover.ActAgree, office.Viewer{}, refused, ""},
		"the command line cannot agree":                     {handover.ItemProposed, handover.ActAgree, office.CommandLine, refused, ""},
		"nobody accepts before agreement":                   {handover.ItemProposed, handover.ActAccept, c.kent, gone, ""},
		"the holder after accepts":                          {handover.ItemAgreed, handover.ActAccept, c.kent, done, handover.ItemAccepted},
		"any office of the holder after may accept":         {handover.ItemAgreed, handover.ActAccept, c.kentChief, done, handover.ItemAccepted},
		"the holder before cannot accept":                   {handover.ItemAgreed, handover.ActAccept, c.official, refused, ""},
		"another commissioner cannot accept":                {handover.ItemAgreed, handover.ActAccept, c.essex, refused, ""},
		"nobody agrees twice":                               {handover.ItemAgreed, handover.ActAgree, c.secondOfficial, gone, ""},
		"an accepted item is not accepted again":            {handover.ItemAccepted, handover.ActAccept, c.kentChief, gone, ""},
		"an accepted item gets no exception":                {handover.ItemAccepted, handover.ActExcept, c.officer, gone, ""},
		"the company proposes an exception":                 {handover.ItemProposed, handover.ActExcept, c.officer, done, handover.ExceptionProposed},
		"an agreed item may get an exception":               {handover.ItemAgreed, handover.ActExcept, c.officer, done, handover.ExceptionProposed},
		"a holder cannot propose an exception":              {handover.ItemProposed, handover.ActExcept, c.kent, refused, ""},
		"the holder before agrees an exception":             {handover.ExceptionProposed, handover.ActAgreeException, c.official, done, handover.ExceptionAgreed},
		"the holder after does not agree an exception":      {handover.ExceptionProposed, handover.ActAgreeException, c.kent, refused, ""},
		"an exception is not accepted before agreed":        {handover.ExceptionProposed, handover.ActAcceptException, c.kent, gone, ""},
		"the holder after accepts an exception":             {handover.ExceptionAgreed, handover.ActAcceptException, c.kent, done, handover.ItemExcepted},
		"the holder before does not accept its exception":   {handover.ExceptionAgreed, handover.ActAcceptException, c.secondOfficial, refused, ""},
		"the company does not accept for a holder":          {handover.ExceptionAgreed, handover.ActAcceptException, c.other, refused, ""},
		"a proposed exception is returned":                  {handover.ExceptionProposed, handover.ActReturnItem, c.secretary, done, handover.ItemProposed},
		"an agreed exception is returned":                   {handover.ExceptionAgreed, handover.ActReturnItem, c.secretary, done, handover.ItemProposed},
		"an accepted exception is returned":                 {handover.ItemExcepted, handover.ActReturnItem, c.secretary, done, handover.ItemProposed},
		"a holder cannot return an exception":               {handover.ExceptionProposed, handover.ActReturnItem, c.official, refused, ""},
		"an item without an exception is not returned":      {handover.ItemAgreed, handover.ActReturnItem, c.secretary, gone, ""},
		"a proposed item is withdrawn":                      {handover.ItemProposed, handover.ActWithdrawItem, c.officer, done, handover.ItemWithdrawn},
		"an accepted item is withdrawn":                     {handover.ItemAccepted, handover.ActWithdrawItem, c.officer, done, handover.ItemWithdrawn},
		"an excepted item is withdrawn":                     {handover.ItemExcepted, handover.ActWithdrawItem, c.officer, done, handover.ItemWithdrawn},
		"a holder cannot withdraw":                          {handover.ItemProposed, handover.ActWithdrawItem, c.official, refused, ""},
		"a withdrawn item stays withdrawn":                  {handover.ItemWithdrawn, handover.ActAgree, c.official, gone, ""},
		"a withdrawn item is not withdrawn again":           {handover.ItemWithdrawn, handover.ActWithdrawItem, c.secretary, gone, ""},
		"an act that is none is refused":                    {handover.ItemProposed, "steal", c.secretary, gone, ""},
		"the association is no holder of the Home Office’s": {handover.ItemProposed, handover.ActAgree, c.chap, refused, ""},
	} {
		t.Run(name, func(t *testing.T) {
			id := c.in(t, network, tt.from)
			before := c.item(t, id)
			_, pure := before.Next(tt.act, tt.by)
			err := c.acts(t, tt.by, id, tt.act)
			if fault.KindOf(err) != tt.kind || fault.KindOf(pure) != tt.kind {
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
	storetest.Sound(t, c.Tx)
}

func TestSchedulePersonsAreCompared(t *testing.T) {
	c := newScheduleCast(t)
	own := network
	own.Before, own.After = office.TheCompany, office.TheCompany
	none := network
	none.After = ""
	add := func(by office.Viewer, i handover.Item) int64 {
		id, err := handover.AddItem(t.Context(), c.Tx, by, i)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	act := func(by office.Viewer, id int64, a office.Act) fault.Kind {
		return fault.KindOf(c.acts(t, by, id, a))
	}
	id := add(c.secretary, own)
	if k := act(c.officer, id, handover.ActAgree); k != 0 {
		t.Fatal("an officer of the company agrees:", k)
	}
	if k := act(c.officer, id, handover.ActAccept); k != fault.Forbidden {
		t.Fatal("who agreed accepts:", k)
	}
	if k := act(c.other, id, handover.ActAccept); k != 0 {
		t.Fatal("a second person of the same body accepts:", k)
	}
	id = add(c.officer, own)
	if k := act(c.officer, id, handover.ActAgree); k != fault.Forbidden {
		t.Fatal("the proposer agrees:", k)
	}
	edit := c.item(t, id)
	edit.Title = "Network, north"
	if err := handover.EditItem(t.Context(), c.Tx, c.other, edit); err != nil {
		t.Fatal(err)
	}
	for _, by := range []office.Viewer{c.officer, c.other} {
		if k := act(by, id, handover.ActAgree); k != fault.Forbidden {
			t.Fatal("whoever proposed or changed it agrees:", k)
		}
	}
	id = add(c.secretary, own)
	for _, step := range []struct {
		by   office.Viewer
		act  office.Act
		kind fault.Kind
	}{
		{c.officer, handover.ActExcept, 0}, {c.officer, handover.ActAgreeException, fault.Forbidden}, {c.other, handover.ActAgreeException, 0},
		{c.other, handover.ActAcceptException, fault.Forbidden}, {c.officer, handover.ActAcceptException, fault.Forbidden},
	} {
		if k := act(step.by, id, step.act); k != step.kind {
			t.Fatal(step.act, k)
		}
	}
	id = add(c.secretary, none)
	for _, step := range []struct {
		by   office.Viewer
		act  office.Act
		kind fault.Kind
	}{
		{c.official, handover.ActAgree, 0}, {c.kent, handover.ActAccept, fault.Conflict}, {c.secretary, handover.ActExcept, 0},
		{c.secondOfficial, handover.ActAgreeException, 0}, {c.kent, handover.ActAcceptException, fault.Forbidden}, {c.officer, handover.ActAcceptException, 0},
	} {
		if k := act(step.by, id, step.act); k != step.kind {
			t.Fatal("without a receiver:", step.act, k)
		}
	}
	if got := c.item(t, id); got.Status != handover.ItemExcepted || got.Open() || got.AgreedBy != 0 || got.ExceptionAgreedBy != c.secondOfficial.Person {
		t.Fatalf("%+v", got)
	}
	storetest.Sound(t, c.Tx)
}

func TestAddItemSaysWhatIsWrong(t *testing.T) {
	c := newScheduleCast(t)
	with := func(f func(*handover.Item)) handover.Item { i := network; f(&i); return i }
	for name, tt := range map[string]struct {
		item  handover.Item
		field string
	}{
		"a kind from the list": {with(func(i *handover.Item) { i.Kind = "vehicle" }), "kind"},
		"a title":              {with(func(i *handover.Item) { i.Title = " " }), "title"},
		"a title that fits":    {with(func(i *handover.Item) { i.Title = strings.Repeat("a", 201) }), "title"},
		"a title of more than control characters": {with(func(i *handover.Item) { i.Title = "\x00\u202e" }), "title"},
		"a holder before":                         {with(func(i *handover.Item) { i.Before = "" }), "before"},
		"a holder before that exists":             {with(func(i *handover.Item) { i.Before = "atlantis" }), "before"},
		"a holder after that exists":              {with(func(i *handover.Item) { i.After = "atlantis" }), "after"},
		"evidence that fits":                      {with(func(i *handover.Item) { i.Evidence = strings.Repeat("a", 301) }), "evidence"},
		"what is owed is a liability":             {with(func(i *handover.Item) { i.Value = -1 }), "value"},
		"a value that leaves room for the sum":    {with(func(i *handover.Item) { i.Value = 1 << 60 }), "value"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := handover.AddItem(t.Context(), c.Tx, c.secretary, tt.item)
			if got := storetest.FieldsOf(err); len(got) != 1 || got[0] != tt.field {
				t.Fatal(got, err)
			}
		})
	}
	if _, err := handover.AddItem(t.Context(), c.Tx, c.kent, network); fault.KindOf(err) != fault.Forbidden {
		t.Fatal("a commissioner does not keep the schedule:", err)
	}
	id := c.add(t, with(func(i *handover.Item) { i.Valued, i.Before, i.Title = false, "E23000032", " Two\n lines \xff" }))
	if got := c.item(t, id); got.Value != 0 || got.Before != "kent" || got.Title != "Two lines \uFFFD" || got.Worth() != "not valued" {
		t.Fatalf("%+v", got)
	}
	if p, err := handover.Items(t.Context(), c.Tx, record.Moment{}, handover.ItemFilter{}, 0, 0); err != nil || p.Matching != 1 {
		t.Fatal("what was refused was stored", p, err)
	}
	storetest.Sound(t, c.Tx)
}

func TestEditVoidsAgreement(t *testing.T) {
	c := newScheduleCast(t)
	for _, from := range []handover.ItemStatus{handover.ItemProposed, handover.ItemAgreed, handover.ItemAccepted, handover.ExceptionProposed, handover.ExceptionAgreed, handover.ItemExcepted} {
		t.Run(string(from), func(t *testing.T) {
			id := c.in(t, network, from)
			old := c.item(t, id)
			edit := old
			edit.Value++
			if err := handover.EditItem(t.Context(), c.Tx, c.officer, edit); err != nil {
				t.Fatal(err)
			}
			got := c.item(t, id)
			if got.Status != handover.ItemProposed || got.AgreedBy+got.AcceptedBy+got.ExceptionBy+got.ExceptionAgreedBy+got.ExceptionAcceptedBy != 0 || got.Reason != "" || got.Decision != "" || got.Version != 2 {
				t.Fatalf("%+v", got)
			}
			e := storetest.LastOf(t, c.Tx, fmt.Sprintf("item/%d", id))
			if e.Act != "schedule.edit" || !strings.Contains(e.Detail(), `"value"`) || strings.Contains(e.Detail(), "voided") != (from != handover.ItemProposed) {
				t.Fatal(e.Detail())
			}
			if err := handover.EditItem(t.Context(), c.Tx, c.officer, edit); fault.KindOf(err) != fault.Conflict {
				t.Fatal("an edit of an old page:", err)
			}
			if err := handover.ActOnItem(t.Context(), c.Tx, c.official, id, 1, handover.ActAgree, ""); fault.KindOf(err) != fault.Conflict {
				t.Fatal("agreement to an old page:", err)
			}
			if err := handover.EditItem(t.Context(), c.Tx, c.officer, got); fault.KindOf(err) != fault.Invalid {
				t.Fatal("an edit of nothing:", err)
			}
			if err := handover.EditItem(t.Context(), c.Tx, c.kent, got); fault.KindOf(err) != fault.Forbidden {
				t.Fatal("an edit by a holder:", err)
			}
		})
	}
	id := c.in(t, network, handover.ItemWithdrawn)
	edit := c.item(t, id)
	edit.Title = "Again"
	if err := handover.EditItem(t.Context(), c.Tx, c.officer, edit); fault.KindOf(err) != fault.Conflict {
		t.Fatal("a withdrawn item is edited:", err)
	}
	if err := handover.EditItem(t.Context(), c.Tx, c.officer, handover.Item{ID: 999}); fault.KindOf(err) != fault.NotFound {
		t.Fatal("an item that does not exist is edited:", err)
	}
	storetest.Sound(t, c.Tx)
}

func TestActsThatNeedAReason(t *testing.T) {
	c := newScheduleCast(t)
	for act, from := range map[office.Act]handover.ItemStatus{handover.ActExcept: handover.ItemProposed, handover.ActReturnItem: handover.ExceptionProposed, handover.ActWithdrawItem: handover.ItemProposed} {
		id := c.in(t, network, from)
		if got := storetest.FieldsOf(handover.ActOnItem(t.Context(), c.Tx, c.officer, id, 0, act, " ")); len(got) != 1 || got[0] != "reason" {
			t.Fatal(act, got)
		}
		if err := handover.ActOnItem(t.Context(), c.Tx, c.officer, id, 0, act, "it is leased"); err != nil {
			t.Fatal(err)
		}
		if e := storetest.LastOf(t, c.Tx, fmt.Sprintf("item/%d", id)); !strings.Contains(e.Detail(), "it is leased") || e.About != office.HomeOffice || e.Act != "schedule."+string(act) {
			t.Fatal(e)
		}
	}
}

func TestSummaryAndItsHash(t *testing.T) {
	c := newScheduleCast(t)
	sum := func() handover.ScheduleSummary {
		t.Helper()
		got, err := handover.Summary(t.Context(), c.Tx, record.Moment{})
		if err != nil {
			t.Fatal(err)
		}
		if want := hashOf(t, c); got.Hash != want {
			t.Fatalf("the hash is %s, and the rows make %s", got.Hash, want)
		}
		return got
	}
	if empty := sum(); empty.Total != 0 || len(empty.Kinds) != len(handover.ItemKinds) || len(empty.Statuses) != len(handover.ItemStatuses) {
		t.Fatalf("%+v", empty)
	}
	loan := handover.Item{Kind: handover.LoanItem, Title: "Loan <1> & “interest”", Before: office.TheAssociation}
	a, b := c.add(t, network), c.add(t, loan)
	first := sum()
	if first.Total != 2 || first.Open != 1 || first.Kinds[0] != (handover.KindTotal{Kind: handover.ContractItem, Count: 1, Pence: network.Value}) ||
		first.Kinds[5] != (handover.KindTotal{Kind: handover.LoanItem, Count: 1, Unvalued: 1}) || first.Count(handover.ItemProposed) != 2 {
		t.Fatalf("%+v", first)
	}
	moves := []struct {
		by      office.Viewer
		id      int64
		act     office.Act
		changes bool
	}{
		{c.official, a, handover.ActAgree, false}, {c.kent, a, handover.ActAccept, false},
		{c.officer, b, handover.ActExcept, false}, {c.chap, b, handover.ActAgreeException, false}, {c.other, b, handover.ActAcceptException, true},
		{c.secretary, b, handover.ActReturnItem, true}, {c.secretary, a, handover.ActWithdrawItem, true},
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
	if last := sum(); last.Total != 1 || last.Open != 1 || last.Kinds[0].Count != 0 || last.Count(handover.ItemWithdrawn) != 1 {
		t.Fatalf("%+v", last)
	}
}

// hashOf works the hash out from the list, in another way than the store.
func hashOf(t testing.TB, c scheduleCast) string {
	t.Helper()
	p, err := handover.Items(t.Context(), c.Tx, record.Moment{}, handover.ItemFilter{}, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	rows := []map[string]any{}
	for _, i := range p.Items {
		if i.Status != handover.ItemWithdrawn {
			rows = append(rows, map[string]any{"id": i.ID, "version": i.Version, "kind": i.Kind, "title": i.Title, "before": i.Before, "after": i.After,
				"value_pence": i.Value, "valued": i.Valued, "evidence": i.Evidence, "excepted": i.Status == handover.ItemExcepted})
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
