package web

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/views"
)

func (s pages) helpRoutes() {
	for path, v := range map[string]templ.Component{
		"/help/offices":   views.HelpOffices(),
		"/help/steps":     views.HelpSteps(lives()),
		"/help/words":     views.HelpWords(),
		"/help/receipts":  views.HelpReceipts(),
		"/help/addresses": views.HelpAddresses(),
		"/accessibility":  views.Accessibility(s.contact()),
		"/contact":        views.ContactUs(s.contact()),
		"/problem":        views.Trouble(s.contact()),
		"/privacy":        views.Privacy(),
		"/cookies":        views.Cookies(s.CookieName()),
	} {
		s.Get(path, office.Public, func(echo.Context) (templ.Component, error) { return v, nil })
	}
}

// contact is where readers write to.
func (s pages) contact() views.Contact { return views.Contact(s.Options.Contact) }

// lives are the tables of every matter that moves by steps.
func lives() []views.LifeTable {
	return []views.LifeTable{
		lifeTable("accession", "A body’s way to membership", "The body takes its own steps; the company secretary invites it and confirms its deed. “Admitted” is no step: it is an entry in the register of members.", handover.AccessionLife),
		lifeTable("item", "An item of the schedule", "The holder before agrees, the holder after accepts. A move that takes an item back needs a reason.", handover.ScheduleLife),
		lifeTable("load", "A load of spend", "A file is looked at before anything is kept of it for good. That its lines then stand, that it fails, or that another load replaces it follows from its content and from that other load.", spend.Life),
		lifeTable("decision", "A decision", "A step is taken only by whoever has the authority for it on the day, by the scheme, the register, the offices, the delegations and the interests. "+
			"What follows is no step: when all have approved, or a written resolution has its majority, the decision is made, or carried until the consents that a right asks for are given; a refusal or the end of a poll without its majority refuses it; a written resolution whose period ends lapses. "+
			"Whether a published decision is held, called in or may be implemented follows from the clock, the signatures and the hearing.", decisions.Life),
		lifeTable("question", "A question", "The answering body answers, holds or refuses; somebody else of it reviews a refusal, and where an answer is ordered it is owed again. The asker and the committee that has the question follow up and close it; nobody of the answering body does. "+
			"Whether it is due, delayed or long overdue follows from its dates: no step says so.", scrutiny.QuestionLife),
		lifeTable("inquiry", "An inquiry", "The chair or the clerk of the committee takes each step. That the call for evidence has closed is no step: it follows from the day.", scrutiny.InquiryLife),
		lifeTable("evidence", "Evidence to an inquiry", "Evidence is taken in published or confidential, by the chair or the clerk of the committee. What is published cannot be made confidential again.", scrutiny.EvidenceLife),
		lifeTable("recommendation", "A recommendation or an undertaking", "Whether it is accepted is said apart from this, by its responses. The body that it is put to takes its own steps, and can only claim that it is done; the chair or the clerk of the committee that has it verifies or closes it, the chair gives priority, and nobody of that body ever does.", scrutiny.RecommendationLife),
		lifeTable("meeting", "A meeting of a committee", "Saying who came makes it one that was held. Once the agenda is published its items keep their numbers; once the minutes are published their paragraphs do.", scrutiny.MeetingLife),
	}
}

// lifeTable draws a life as rows, one for each move.
func lifeTable[S ~string](id, title, note string, life office.Life[S]) views.LifeTable {
	t := views.LifeTable{ID: id, Title: title, Note: note}
	for _, m := range life {
		t.Rows = append(t.Rows, views.LifeRow{From: string(m.From), Act: string(m.Act), To: string(m.To), Need: m.Need, Who: office.KindsWith(m.Need)})
	}
	return t
}
