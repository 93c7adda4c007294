package office

import "slices"

// Thing is something that not everybody reads.
type Thing string

// The things. Everything else is public, or somebody's own.
const (
	RestrictedPart     Thing = "the restricted part of a decision"
	DecisionDraft      Thing = "the draft of a decision"
	UnpublishedPaper   Thing = "a deed or a notice that is not published"
	SealedEvidence     Thing = "confidential evidence"
	DraftMinutes       Thing = "the draft of minutes"
	DraftReport        Thing = "the draft of a report"
	PeopleAndAddresses Thing = "people and their addresses"
	SignInLog          Thing = "who signed in, and from where"
	ReadingLog         Thing = "who read what is restricted"
)

// Things lists them all.
var Things = []Thing{RestrictedPart, DecisionDraft, UnpublishedPaper, SealedEvidence, DraftMinutes, DraftReport, PeopleAndAddresses, SignInLog, ReadingLog}

// Bond is what ties a viewer to one thing. Its subject works it out.
type Bond string

// The bonds.
const (
	Wherever  Bond = "at any body"
	AtItsBody Bond = "at the body that made it"
	AboutUs   Bond = "at the body that it is about"
	Decides   Bond = "who may decide it"
	Sits      Bond = "who sits on its committee"
	Keeps     Bond = "who chairs or serves its committee"
)

// Access is one line of who reads a thing and acts on it.
type Access struct {
	Thing Thing
	Bond  Bond
	With  Permission // of the office acted in
	Acts  bool       // releases, publishes, withdraws or changes it too
}

// Accesses is the one table of who reads and changes what is not public. Pages,
// files, JSON and writes ask it.
var Accesses = []Access{
	{RestrictedPart, Decides, VoteOnDecisions, false},
	{RestrictedPart, Wherever, SignCallIns, false},
	{RestrictedPart, Wherever, HearCallIns, false},
	{RestrictedPart, Wherever, AgreeToUrgency, false},
	{RestrictedPart, Wherever, ReadRestricted, false},
	{RestrictedPart, AtItsBody, ProposeDecisions, false},
	{RestrictedPart, AtItsBody, GiveViews, false},
	{RestrictedPart, Wherever, KeepDecisions, true},

	{DecisionDraft, AtItsBody, ProposeDecisions, true},

	{UnpublishedPaper, AtItsBody, TakeBodySteps, true},
	{UnpublishedPaper, AtItsBody, AnswerQuestions, false},
	{UnpublishedPaper, AboutUs, AnswerQuestions, false},
	{UnpublishedPaper, Wherever, ConfirmDeeds, true},
	{UnpublishedPaper, Wherever, ReadRestricted, false},

	{SealedEvidence, Sits, SitOnCommittees, false},
	{SealedEvidence, Keeps, SitOnCommittees, true},

	{DraftMinutes, Sits, SitOnCommittees, false},
	{DraftMinutes, Keeps, KeepCommittees, true},

	{DraftReport, Sits, SitOnCommittees, false},
	{DraftReport, Keeps, SitOnCommittees, true},

	{PeopleAndAddresses, Wherever, KeepPeople, true},
	{SignInLog, Wherever, KeepPeople, false},
	{ReadingLog, Wherever, CompleteHandover, false},
}

// Reads reports whether v reads a thing to which some bonds tie them.
func (v Viewer) Reads(t Thing, bonds ...Bond) bool {
	return slices.ContainsFunc(Accesses, func(a Access) bool { return a.gives(v, t, bonds) })
}

// ActsOn reports whether v also changes a thing to which some bonds tie them.
func (v Viewer) ActsOn(t Thing, bonds ...Bond) bool {
	return slices.ContainsFunc(Accesses, func(a Access) bool { return a.Acts && a.gives(v, t, bonds) })
}

func (a Access) gives(v Viewer, t Thing, bonds []Bond) bool {
	return a.Thing == t && v.Can(a.With) && (a.Bond == Wherever || slices.Contains(bonds, a.Bond))
}
