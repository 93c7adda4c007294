package record

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
)

func actsOf[S ~string](topic string, life office.Life[S]) (all []string) {
	for _, m := range life {
		all = append(all, topic+"."+string(m.Act))
	}
	return all
}

func TestEveryActHasWords(t *testing.T) {
	all := []string{"record.open", "programme.ship", "person.add", "person.invite", "person.password", "person.erase",
		"appointment.make", "appointment.confirm", "appointment.refuse", "appointment.end", "register.correction", "document.publish",
		"handover.prepare-statement", "handover.prepare-balance", "handover.complete", "certificate.give", "certificate.void",
		"schedule.add", "schedule.edit", "schedule.import", "milestone.add",
		"load.accept", "load.fail", "load.replace", "load.withhold", "load.withhold-row", "load.lift-row", "load.lift", "load.differ", "load.agree", "line.withhold", "line.lift",
		"load.confirm", "load.stop", "load.withdraw", "rule.ship", "rule.add", "rule.withdraw", "supplier.merged", "supplier.renamed", "supplier.undo",
		"spend.explain", "spend.take_back", "override.make"}
	for _, k := range register.EntryKinds {
		all = append(all, "register."+string(k))
	}
	all = append(all, actsOf("accession", handover.AccessionLife)...)
	all = append(all, actsOf("schedule", handover.ScheduleLife)...)
	for _, act := range []office.Act{handover.ActForecast, handover.ActAchieve, handover.ActWithdrawMilestone, handover.ActRebaseline, "agree-baseline", "refuse-baseline"} {
		all = append(all, "milestone."+string(act))
	}
	for _, act := range all {
		if ActWords[act] == "" {
			t.Errorf("%s has no words: it is said as %q", act, ActInWords(act))
		}
	}
	for act, want := range map[string]string{"": "", "x": "X", "new-thing.half_done": "New thing half done", "ŵ.b": "Ŵ b"} {
		if got := ActInWords(act); got != want {
			t.Errorf("%q is said as %q, want %q", act, got, want)
		}
	}
}

func TestAnEntryIsOneSentence(t *testing.T) {
	for _, k := range []struct {
		act, subject, body, payload, want string
	}{
		{"schedule.accept", "item/4", "humberside", `{"now":{"item/4":{"title":"Maps"}}}`, "Humberside accepted item 4, “Maps”."},
		{"accession.deliver", "accession/kent", "kent", `{}`, "Kent sent its deed of adherence."},
		{"decision.vote", "decision/9", "home-office", `{"detail":{"choice":"against"},"now":{"ballot/3":{"asked":{"decision":"2012-004"}}}}`, "Home Office voted against decision 2012\u2011004."},
		{"decision.made-up", "meeting/3", "kent", `{}`, "Decision made up: meeting 3."},
		{"holiday-proposal.make", "holiday-proposal/2", "company", `{"now":{"holiday-proposal/2":{"id":2,"day":"2013-06-05"}}}`, "Police ICT Company made the proposal to add a bank holiday on 5 June 2013."},
		{"holiday-proposal.refuse", "holiday-proposal/2", "company", `{"now":{"holiday-proposal/2":{"id":2,"day":"2013-06-05","removes":true}}}`, "Police ICT Company refused the proposal to remove the bank holiday of 5 June 2013."},
		{"holiday-proposal.confirm", "holiday-proposal/2", "company", `{}`, "Police ICT Company confirmed proposed change 2 to the bank holidays."},
		{"person.add", "person/3", "", `{"by":"command line"}`, "Person 3 was added."},
		{"load.accept", "load/7", "company", `{"now":{"load/7":{"file":"a.csv"}}}`, "Police ICT Company loaded source file 7 of Kent."},
		{"record.open", "record", "", `{}`, "The record was opened."},
		{"question.hold", "question/2012-003", "company", `{"now":{"question/2012-003":{"title":["not text"]}}}`, "Police ICT Company gave a holding answer to question 2012\u2011003."},
	} {
		e := record.Event{Act: k.act, Subject: k.subject, Body: k.body, About: "kent", Payload: k.payload}
		e.Topic, _, _ = strings.Cut(k.subject, "/")
		if got := Sentence(e, nil); got != k.want {
			t.Errorf("%s: %q, want %q", k.act, got, k.want)
		}
	}
	for act := range ActWords {
		if did[act] == "" && became[act] == "" && !strings.HasPrefix(act, "register.") {
			t.Errorf("%s has no sentence", act)
		}
	}
}

func TestASubjectIsNamedAndLinked(t *testing.T) {
	for subject, want := range map[string][2]string{
		"register":            {"Register of members", "/ownership"},
		"accession/kent":      {"Accession of Kent", "/handover/bodies/kent"},
		"item/4":              {"Schedule item 4", "/handover/schedule/4"},
		"schedule":            {"Schedule", "/handover/schedule"},
		"milestone/2":         {"Milestone 2", "/handover/milestones/2"},
		"handover/statement":  {"Completion statement", "/handover/statement"},
		"handover/balance":    {"Opening balance", "/handover/balance"},
		"handover/completion": {"Completion of the handover", "/handover"},
		"certificate/1":       {"Certificate 1", "/handover/statement"},
		"document/7":          {"Document 7", "/handover/bodies/kent"},
		"appointment/3":       {"Appointment 3", "/bodies/kent"},
		"person/3":            {"Person 3", ""},
		"holiday-proposal/2":  {"Proposed change 2 to the bank holidays", "/bank-holidays"},
		"override/deeds":      {"Condition “deeds” of the handover", "/handover#condition-deeds"},
		"programme/1":         {"Terms of the handover", "/handover"},
		"record":              {"The record", "/record"},
	} {
		e := record.Event{Subject: subject, About: "kent"}
		if got := [2]string{SubjectWords(e), SubjectHref(e)}; got != want {
			t.Errorf("%s: %q, want %q", subject, got, want)
		}
	}
}

func TestTheFilterNamesQuestionsAndBankHolidays(t *testing.T) {
	for _, topic := range []string{"question", "holiday", "holiday-proposal"} {
		if len(topicChoices(topic)) != len(recordTopics) {
			t.Errorf("the filter does not name %s", topic)
		}
	}
}
