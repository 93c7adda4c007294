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

// lives are the tables of every process.
func lives() []views.LifeTable {
	return []views.LifeTable{
		lifeTable("accession", "A body becoming a member", "The body takes its own steps. The company secretary invites it and confirms its deed. Admission itself is an entry in the register of members.", handover.AccessionLife),
		lifeTable("item", "An item of the schedule", "The body that holds the item agrees, and the body that receives it accepts. Taking an item back needs a reason.", handover.ScheduleLife),
		lifeTable("load", "A source file of payments", "A file is checked before it is loaded. Whether its payments are then included, or another file replaces it, depends on its content.", spend.Life),
		lifeTable("decision", "A decision", "Only someone with the authority on the day can take a step, by the scheme, the register, roles, delegations and interests. A decision is made when everyone needed has approved it, or the vote has its majority. It then waits for any consents. A refusal or a failed vote refuses it, and a written resolution lapses at the end of its period. The call-in decides whether it is on hold.", decisions.Life),
		lifeTable("question", "A question", "The body answers, sends a holding answer or refuses. Someone else at the body reviews a refusal. The questioner and the committee follow up and close the question; nobody at the body can. Its dates decide whether it is overdue.", scrutiny.QuestionLife),
		lifeTable("inquiry", "An inquiry", "The chair or the clerk of the committee takes each step. The call for evidence closes on its date.", scrutiny.InquiryLife),
		lifeTable("evidence", "Evidence to an inquiry", "The chair or the clerk of the committee receives evidence, as published or confidential. Published evidence cannot be made confidential.", scrutiny.EvidenceLife),
		lifeTable("recommendation", "A recommendation or an undertaking", "The body says in its response whether it accepts. It takes its own steps and can say that the work is done. The chair or the clerk of the committee verifies or closes it, and the chair sets its priority.", scrutiny.RecommendationLife),
		lifeTable("meeting", "A meeting of a committee", "Recording attendance shows that it took place. Numbers of agenda items and of paragraphs in the minutes do not change after publication.", scrutiny.MeetingLife),
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
