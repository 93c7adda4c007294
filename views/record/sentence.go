package record

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
	"github.com/police-ict/handover/views/page"
)

// Sentence says in one sentence what an entry of the record recorded.
func Sentence(e record.Event, then register.NamesThen) string {
	if entry, ok := registerEntry(e); ok {
		return EntryInWords(entry)
	}
	words := ActInWords(e.Act)
	if about := aboutWords(e); about != "" && !strings.Contains(text.Fold(words), text.Fold(about)) {
		words += ": " + about
	}
	return fmt.Sprintf("%s, by %s.", words, actorWords(e, then))
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
	switch topic {
	case "accession":
		return office.ShortName(id)
	case "appointment":
		if title := appointmentTitle(e); title != "" {
			return title
		}
	case "decision":
		if d := decisions.ReadEvent(e); d.Ref != "" && d.Now.Title != "" {
			return "decision " + d.Ref + ", “" + d.Now.Title + "”"
		}
	case "record", "programme", "handover":
		return ""
	}
	return page.Lowered(SubjectWords(e))
}

// appointmentTitle is the role that an entry about an appointment names.
func appointmentTitle(e record.Event) string {
	var row struct {
		Office struct {
			Title string `json:"title"`
		} `json:"office"`
	}
	if json.Unmarshal(e.Read().Now[e.Subject], &row) != nil {
		return ""
	}
	return row.Office.Title
}

// actorWords names who made an entry, in the middle of a sentence.
func actorWords(e record.Event, then register.NamesThen) string {
	if e.Body == "" {
		if by := e.Origin(); by == "command line" {
			return "the command line"
		} else if by != "" {
			return by
		}
		return "the portal"
	}
	title, body := e.OfficeTitle(), then.Of(e.Body, e)
	if strings.Contains(title, body) {
		return title
	}
	return title + ", " + body
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
