package store

import (
	"context"
	"maps"
	"slices"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/drafts"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/news"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/audit"
	"github.com/police-ict/handover/store/spend/rejected"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/text"
)

// registered gives an open database what each subject adds to the shared parts:
// what a reference leads to, what search finds, what a decision can bring about,
// and what a bank holiday moves. With the ledgers, the tasks and the checks below it is the one place
// where a subject is named.
func registered(tx *db.Tx) {
	seen.RegisterLookers(tx, lookersOfAll)
	search.RegisterExtractors(tx, extractorsOfAll)
	decisions.RegisterEffects(tx, effectsOfAll)
	holidays.RegisterMovers(tx, []holidays.Mover{scrutiny.MoveClocks, decisions.MoveHolds})
	record.RegisterHiding(tx, hidingOfAll)
	outbox.RegisterForgetters(tx, []outbox.Forgetter{news.ForgetFollows, drafts.Forget})
}

// lookersOfAll are the kinds of reference, by name.
var lookersOfAll = map[string]seen.Looker{
	"decision":        {Find: decisions.Look, Within: nil},
	"decisions":       {Find: decisions.LookAll, Within: nil},
	"gate":            {Find: handover.LookGate, Within: nil},
	"condition":       {Find: handover.LookCondition, Within: nil},
	"slip":            {Find: handover.LookSlip, Within: nil},
	"milestone":       {Find: handover.LookMilestone, Within: nil},
	"bodies":          {Find: handover.LookBodies, Within: nil},
	"accession":       {Find: handover.LookAccession, Within: nil},
	"balance":         {Find: handover.LookDossier(handover.TheBalance), Within: nil},
	"statement":       {Find: handover.LookDossier(handover.TheStatement), Within: nil},
	"schedule":        {Find: handover.LookSchedule, Within: nil},
	"item":            {Find: handover.LookItem, Within: nil},
	"override":        {Find: handover.LookOverride, Within: nil},
	"ownership":       {Find: handover.LookOwnership, Within: nil},
	"register":        {Find: decisions.LookEntry, Within: nil},
	"body":            {Find: register.LookBody, Within: nil},
	"event":           {Find: decisions.LookEvent, Within: nil},
	"record":          {Find: decisions.LookRecord, Within: nil},
	"authority":       {Find: decisions.LookAuthority, Within: nil},
	"delegations":     {Find: decisions.LookDelegations, Within: nil},
	"delegation":      {Find: decisions.LookDelegation, Within: nil},
	"interests":       {Find: decisions.LookInterests, Within: nil},
	"spend":           {Find: report.LookSpend, Within: report.Snapshot},
	"line":            {Find: report.LookLine, Within: report.Snapshot},
	"load":            {Find: report.LookLoad, Within: nil},
	"loads":           {Find: report.LookLoads, Within: nil},
	"supplier":        {Find: report.LookSupplier, Within: report.Snapshot},
	"publication":     {Find: report.LookPublication, Within: report.Snapshot},
	"claim":           {Find: report.LookClaim, Within: nil},
	"claims":          {Find: report.LookClaims, Within: nil},
	"flags":           {Find: report.LookFlags, Within: report.Snapshot},
	"rule":            {Find: report.LookRule, Within: report.Snapshot},
	"rules":           {Find: report.LookRules, Within: nil},
	"question":        {Find: scrutiny.LookQuestion, Within: nil},
	"questions":       {Find: scrutiny.LookList("questions", "Questions"), Within: nil},
	"recommendation":  {Find: scrutiny.LookRecommendation, Within: nil},
	"recommendations": {Find: scrutiny.LookList("recommendations", "Recommendations and undertakings"), Within: nil},
	"committee":       {Find: scrutiny.LookCommittee, Within: nil},
	"committees":      {Find: scrutiny.LookList("committees", "Committees"), Within: nil},
	"meeting":         {Find: scrutiny.LookMeeting, Within: nil},
	"inquiry":         {Find: scrutiny.LookInquiry, Within: nil},
	"inquiries":       {Find: scrutiny.LookList("inquiries", "Inquiries"), Within: nil},
	"evidence":        {Find: scrutiny.LookEvidence, Within: nil},
	"report":          {Find: scrutiny.LookReport, Within: nil},
}

// AskedKinds lists the kinds of reference, in order.
func AskedKinds() []string { return slices.Sorted(maps.Keys(lookersOfAll)) }

// extractorsOfAll make texts of public rows, by topic.
var extractorsOfAll = map[string]search.Extractor{
	"paper":          decisions.Doc,
	"question":       scrutiny.QuestionDoc,
	"said":           scrutiny.SaidDoc,
	"recommendation": scrutiny.RecommendationDoc,
	"committee":      scrutiny.CommitteeDoc,
	"meeting":        scrutiny.MeetingDoc,
	"inquiry":        scrutiny.InquiryDoc,
	"evidence":       scrutiny.EvidenceDoc,
	"report":         scrutiny.ReportDoc,
}

// hidingOfAll is which names are withheld, and what finds texts by their words.
var hidingOfAll = record.Hiding{Names: spend.HiddenNames, Moved: []func(context.Context, *db.Tx, *text.Names, *text.Names) error{
	search.KeepNames, decisions.KeepNames, scrutiny.KeepNames,
}}

// effectsOfAll find what a decision can name, by the kind of effect.
var effectsOfAll = map[authority.EffectKind]decisions.EffectFinder{
	authority.NewBaseline:    handover.MilestoneStands,
	authority.AcceptsItem:    handover.ItemStands,
	authority.WithdrawsALoad: spend.LoadStands,
	authority.AdoptsScheme:   decisions.SchemeStands,
	authority.OverridesIt:    handover.ConditionStands,
	authority.WithdrawsIt:    handover.TheMilestoneStands,
	authority.CorrectsMember: handover.MemberEntryStands,
}

// ledgers are all rows that the record can rebuild, by topic.
var ledgers = []record.Ledger{
	people.PersonLedger, people.AppointmentLedger, people.RequestLedger, register.RegisterLedger, register.ProgrammeLedger,
	handover.AccessionLedger, documents.Ledger, handover.PreparedLedger, handover.CertificateLedger, handover.ItemLedger, handover.MilestoneLedger,
	spend.LoadLedger, spend.RuleLedger, spend.SupplierChangeLedger, spend.WithheldLedger, rejected.Ledger, spend.ExplanationLedger, spend.TieLedger, spend.UnderLedger,
	decisions.SchemeLedger, decisions.Ledger, decisions.PaperLedger, decisions.BallotLedger,
	decisions.DelegationLedger, decisions.InterestLedger, handover.OverrideLedger, scrutiny.CommitteeLedger, scrutiny.ChargeLedger, scrutiny.QuestionLedger, scrutiny.SaidLedger,
	scrutiny.MeetingLedger, scrutiny.InquiryLedger, scrutiny.EvidenceLedger, scrutiny.EvidenceTextLedger, scrutiny.ReportLedger, scrutiny.RecommendationLedger, holidays.Ledger, holidays.ProposalLedger,
}

// single are the tables of one row.
var single = []record.Table{onlyRow("record_head"), onlyRow("search_state")}

func onlyRow(table string) record.Table {
	return record.Table{Name: table, Columns: "id", Want: func(_ context.Context, _ *record.Checker, row func(...any)) error { row(1); return nil }}
}

// tables are the tables that verify holds column by column, beside the ledgers.
var tables = slices.Concat(single, holidays.Tables, people.Tables, register.Tables, documents.Tables, handover.Tables, decisions.Tables, scrutiny.Tables, audit.Tables, rejected.Tables)

// checks are what verify holds to the record beside its rows, in order.
var checks = []func(context.Context, *record.Checker) error{
	func(ctx context.Context, c *record.Checker) error { return c.Seals(ctx) },
	func(ctx context.Context, c *record.Checker) error { return c.Names(ctx) },
	documents.Check,
	func(ctx context.Context, c *record.Checker) error { return c.Rows(ctx, ledgers) },
	func(ctx context.Context, c *record.Checker) error { return c.Tables(ctx, tables) },
	spend.CheckLoads,
	checkSearch,
	checkEngine,
	scrutiny.CheckCounts,
}

// tasked are the tasks of an office that are read for themselves, beside those
// that follow from the handover.
var tasked = []func(context.Context, *db.Tx, office.Viewer) ([]office.Task, error){
	drafts.Tasks, people.Tasks, holidays.Tasks, decisions.Tasks, scrutiny.QuestionTasks, scrutiny.CommitteeTasks, scrutiny.InquiryTasks, scrutiny.RecommendationTasks,
}
