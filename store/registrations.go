package store

import (
	"context"
	"maps"
	"slices"
)

// registered gives an open database what each subject adds to the shared parts:
// what a reference leads to, what search finds, and what a decision can bring
// about. With the ledgers, the tasks and the checks below it is the one place
// where a subject is named.
func registered(s *Store) {
	RegisterLookers(s, lookersOfAll)
	RegisterExtractors(s, extractorsOfAll)
	RegisterEffects(s, effectsOfAll)
}

// lookersOfAll are the kinds of reference, by name.
var lookersOfAll = map[string]looker{
	"decision":        {lookDecision, nil},
	"decisions":       {lookDecisions, nil},
	"gate":            {lookGate, nil},
	"condition":       {lookCondition, nil},
	"slip":            {lookSlip, nil},
	"milestone":       {lookMilestone, nil},
	"bodies":          {lookBodies, nil},
	"accession":       {lookAccession, nil},
	"balance":         {lookDossier(TheBalance), nil},
	"statement":       {lookDossier(TheStatement), nil},
	"schedule":        {lookSchedule, nil},
	"item":            {lookItem, nil},
	"override":        {lookOverride, nil},
	"ownership":       {lookOwnership, nil},
	"register":        {lookEntry, nil},
	"body":            {lookBody, nil},
	"event":           {lookEvent, nil},
	"record":          {lookRecord, nil},
	"authority":       {lookAuthority, nil},
	"delegations":     {lookDelegations, nil},
	"delegation":      {lookDelegation, nil},
	"interests":       {lookInterests, nil},
	"spend":           {lookSpend, withCube},
	"line":            {lookLine, withCube},
	"load":            {lookLoad, nil},
	"loads":           {lookLoads, nil},
	"supplier":        {lookSupplier, withCube},
	"publication":     {lookPublication, withCube},
	"claim":           {lookClaim, nil},
	"claims":          {lookClaims, nil},
	"flags":           {lookFlags, withCube},
	"rule":            {lookRule, withCube},
	"rules":           {lookRules, nil},
	"question":        {lookQuestion, nil},
	"recommendation":  {lookRecommendation, nil},
	"recommendations": {lookList("recommendations", "Recommendations and undertakings"), nil},
	"committee":       {lookCommittee, nil},
	"committees":      {lookList("committees", "Committees"), nil},
	"meeting":         {lookMeeting, nil},
	"inquiry":         {lookInquiry, nil},
	"inquiries":       {lookList("inquiries", "Inquiries"), nil},
	"evidence":        {lookEvidence, nil},
	"report":          {lookReport, nil},
}

// AskedKinds lists the kinds of reference, in order.
func AskedKinds() []string { return slices.Sorted(maps.Keys(lookersOfAll)) }

// extractorsOfAll make texts of public rows, by topic.
var extractorsOfAll = map[string]extractor{
	"paper":          paperDoc,
	"question":       questionDoc,
	"said":           saidDoc,
	"recommendation": recommendationDoc,
	"committee":      committeeDoc,
	"meeting":        meetingDoc,
	"inquiry":        inquiryDoc,
	"evidence":       evidenceDoc,
	"report":         reportDoc,
}

// effectsOfAll find what a decision can name, by the kind of effect.
var effectsOfAll = map[EffectKind]effectFinder{
	NewBaseline:    milestoneStands,
	AcceptsItem:    itemStands,
	WithdrawsALoad: loadStands,
	AdoptsScheme:   schemeStands,
	OverridesIt:    conditionStands,
}

// ledgers are all rows that the record can rebuild, by topic.
var ledgers = []ledger{
	personLedger, appointmentLedger, registerLedger, programmeLedger,
	accessionLedger, documentLedger, preparedLedger, certificateLedger, itemLedger, milestoneLedger,
	loadLedger, ruleLedger, supplierChangeLedger, withheldLedger, explanationLedger, tieLedger, underLedger,
	schemeLedger, decisionLedger, paperLedger, ballotLedger,
	delegationLedger, interestLedger, overrideLedger, committeeLedger, chargeLedger, questionLedger, saidLedger,
	meetingLedger, inquiryLedger, evidenceLedger, evidenceTextLedger, reportLedger, recommendationLedger,
}

// checks are what verify holds to the record beside its rows, in order.
var checks = []func(context.Context, *checker) error{
	func(ctx context.Context, c *checker) error { return c.seals(ctx) },
	func(ctx context.Context, c *checker) error { return c.names(ctx) },
	func(ctx context.Context, c *checker) error { return c.papers(ctx) },
	func(ctx context.Context, c *checker) error { return c.rows(ctx, ledgers) },
	func(ctx context.Context, c *checker) error { return c.loads(ctx) },
	func(ctx context.Context, c *checker) error { return c.counted(ctx) },
}

// tasked are the tasks of an office that are read for themselves, beside those
// that follow from the handover.
var tasked = []func(*Store, context.Context, Viewer) ([]Task, error){
	(*Store).confirmTasks, (*Store).decisionTasks, (*Store).questionTasks, (*Store).committeeTasks, (*Store).inquiryTasks, (*Store).recommendationTasks,
}
