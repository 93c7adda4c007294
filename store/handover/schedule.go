package handover

import (
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// ItemKind is a kind of thing that is handed over.
type ItemKind string

// The kinds of thing.
const (
	ContractItem     ItemKind = "contract"
	AssetItem        ItemKind = "asset"
	StaffPostItem    ItemKind = "staff post"
	DataSetItem      ItemKind = "data set"
	LiabilityItem    ItemKind = "liability"
	LoanItem         ItemKind = "loan"
	IntellectualItem ItemKind = "intellectual property"
)

// ItemKinds lists them all, in the order of every total.
var ItemKinds = []ItemKind{ContractItem, AssetItem, StaffPostItem, DataSetItem, LiabilityItem, LoanItem, IntellectualItem}

// ItemStatus is where an item of the schedule stands.
type ItemStatus string

// The statuses of an item.
const (
	ItemProposed      ItemStatus = "proposed"
	ItemAgreed        ItemStatus = "agreed"
	ItemAccepted      ItemStatus = "accepted"
	ExceptionProposed ItemStatus = "exception_proposed"
	ExceptionAgreed   ItemStatus = "exception_agreed"
	ItemExcepted      ItemStatus = "excepted"
	ItemWithdrawn     ItemStatus = "withdrawn"
)

// ItemStatuses lists them all, in the order of every count.
var ItemStatuses = []ItemStatus{ItemProposed, ItemAgreed, ItemAccepted, ExceptionProposed, ExceptionAgreed, ItemExcepted, ItemWithdrawn}

// The acts of the schedule, adding and editing aside.
const (
	ActAgree           office.Act = "agree"            // by the holder before
	ActAccept          office.Act = "accept"           // by the holder after
	ActExcept          office.Act = "except"           // proposes an exception
	ActAgreeException  office.Act = "agree-exception"  // by the holder before
	ActAcceptException office.Act = "accept-exception" // by the holder after, or the company where there is none
	ActReturnItem      office.Act = "return"           // an exception back to proposed
	ActWithdrawItem    office.Act = "withdraw"
)

// ScheduleLife is every move of an item. Next adds who may make it.
var ScheduleLife = office.Life[ItemStatus]{
	{From: ItemProposed, Act: ActAgree, To: ItemAgreed, Need: office.AnswerForHolder},
	{From: ItemAgreed, Act: ActAccept, To: ItemAccepted, Need: office.AnswerForHolder},
	{From: ItemProposed, Act: ActExcept, To: ExceptionProposed, Need: office.KeepSchedule},
	{From: ItemAgreed, Act: ActExcept, To: ExceptionProposed, Need: office.KeepSchedule},
	{From: ExceptionProposed, Act: ActAgreeException, To: ExceptionAgreed, Need: office.AnswerForHolder},
	{From: ExceptionAgreed, Act: ActAcceptException, To: ItemExcepted, Need: office.AnswerForHolder},
	{From: ExceptionProposed, Act: ActReturnItem, To: ItemProposed, Need: office.KeepSchedule},
	{From: ExceptionAgreed, Act: ActReturnItem, To: ItemProposed, Need: office.KeepSchedule},
	{From: ItemExcepted, Act: ActReturnItem, To: ItemProposed, Need: office.KeepSchedule},
	{From: ItemProposed, Act: ActWithdrawItem, To: ItemWithdrawn, Need: office.KeepSchedule},
	{From: ItemAgreed, Act: ActWithdrawItem, To: ItemWithdrawn, Need: office.KeepSchedule},
	{From: ItemAccepted, Act: ActWithdrawItem, To: ItemWithdrawn, Need: office.KeepSchedule},
	{From: ExceptionProposed, Act: ActWithdrawItem, To: ItemWithdrawn, Need: office.KeepSchedule},
	{From: ExceptionAgreed, Act: ActWithdrawItem, To: ItemWithdrawn, Need: office.KeepSchedule},
	{From: ItemExcepted, Act: ActWithdrawItem, To: ItemWithdrawn, Need: office.KeepSchedule},
}

// ItemNeedsReason reports whether an act on an item needs a reason.
func ItemNeedsReason(act office.Act) bool {
	return act == ActExcept || act == ActReturnItem || act == ActWithdrawItem
}

// Item is one thing of the schedule. Its JSON is its public row.
type Item struct {
	ID       int64       `json:"id"`
	Kind     ItemKind    `json:"kind"`
	Title    string      `json:"title"`
	Before   string      `json:"before"`             // slug of the holder before
	After    string      `json:"after,omitempty"`    // slug of the holder after, "" while there is no receiver
	Value    money.Pence `json:"value_pence"`        // 0 where not valued
	Valued   bool        `json:"valued"`             // false is "not valued"
	Evidence string      `json:"evidence,omitempty"` // names the document that proves the transfer
	Status   ItemStatus  `json:"status"`
	Reason   string      `json:"reason,omitempty"`   // of an exception or a withdrawal
	Decision string      `json:"decision,omitempty"` // reference, under which its exception was accepted

	// People by number; 0 is nobody.
	ProposedBy          int64   `json:"proposed_by"`
	ChangedBy           []int64 `json:"changed_by,omitempty"` // everyone who changed it since
	AgreedBy            int64   `json:"agreed_by,omitempty"`
	AcceptedBy          int64   `json:"accepted_by,omitempty"`
	ExceptionBy         int64   `json:"exception_by,omitempty"`
	ExceptionAgreedBy   int64   `json:"exception_agreed_by,omitempty"`
	ExceptionAcceptedBy int64   `json:"exception_accepted_by,omitempty"`

	Version int64 `json:"version"` // number of changes of its content, adding included
}

// Standing reports whether the item counts: all but the withdrawn do.
func (i Item) Standing() bool { return i.Status != ItemWithdrawn }

// Open reports whether the item stands against the handover: it has no
// receiver or no evidence, and no exception that both holders accepted.
func (i Item) Open() bool {
	return i.Standing() && i.Status != ItemExcepted && (i.After == "" || i.Evidence == "")
}

// Receiver is the body that answers as the holder after: the company, where
// there is no receiver yet.
func (i Item) Receiver() string {
	if i.After == "" {
		return office.TheCompany
	}
	return i.After
}

// Worth is the value in words.
func (i Item) Worth() string {
	if !i.Valued {
		return "not valued"
	}
	return i.Value.String()
}

// Next is the status that act leads to, or why v may not do it. Persons are
// compared, not offices.
func (i Item) Next(act office.Act, v office.Viewer) (ItemStatus, error) {
	to, err := ScheduleLife.After(i.Status, act, v)
	if err != nil {
		return i.Status, err
	}
	if err := i.answers(act, v); err != nil {
		return i.Status, err
	}
	return to, nil
}

// answers says whether v may answer for a holder.
func (i Item) answers(act office.Act, v office.Viewer) error {
	holder, exception := i.Before, act == ActAgreeException || act == ActAcceptException
	switch act {
	case ActAgree, ActAgreeException:
	case ActAccept, ActAcceptException:
		holder = i.Receiver()
	default:
		return nil
	}
	switch {
	case act == ActAccept && i.After == "":
		return fault.Conflict.Errorf("This item has no receiver yet, so nobody can accept it. Enter a holder after first.")
	case v.Office.Body != holder:
		return fault.Forbidden.Errorf("Only someone with a role at %s can do this.", office.ShortName(holder))
	case v.Person == i.ProposedBy || slices.Contains(i.ChangedBy, v.Person):
		return fault.Forbidden.Errorf("You proposed or changed this item, so another person must agree or accept it.")
	case exception && v.Person == i.ExceptionBy:
		return fault.Forbidden.Errorf("You proposed this exception, so another person must agree or accept it.")
	case act == ActAccept && v.Person == i.AgreedBy, act == ActAcceptException && v.Person == i.ExceptionAgreedBy:
		return fault.Forbidden.Errorf("You agreed to this, so another person must accept it.")
	}
	return nil
}

// MayEdit says whether v may change the item's content, or why not.
func (i Item) MayEdit(v office.Viewer) error {
	switch {
	case !v.Can(office.KeepSchedule):
		return fault.Forbidden.Errorf("Your role cannot change the schedule.")
	case !i.Standing():
		return fault.Conflict.Errorf("This item was withdrawn, so it cannot be changed. Add it again instead.")
	}
	return nil
}

// apply is the item after an act by a person.
func (i Item) apply(act office.Act, to ItemStatus, person int64, reason string) Item {
	i.Status = to
	switch act {
	case ActAgree:
		i.AgreedBy = person
	case ActAccept:
		i.AcceptedBy = person
	case ActExcept:
		i.AgreedBy, i.ExceptionBy, i.Reason = 0, person, reason // what was agreed was the transfer
	case ActAgreeException:
		i.ExceptionAgreedBy = person
	case ActAcceptException:
		i.ExceptionAcceptedBy = person
	case ActReturnItem:
		i = i.unanswered()
	case ActWithdrawItem:
		i.Reason = reason
	}
	return i
}

// unanswered is the item as proposed: every answer to it is void.
func (i Item) unanswered() Item {
	i.Status, i.Reason, i.Decision = ItemProposed, "", ""
	i.AgreedBy, i.AcceptedBy, i.ExceptionBy, i.ExceptionAgreedBy, i.ExceptionAcceptedBy = 0, 0, 0, 0, 0
	return i
}

// itemContent is what a person puts down of an item.
type itemContent struct {
	kind                           ItemKind
	title, before, after, evidence string
	value                          money.Pence
	valued                         bool
}

func (i Item) content() itemContent {
	return itemContent{i.Kind, i.Title, i.Before, i.After, i.Evidence, i.Value, i.Valued}
}

// edited is the item with the content of c, changed by a person.
func (i Item) edited(c Item, person int64) Item {
	i = i.unanswered()
	i.Kind, i.Title, i.Before, i.After, i.Value, i.Valued, i.Evidence = c.Kind, c.Title, c.Before, c.After, c.Value, c.Valued, c.Evidence
	if person != i.ProposedBy && !slices.Contains(i.ChangedBy, person) {
		i.ChangedBy = append(slices.Clone(i.ChangedBy), person)
	}
	i.Version++
	return i
}

// changes names the fields in which c differs from i.
func (i Item) changes(c Item) (fields []string) {
	for _, f := range []struct {
		name    string
		differs bool
	}{
		{"kind", i.Kind != c.Kind}, {"title", i.Title != c.Title}, {"before", i.Before != c.Before}, {"after", i.After != c.After},
		{"value", i.Value != c.Value || i.Valued != c.Valued}, {"evidence", i.Evidence != c.Evidence},
	} {
		if f.differs {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// check tidies the content of an item and says what is wrong with it.
func (i Item) check() (Item, error) {
	var f fault.Faults
	i.Title, i.Evidence = text.OneLine(i.Title), text.OneLine(i.Evidence)
	if !slices.Contains(ItemKinds, i.Kind) {
		f.Add("kind", "Choose a type from the list: %s.", kindsInWords())
	}
	text.Tidy(&f, "title", "a title", i.Title, true, 200)
	text.Tidy(&f, "evidence", "the evidence", i.Evidence, false, 300)
	before, known := office.BodyOf(i.Before)
	if !known {
		f.Add("before", "Choose the holder before from the list of bodies.")
	}
	after, known := office.BodyOf(i.After)
	if i.After != "" && !known {
		f.Add("after", "Choose the holder after from the list of bodies, or leave it empty if there is no receiver yet.")
	}
	i.Before, i.After = before.Slug, after.Slug
	switch {
	case !i.Valued:
		i.Value = 0
	case i.Value < 0:
		f.Add("value", "Enter a value of zero or more. Enter a debt as a liability or a loan.")
	case i.Value > money.MaxValue:
		f.Add("value", "Enter a value of %s or less.", money.MaxValue)
	}
	return i, f.Err()
}

func kindsInWords() string {
	words := make([]string, len(ItemKinds))
	for n, k := range ItemKinds {
		words[n] = string(k)
	}
	return strings.Join(words, ", ")
}

func (i Item) subject() string { return fmt.Sprintf("item/%d", i.ID) }

// folded is what the words of a search are looked for in.
func (i Item) folded() string {
	after := ""
	if i.After != "" {
		after = office.ShortName(i.After)
	}
	return text.Fold(strings.Join([]string{i.Title, i.Evidence, office.ShortName(i.Before), after}, " "))
}
