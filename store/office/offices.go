// Package office holds who may act: bodies, offices, their kinds and
// permissions, and the moves that a thing may make in its life. It reads who is
// appointed; package people appoints.
package office

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// Permission is a thing an office may do. Every route names one.
type Permission string

// The permissions. Public needs no account; SignedIn needs any office.
const (
	Public              Permission = "public"
	SignedIn            Permission = "signed in"
	KeepPeople          Permission = "manage people and roles"
	ConfirmAppointments Permission = "confirm appointments"
	KeepRegister        Permission = "keep the register of members"
	InviteBodies        Permission = "invite bodies"
	ConfirmDeeds        Permission = "confirm deeds"
	TakeBodySteps       Permission = "record the steps of their own body"
	KeepSchedule        Permission = "manage the schedule"
	AnswerForHolder     Permission = "agree and accept items of the schedule"
	PrepareBalance      Permission = "prepare the opening balance"
	KeepMilestones      Permission = "manage milestones"
	CertifyHandover     Permission = "certify the handover"
	CompleteHandover    Permission = "complete the handover"
	ReadRestricted      Permission = "read restricted documents"
	LoadSpend           Permission = "load published spend"
	KeepSpend           Permission = "manage the rules and suppliers of spend"
	ProposeDecisions    Permission = "propose decisions"
	GiveViews           Permission = "give a view on a decision"
	VoteOnDecisions     Permission = "approve, vote or consent"
	KeepDecisions       Permission = "open, publish and manage decisions"
	ChairMeetings       Permission = "close polls"
	AgreeToUrgency      Permission = "agree that a decision is urgent"
	SignCallIns         Permission = "sign call-ins"
	HearCallIns         Permission = "record the hearing of a call-in"
	DelegateOffice      Permission = "delegate what the role can do"
	DeclareInterests    Permission = "declare interests"
	AskQuestions        Permission = "ask questions"
	AnswerQuestions     Permission = "answer for their own body"
	SitOnCommittees     Permission = "be a member of committees"
	KeepCommittees      Permission = "manage committees"
	KeepHolidays        Permission = "manage bank holidays"
)

// Permissions lists them all, in the order of the page that shows them.
var Permissions = []Permission{Public, SignedIn, KeepPeople, ConfirmAppointments, KeepRegister, InviteBodies, ConfirmDeeds,
	TakeBodySteps, KeepSchedule, AnswerForHolder, PrepareBalance, KeepMilestones, CertifyHandover, CompleteHandover, ReadRestricted, LoadSpend, KeepSpend,
	ProposeDecisions, GiveViews, VoteOnDecisions, KeepDecisions, ChairMeetings, AgreeToUrgency, SignCallIns, HearCallIns, DelegateOffice, DeclareInterests,
	AskQuestions, AnswerQuestions, SitOnCommittees, KeepCommittees, KeepHolidays}

// Kind is a sort of office. The kind gives the permissions.
type Kind string

// The kinds of office. A constable is one so that a delegate whom the law
// forbids can be told.
const (
	CommissionerOffice Kind = "commissioner"
	ChiefExecutive     Kind = "chief executive"
	Official           Kind = "official"
	AssociationOfficer Kind = "association officer"
	Scrutineer         Kind = "scrutineer"
	Chair              Kind = "chair"
	Clerk              Kind = "clerk"
	CompanyOfficer     Kind = "company officer"
	CompanySecretary   Kind = "company secretary"
	FinanceOfficer     Kind = "finance officer"
	Auditor            Kind = "auditor"
	Administrator      Kind = "administrator"
	DirectorOffice     Kind = "director"
	Constable          Kind = "constable"
)

// Kinds lists them all.
var Kinds = []Kind{CommissionerOffice, ChiefExecutive, Official, AssociationOfficer, Scrutineer, Chair, Clerk,
	CompanyOfficer, CompanySecretary, FinanceOfficer, Auditor, Administrator, DirectorOffice, Constable}

// grants is the one table of who may do what: routes, buttons, writes and the
// page that shows it all read it.
var grants = map[Kind][]Permission{
	CommissionerOffice: {ConfirmAppointments, TakeBodySteps, AnswerForHolder, LoadSpend, ProposeDecisions, VoteOnDecisions, DelegateOffice, DeclareInterests, AskQuestions, AnswerQuestions, SitOnCommittees},
	ChiefExecutive:     {ConfirmAppointments, TakeBodySteps, AnswerForHolder, LoadSpend, VoteOnDecisions, DeclareInterests, AnswerQuestions},
	Official:           {ConfirmAppointments, AnswerForHolder, CertifyHandover, ReadRestricted, VoteOnDecisions, DelegateOffice, DeclareInterests, AskQuestions, AnswerQuestions},
	AssociationOfficer: {ConfirmAppointments, AnswerForHolder, CertifyHandover, ReadRestricted, VoteOnDecisions, DelegateOffice, DeclareInterests, AnswerQuestions},
	Scrutineer:         {SignCallIns, DeclareInterests, AskQuestions, SitOnCommittees},
	Chair:              {ConfirmAppointments, ChairMeetings, AgreeToUrgency, SignCallIns, HearCallIns, DeclareInterests, AskQuestions, SitOnCommittees, KeepCommittees},
	Clerk:              {ConfirmAppointments, HearCallIns, DeclareInterests, AskQuestions, SitOnCommittees, KeepCommittees},
	CompanyOfficer: {ConfirmAppointments, KeepSchedule, AnswerForHolder, KeepMilestones, LoadSpend, KeepSpend,
		ProposeDecisions, VoteOnDecisions, DelegateOffice, DeclareInterests, AnswerQuestions},
	CompanySecretary: {ConfirmAppointments, KeepRegister, InviteBodies, ConfirmDeeds, KeepSchedule, KeepMilestones, CompleteHandover, ReadRestricted,
		ProposeDecisions, GiveViews, VoteOnDecisions, KeepDecisions, DelegateOffice, DeclareInterests, AnswerQuestions},
	FinanceOfficer: {ConfirmAppointments, KeepSchedule, PrepareBalance, ProposeDecisions, GiveViews, VoteOnDecisions, DelegateOffice, DeclareInterests, AnswerQuestions},
	Auditor:        {ReadRestricted, DeclareInterests, AskQuestions},
	Administrator:  {KeepPeople, KeepHolidays, DeclareInterests},
	DirectorOffice: {VoteOnDecisions, DeclareInterests},
	Constable:      {},
}

// places says at which kinds of body an office of a kind may be.
var places = map[Kind][]BodyKind{
	CommissionerOffice: {Commissioner, MOPAC, CommonCouncil},
	ChiefExecutive:     {Commissioner, MOPAC, CommonCouncil, PoliceAuthority},
	Official:           {Department},
	AssociationOfficer: {Association},
	Scrutineer:         {Association},
	Chair:              {Association, Company},
	Clerk:              {Association},
	CompanyOfficer:     {Company},
	CompanySecretary:   {Company},
	FinanceOfficer:     {Company},
	Auditor:            {Company},
	Administrator:      {Company},
	DirectorOffice:     {Company},
	Constable:          {Commissioner, MOPAC, CommonCouncil},
}

// binding are the permissions that confirm, approve, vote, sit, sign, hear,
// certify, delegate, read what is restricted, keep people, committees or the
// register: an office with one needs a second person to confirm who holds it.
var binding = []Permission{KeepPeople, ConfirmAppointments, KeepRegister, InviteBodies, ConfirmDeeds, TakeBodySteps, AnswerForHolder, PrepareBalance,
	CertifyHandover, CompleteHandover, ReadRestricted, VoteOnDecisions, KeepDecisions, ChairMeetings, AgreeToUrgency, SignCallIns, HearCallIns, DelegateOffice,
	SitOnCommittees, KeepCommittees}

// May reports whether an office of this kind has the permission.
func (k Kind) May(p Permission) bool {
	return p == Public || p == SignedIn && grants[k] != nil || slices.Contains(grants[k], p)
}

// NeedsSecond reports whether an appointment to an office of this kind takes
// effect only once a second person of the body confirms it.
func (k Kind) NeedsSecond() bool {
	return slices.ContainsFunc(binding, k.May)
}

// Fits reports whether an office of this kind may be at the body.
func (k Kind) Fits(b Body) bool { return slices.Contains(places[k], b.Kind) }

// KindsWith lists the kinds of office that have a permission.
func KindsWith(p Permission) []Kind {
	return slices.DeleteFunc(slices.Clone(Kinds), func(k Kind) bool { return !k.May(p) })
}

// Office is a post at a body.
type Office struct {
	ID    int64  `json:"id"`
	Body  string `json:"body"`
	Kind  Kind   `json:"kind"`
	Title string `json:"title"`
	Seat  int64  `json:"seat,omitempty"` // of the register of directors, for a director: 1 to SeatMost
}

// SeatMost is the highest seat of a director.
const SeatMost = 100

// Tidy is the office as it is kept: the title of a director’s names the seat.
func (o Office) Tidy() Office {
	o.Title = text.OneLine(o.Title)
	seat := fmt.Sprintf("seat %d", o.Seat)
	if o.Kind == DirectorOffice && o.Title != "" && !strings.HasSuffix(o.Title, seat) {
		o.Title += ", " + seat
	}
	return o
}

// AppointmentStatus is where an appointment stands.
type AppointmentStatus string

// The statuses of an appointment. Only a confirmed one has effect.
const (
	Proposed  AppointmentStatus = "proposed"
	Confirmed AppointmentStatus = "confirmed"
	Refused   AppointmentStatus = "refused"
)

// Appointment is a person holding an office from a day to a day.
type Appointment struct {
	ID          int64             `json:"id"`
	Office      Office            `json:"office"`
	Person      int64             `json:"person"`
	From        civil.Day         `json:"from"`
	To          civil.Day         `json:"to,omitempty"` // the last day, "" while none is set
	Acting      bool              `json:"acting,omitempty"`
	Status      AppointmentStatus `json:"status"`
	MadeBy      int64             `json:"made_by"` // 0 is the command line
	MadeAt      time.Time         `json:"made_at"`
	ConfirmedBy int64             `json:"confirmed_by,omitempty"`
	ConfirmedAt time.Time         `json:"confirmed_at,omitzero"`
	Reason      string            `json:"reason,omitempty"`
	Name        string            `json:"-"` // of the person
}

// InForce reports whether the appointment gives its permissions on a day.
func (a Appointment) InForce(on civil.Day) bool {
	return a.Status == Confirmed && a.From <= on && (a.To == "" || on <= a.To)
}

// State is the appointment's state on a day, in one word or two.
func (a Appointment) State(on civil.Day) string {
	switch {
	case a.Status == Proposed:
		return "awaits confirmation"
	case a.Status == Refused:
		return "refused"
	case on < a.From:
		return "begins later"
	case a.To != "" && a.To < on:
		return "ended"
	}
	return "in force"
}

// MayConfirm says whether v may confirm a, or why not: a second person of the
// body, who does not stand on the maker's word alone.
func (a Appointment) MayConfirm(v Viewer, c Chain, on civil.Day) error {
	switch {
	case a.Status != Proposed:
		return fault.Conflict.Errorf("This appointment is already %s.", a.Status)
	case v.Person != 0 && v.Person == a.Person:
		return fault.Forbidden.Errorf("You cannot confirm your own appointment.")
	}
	return c.SecondPerson(v, a.Office.Body, a.MadeBy, on)
}

// Viewer is whoever asks or acts: a person in one of their offices, or the
// program itself. The zero Viewer is a stranger.
type Viewer struct {
	Person  int64
	Name    string
	Office  Office   // the office acted in
	Offices []Office // all that are held on the day
	System  string   // "command line" or "the portal", when no person acts
}

// Portal acts where the passing of time or another act requires it;
// CommandLine is whoever can run the program on its machine.
var (
	Portal      = Viewer{System: "the portal"}
	CommandLine = Viewer{System: "command line"}
)

// Can reports whether the office acted in has the permission.
func (v Viewer) Can(p Permission) bool {
	return p == Public || v.Person != 0 && v.Office.Kind.May(p)
}

// At reports whether v acts for the body, with the permission.
func (v Viewer) At(body string, p Permission) bool { return v.Office.Body == body && v.Can(p) }

// OfficeCols are the columns that ScanOffice reads.
const OfficeCols = `o.id, o.body, o.kind, o.title, o.seat`

// Into are the places that OfficeCols are read into.
func (o *Office) Into() []any { return []any{&o.ID, &o.Body, &o.Kind, &o.Title, &o.Seat} }

// ScanOffice reads a row of OfficeCols.
func ScanOffice(r db.Row) (o Office, err error) { return o, r.Scan(o.Into()...) }

// Find finds one office.
func Find(ctx context.Context, tx *db.Tx, id int64) (Office, error) {
	return db.One(ctx, tx, ScanOffice, `SELECT `+OfficeCols+` FROM offices o WHERE o.id = $1`, id)
}

// AtBody lists the offices that there are or were at a body, by title.
func AtBody(ctx context.Context, tx *db.Tx, body string) ([]Office, error) {
	all, err := db.List(ctx, tx, ScanOffice, `SELECT `+OfficeCols+` FROM offices o WHERE o.body = $1`, body)
	slices.SortFunc(all, func(a, b Office) int {
		return cmp.Or(cmp.Compare(text.Fold(a.Title), text.Fold(b.Title)), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// AppointmentCols are the columns that ScanAppointment reads.
const AppointmentCols = `a.id, ` + OfficeCols + `, a.person, a.from_day, a.to_day, a.acting, a.status, a.made_by, a.made_at, a.confirmed_by, a.confirmed_at, a.reason, p.name`

// AppointmentFrom is the table of appointments with their offices.
const AppointmentFrom = ` FROM appointments a JOIN offices o ON o.id = a.office JOIN people p ON p.id = a.person `

// ScanAppointment reads a row of AppointmentCols.
func ScanAppointment(r db.Row) (a Appointment, err error) {
	return a, r.Scan(slices.Concat([]any{&a.ID}, a.Office.Into(), []any{&a.Person, &a.From, &a.To, &a.Acting, &a.Status,
		&a.MadeBy, (*db.Stamp)(&a.MadeAt), &a.ConfirmedBy, (*db.Stamp)(&a.ConfirmedAt), &a.Reason, &a.Name})...)
}

// FindAppointment finds one appointment.
func FindAppointment(ctx context.Context, tx *db.Tx, id int64) (Appointment, error) {
	return db.One(ctx, tx, ScanAppointment, `SELECT `+AppointmentCols+AppointmentFrom+`WHERE a.id = $1`, id)
}

// AppointmentsOf lists a person's appointments, newest first.
func AppointmentsOf(ctx context.Context, tx *db.Tx, person int64) ([]Appointment, error) {
	return db.List(ctx, tx, ScanAppointment, `SELECT `+AppointmentCols+AppointmentFrom+`WHERE a.person = $1 ORDER BY a.from_day DESC, a.id DESC`, person)
}

// AppointmentsAt lists the appointments at a body, newest first.
func AppointmentsAt(ctx context.Context, tx *db.Tx, body string) ([]Appointment, error) {
	return db.List(ctx, tx, ScanAppointment, `SELECT `+AppointmentCols+AppointmentFrom+`WHERE o.body = $1 ORDER BY a.from_day DESC, a.id DESC`, body)
}

// OfficesOn lists the offices that a person holds on a day, oldest first.
func OfficesOn(ctx context.Context, tx *db.Tx, person int64, on civil.Day) ([]Office, error) {
	return db.List(ctx, tx, ScanOffice, `SELECT `+OfficeCols+` FROM appointments a JOIN offices o ON o.id = a.office
		WHERE a.person = $1 AND a.status = 'confirmed' AND a.from_day <= $2 AND (a.to_day = '' OR a.to_day >= $2) ORDER BY a.id`, person, on)
}

// Holds refuses a person who does not hold, today, the office they act in.
func Holds(ctx context.Context, tx *db.Tx, by Viewer) error {
	if by.Person == 0 && by.System != "" {
		return nil
	}
	held, err := OfficesOn(ctx, tx, by.Person, civil.DayOf(tx.Now()))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(held, func(o Office) bool { return o.ID == by.Office.ID }) {
		return fault.Forbidden.Errorf("You do not hold the role %s today. Nothing has been recorded.", by.Office.Title)
	}
	return nil
}

// CanConfirmAt counts the people who could confirm an appointment at a body on
// a day, leaving out one.
func CanConfirmAt(ctx context.Context, tx *db.Tx, body string, on civil.Day, but int64) (n int, err error) {
	all, err := AppointmentsAt(ctx, tx, body)
	seen := map[int64]bool{but: true}
	for _, a := range all {
		if a.InForce(on) && a.Office.Kind.May(ConfirmAppointments) && !seen[a.Person] {
			seen[a.Person] = true
			n++
		}
	}
	return n, err
}

// MayKeepPeople refuses whoever does not keep people and offices.
func MayKeepPeople(by Viewer) error {
	if by.System == "" && !by.Can(KeepPeople) {
		return fault.Forbidden.Errorf("Only an administrator can manage people and roles.")
	}
	return nil
}

// Subject names the appointment in the record.
func (a Appointment) Subject() string { return fmt.Sprintf("appointment/%d", a.ID) }

// Check refuses an appointment that cannot be.
func (a Appointment) Check() error {
	var f fault.Faults
	b, ok := BodyOf(a.Office.Body)
	switch {
	case !ok:
		f.Add("body", "Choose a body from the list.")
	case grants[a.Office.Kind] == nil:
		f.Add("kind", "Choose a type of role from the list.")
	case !a.Office.Kind.Fits(b):
		f.Add("kind", "%s has no role of the type %s.", b.Short, a.Office.Kind)
	}
	text.Tidy(&f, "title", "the title of the role", a.Office.Title, true, 120)
	switch seat := a.Office.Seat; {
	case a.Office.Kind == DirectorOffice && (seat < 1 || seat > SeatMost):
		f.Add("seat", "Enter the seat of the director, from 1 to %d.", SeatMost)
	case a.Office.Kind != DirectorOffice && seat != 0:
		f.Add("seat", "Only a director has a seat. Leave it empty.")
	}
	switch {
	case a.From == "":
		f.Add("from", "Enter the first day.")
	case a.To != "" && a.To < a.From:
		f.Add("to", "The last day must be on or after the first day.")
	case ok && b.First != "" && a.From < b.First:
		f.Add("from", "%s exists from %s. The appointment cannot begin before then.", b.Short, b.First)
	case ok && b.Last != "" && (a.To == "" || a.To > b.Last):
		f.Add("to", "%s existed until %s. Enter a last day no later than that.", b.Name, b.Last)
	}
	return f.Err()
}

// FindOrMake finds or makes an office.
func FindOrMake(ctx context.Context, tx *db.Tx, o Office) (int64, error) {
	id, found, err := db.Maybe(ctx, tx, db.ScanInto[int64], `SELECT id FROM offices WHERE body = $1 AND kind = $2 AND title = $3`, o.Body, o.Kind, o.Title)
	if err != nil || found {
		return id, err
	}
	return db.One(ctx, tx, db.ScanInto[int64], `INSERT INTO offices (body, kind, title, seat) VALUES ($1, $2, $3, $4) RETURNING id`, o.Body, o.Kind, o.Title, o.Seat)
}

// Overlaps refuses a second term of the same person in the same office.
func Overlaps(ctx context.Context, tx *db.Tx, a Appointment) error {
	all, err := AppointmentsOf(ctx, tx, a.Person)
	if err != nil {
		return err
	}
	for _, b := range all {
		apart := a.To != "" && a.To < b.From || b.To != "" && b.To < a.From
		if b.Office.ID == a.Office.ID && b.Status != Refused && !apart {
			return fault.Field("from", "This person already holds this role from %s.", b.From)
		}
	}
	return nil
}
