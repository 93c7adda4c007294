package handover

import (
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// AccessionTasks are the steps of accessions that wait for an office.
func (h Handover) AccessionTasks(v office.Viewer) (all []office.Task) {
	waiting := 0
	for _, a := range h.Accessions {
		may := func(act office.Act) bool { _, err := a.After(act, v); return err == nil }
		name, href := office.ShortName(a.Body), "/handover/bodies/"+a.Body+"/"
		switch {
		case may(ActResolve):
			all = append(all, office.Task{Title: "Record your body’s resolution on membership", Why: "Your body was invited on " + a.Since().String() + " and has not answered.", Verb: "Record it", Href: href + string(ActResolve)})
		case may(ActDeliver):
			all = append(all, office.Task{Title: "Send your body’s deed of adherence", Why: "Your body resolved to become a member. Its deed is outstanding.", Verb: "Send it", Href: href + string(ActDeliver)})
		case may(ActConfirm):
			all = append(all, office.Task{Title: "Confirm the deed of " + name, Why: "The company secretary confirms each deed. It was received on " + a.Since().String() + ".", Verb: "Read and confirm", Href: href + string(ActConfirm)})
		case a.Status == NotInvited && may(ActInvite):
			if b, _ := office.BodyOf(a.Body); b.Exists(h.Moment.Day) {
				waiting++
			}
		case a.Status == BodyReady && h.Programme.Done() && v.Can(office.KeepRegister):
			all = append(all, office.Task{Title: "Enter " + name + " in the register", Why: "Its deed is confirmed, and the handover is complete.", Verb: "Enter it", Href: "/ownership/enter/admitted?body=" + a.Body})
		}
	}
	if waiting > 0 {
		all = append(all, office.Task{Title: "Invite " + text.Count(waiting, "body", "bodies"), Why: "The company secretary invites each body that may become a member.", Verb: "Choose a body", Href: "/handover/bodies?step=not_invited"})
	}
	return all
}

// DossierTasks are the statements that wait to be prepared or certified.
func (h Handover) DossierTasks(v office.Viewer) (all []office.Task) {
	for _, d := range []Dossier{h.Balance, h.Statement} {
		href := "/handover/" + d.What
		switch {
		case d.MayCertify(h.Programme, v) == nil:
			all = append(all, office.Task{Title: fmt.Sprintf("Certify the %s, version %d", nameOf(d.What), d.Last.Version), Due: h.Programme.Aimed,
				Why: "Each transferor certifies it. Someone else prepared it." + h.voided(d, v.Office.Body), Verb: "Read and certify", Href: href + "/certify"})
		case d.MayPrepare(h.Programme, v) == nil && h.worthPreparing(d):
			all = append(all, office.Task{Title: "Prepare the " + nameOf(d.What), Due: h.Programme.Aimed, Why: "It has not been prepared, or its contents have changed.", Verb: "Read and prepare", Href: href})
		}
	}
	return all
}

// voided says that a body's last certificate was voided, and why.
func (h Handover) voided(d Dossier, body string) string {
	for _, c := range slices.Backward(d.Certificates) {
		if c.Body == body && !c.Stands() {
			return fmt.Sprintf(" Your certificate of %s was voided: %s.", civil.DayOf(c.At), c.Reason)
		}
	}
	return ""
}

// worthPreparing keeps the work list to what has something to say.
func (h Handover) worthPreparing(d Dossier) bool {
	if d.What == TheBalance {
		return h.Schedule.Total > 0
	}
	return len(h.StatementNow.Admissions) > 0 && h.Balance.Current()
}

// MilestoneTasks are the milestones that are late and wait for an office.
func (h Handover) MilestoneTasks(v office.Viewer) (all []office.Task) {
	for _, m := range h.Milestones {
		if m.Expected() < h.Moment.Day && m.May(v) == nil {
			all = append(all, office.Task{Title: "Update the forecast: " + m.Title, Due: m.Expected(), Why: "The forecast date has passed.", Verb: "Open it", Href: fmt.Sprintf("/handover/milestones/%d", m.ID)})
		}
	}
	return all
}

// OtherTasks are completing the handover and mending the schedule.
func (h Handover) OtherTasks(v office.Viewer) (all []office.Task) {
	if v.Can(office.CompleteHandover) && h.Ready() {
		all = append(all, office.Task{Title: "Complete the handover", Due: h.Programme.Longstop, Why: "All conditions are met or overridden.", Verb: "Read and complete", Href: "/handover/complete"})
	}
	if v.Can(office.KeepSchedule) && h.Schedule.Open > 0 && !h.Programme.Done() {
		all = append(all, office.Task{Title: text.Count(int(h.Schedule.Open), "item of the schedule lacks", "items of the schedule lack") + " a receiver or evidence", Due: h.Programme.Aimed,
			Why: "The company’s officers manage the schedule.", Verb: "Open them", Href: "/handover/schedule?open=yes"})
	}
	return all
}
