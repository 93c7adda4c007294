package record

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
	"github.com/police-ict/handover/views/page"
)

// Sentence says in one sentence who did what, as an entry of the record tells.
func Sentence(e record.Event, then register.NamesThen) string {
	if entry, ok := registerEntry(e); ok {
		return EntryInWords(entry)
	}
	about := aboutWords(e)
	if e.Body == "" {
		if words, ok := became[e.Act]; ok {
			return text.Capital(strings.ReplaceAll(words, "{}", about)) + "."
		}
	} else if words, ok := did[e.Act]; ok {
		if choice := choiceOf(e); choice != "" {
			words = choice
		}
		return actorWords(e, then) + " " + strings.ReplaceAll(words, "{}", about) + "."
	}
	words := ActInWords(e.Act)
	if about != "" && !strings.Contains(text.Fold(words), text.Fold(about)) {
		words += ": " + about
	}
	return words + "."
}

// choiceOf is what a vote says.
func choiceOf(e record.Event) string {
	if e.Act != "decision.vote" {
		return ""
	}
	var d struct {
		Choice string `json:"choice"`
	}
	if json.Unmarshal(e.Read().Detail, &d) != nil {
		return ""
	}
	return map[string]string{"for": "voted for {}", "against": "voted against {}", "abstain": "abstained on {}", "reject": "voted to reject {}", "modify": "voted to change {}"}[d.Choice]
}

// registerEntry is the entry of the register that an entry of the record made.
func registerEntry(e record.Event) (entry register.Entry, ok bool) {
	if e.Topic != "register" {
		return entry, false
	}
	for thing, row := range e.Read().Now {
		if strings.HasPrefix(thing, "register/") && json.Unmarshal(row, &entry) == nil {
			return entry, entry.Kind != ""
		}
	}
	return entry, false
}

// aboutWords names what an entry is about, in the middle of a sentence.
func aboutWords(e record.Event) string {
	topic, id, _ := strings.Cut(e.Subject, "/")
	row := aboutRow(e)
	titled := func(words string) string {
		if row.Title != "" {
			words += ", “" + row.Title + "”"
		}
		return words
	}
	switch topic {
	case "accession":
		return office.ShortName(id)
	case "decision":
		if d := decisions.ReadEvent(e); d.Ref != "" {
			row.Title = d.Now.Title
			return titled("decision " + page.Ref(d.Ref))
		}
		return "a draft decision"
	case "question", "recommendation":
		if row.Kind == "undertaking" {
			topic = row.Kind
		}
		return titled(topic + " " + page.Ref(id))
	case "charge":
		return titled(page.Ref(strings.Replace(id, "/", " ", 1)))
	case "item", "milestone":
		return titled(topic + " " + id)
	case "inquiry":
		return titled("the inquiry")
	case "evidence":
		_, n, _ := strings.Cut(id, "/")
		return titled("evidence " + n)
	case "holiday-proposal":
		if p := holidays.ProposalOfEvent(e); p.Day != "" {
			return "the proposal to " + page.Lowered(p.Title())
		}
	case "record", "programme":
		return ""
	}
	return cmp.Or(row.called(e, topic, id), page.Lowered(SubjectWords(e)))
}

// called names what an entry is about by its row, "" where that has no name.
func (row aboutSaid) called(e record.Event, topic, id string) string {
	switch topic {
	case "appointment":
		return row.Office.Title
	case "certificate":
		if row.What == handover.TheBalance {
			return "opening balance"
		}
		return "completion statement"
	case "document":
		if row.Title != "" {
			return "“" + row.Title + "”"
		}
	case "committee":
		if row.Name != "" {
			return "the " + row.Name
		}
	case "load":
		if row.File != "" {
			return "source file " + id + " of " + office.ShortName(e.About)
		}
	case "meeting":
		if row.On != "" {
			return "the meeting of " + row.On.String()
		}
	}
	return ""
}

// An aboutSaid is what the row of the thing that an entry is about calls it.
type aboutSaid struct {
	Title, Name, File, Kind, What string
	On                            civil.Day
	Office                        struct{ Title string }
}

func aboutRow(e record.Event) (row aboutSaid) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(e.Read().Now[e.Subject], &fields) != nil {
		return row
	}
	for name, into := range map[string]any{"title": &row.Title, "name": &row.Name, "file": &row.File, "kind": &row.Kind, "what": &row.What, "on": &row.On, "office": &row.Office} {
		_ = json.Unmarshal(fields[name], into) // a row of another shape names it by its number
	}
	return row
}

// actorWords names the body whose office acted: a local policing body by its
// area, another by the name that it had then.
func actorWords(e record.Event, then register.NamesThen) string {
	if b, ok := office.BodyOf(e.Body); ok && b.LocalPolicing() {
		return b.Short
	}
	return then.Of(e.Body, e)
}

// EntryInWords says what an entry enters, in a sentence.
func EntryInWords(e register.Entry) string {
	kind, end := e.Kind, ""
	name := register.Names{}.Of(e.Body)
	if e.Kind == register.Correction {
		if e.Struck {
			return fmt.Sprintf("Correction: entry %d is struck out. %s", e.Corrects, e.Note)
		}
		kind = e.As
		end = fmt.Sprintf(" This corrects entry %d. %s", e.Corrects, e.Note)
	} else if e.Note != "" {
		end = " " + e.Note
	}
	holder := name
	if e.Body == "" {
		holder = "Members of the class " + e.Class + ", jointly"
	}
	switch kind {
	case register.Incorporated:
		return "The company entered as incorporated." + end
	case register.Admitted:
		return fmt.Sprintf("%s admitted: class %s, %s, guarantee %s, by %s.", name, e.Class, text.Count(int(e.Votes), "vote", "votes"), e.Guarantee, e.Instrument) + end
	case register.Ceased:
		return fmt.Sprintf("%s ceased to be a member: %s.", name, e.Ground) + end
	case register.Renamed:
		return fmt.Sprintf("%s renamed %s.", name, e.Name) + end
	case register.RightGranted:
		if e.Right == register.AppointDirectors {
			return fmt.Sprintf("%s: right to appoint %s (clause %s).", holder, text.Count(int(e.Seats), "director", "directors"), e.Clause) + end
		}
		return fmt.Sprintf("%s: right to consent to a reserved matter, %s (clause %s).", holder, e.Matter, e.Clause) + end
	case register.RightWithdrawn:
		return fmt.Sprintf("The right in entry %d withdrawn.", e.Withdraw) + end
	case register.DirectorAppointed:
		return fmt.Sprintf("%s appointed director, seat %d, by %s.", e.Director, e.Seat, name) + end
	case register.DirectorRemoved:
		return fmt.Sprintf("The director in seat %d removed: %s.", e.Seat, e.Ground) + end
	}
	return text.Plain(string(kind)) + end
}
