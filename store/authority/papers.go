package authority

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Option is one of the options that a paper considers.
type Option struct {
	Text   string      `json:"text"`
	Cost   money.Pence `json:"cost_pence,omitempty"`
	Costed bool        `json:"costed,omitempty"` // false is "not costed"
	Chosen bool        `json:"chosen,omitempty"`
}

// Effect is something that a decision lets somebody do, once.
type Effect struct {
	Kind    EffectKind `json:"kind"`
	Subject string     `json:"subject"`         // milestone/3, item/4, condition/deeds, scheme/2, load/31
	Value   string     `json:"value,omitempty"` // the day of a baseline, the hash of a scheme
	Used    int64      `json:"used,omitempty"`  // event of the act done under it
}

// Paper is what is put to those who decide: its text and its figures. The open
// part is Part 1. Of Part 2 it holds the ground, the day on which it is looked
// at again, and a commitment to its text.
type Paper struct {
	Title          string      `json:"title"`
	Summary        string      `json:"summary"`
	Recommendation string      `json:"recommendation"`
	Reasons        string      `json:"reasons"`
	Options        []Option    `json:"options,omitempty"`
	Financial      string      `json:"financial"`
	Legal          string      `json:"legal"`
	Equality       string      `json:"equality"`
	Welsh          string      `json:"welsh"`
	Risk           string      `json:"risk"`
	Background     string      `json:"background,omitempty"` // background papers, one to a line
	Contract       string      `json:"contract,omitempty"`
	Supplier       string      `json:"supplier,omitempty"`
	Company        string      `json:"company_number,omitempty"`
	Amount         money.Pence `json:"amount_pence,omitempty"` // of this decision alone
	Whole          money.Pence `json:"whole_life_pence,omitempty"`
	Benefit        string      `json:"benefit,omitempty"`
	BenefitAmount  money.Pence `json:"benefit_pence_a_year,omitempty"`
	BenefitFrom    civil.Day   `json:"benefit_from,omitempty"`
	BenefitMeasure string      `json:"benefit_measure,omitempty"`
	Effective      civil.Day   `json:"effective_from,omitempty"` // not to be implemented before
	Effects        []Effect    `json:"effects,omitempty"`
	Ground         string      `json:"part_2_ground,omitempty"`
	Review         civil.Day   `json:"part_2_review,omitempty"`
	Commitment     string      `json:"part_2_commitment,omitempty"` // hex SHA-256 of salt and text
}

// Part2 is the restricted part of a paper, with the salt of its commitment.
type Part2 struct {
	Salt string `json:"salt"` // hex
	Text string `json:"text"`
}

// Commitment is what the paper says of the restricted part.
func (p Part2) Commitment() string {
	salt, err := hex.DecodeString(p.Salt)
	if err != nil || p.Text == "" {
		return ""
	}
	return record.Commitment(salt, []byte(p.Text))
}

// Part2Grounds are the grounds on which a part of a paper is restricted, after the
// categories of exempt information (Local Government Act 1972, Schedule 12A).
var Part2Grounds = []string{"Commercial interests", "An individual, or who they are", "Legal professional privilege", "Labour relations", "Prevention or investigation of crime"}

// Hash is the hex SHA-256 of the paper with its figures. Every view, approval
// and vote binds it.
func (p Paper) Hash() (string, error) {
	bare := p
	bare.Effects = nil
	for _, e := range p.Effects {
		e.Used = 0 // that it was used is no part of what was decided
		bare.Effects = append(bare.Effects, e)
	}
	b, err := text.Canonical(bare)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// Companies are the company numbers of the suppliers on the paper.
func (p Paper) Companies() []string {
	if p.Company == "" {
		return nil
	}
	return []string{p.Company}
}

// PaperVersion is one version of a decision's paper.
type PaperVersion struct {
	Decision int64     `json:"decision"`
	Version  int64     `json:"version"`
	Hash     string    `json:"hash,omitempty"` // none while a draft
	By       int64     `json:"by"`
	On       civil.Day `json:"on"`
	Why      string    `json:"why,omitempty"`          // of a change
	Part2N   int64     `json:"part_2_event,omitempty"` // the event that holds Part 2 sealed
	Released int64     `json:"released_event,omitempty"`
	Paper    *Paper    `json:"paper,omitempty"` // nil while a draft, whose words are sealed
	Urgent   string    `json:"-"`               // ground of urgency of a draft, sealed with its words
	N        int64     `json:"-"`
}

// Thing names the version of the paper in the record.
func (v PaperVersion) Thing() string { return fmt.Sprintf("paper/%d-%d", v.Decision, v.Version) }

// Difference is one field in which two versions of a paper differ.
type Difference struct{ Field, Old, New string }

// Diff lists the fields in which the paper p differs from an older one.
func (p Paper) Diff(old Paper) (all []Difference) {
	is, was := p.fields(), old.fields()
	for i, f := range is {
		if f.New != was[i].New {
			all = append(all, Difference{f.Field, was[i].New, f.New})
		}
	}
	return all
}

// fields are the fields of a paper in words, in the order of its page.
func (p Paper) fields() []Difference {
	money := func(n money.Pence) string {
		if n == 0 {
			return ""
		}
		return n.String()
	}
	var options, effects []string
	for _, o := range p.Options {
		words := o.Text
		if o.Costed {
			words += ": " + o.Cost.String()
		}
		if o.Chosen {
			words += " (chosen)"
		}
		options = append(options, words)
	}
	for _, e := range p.Effects {
		effects = append(effects, e.Words())
	}
	return []Difference{
		{"Title", "", p.Title}, {"Summary", "", p.Summary}, {"Decision", "", p.Recommendation}, {"Reasons", "", p.Reasons},
		{"Options considered", "", strings.Join(options, "\n")}, {"Cost of this decision", "", money(p.Amount)}, {"Whole-life value", "", money(p.Whole)},
		{"Supplier", "", p.Supplier}, {"Company number", "", p.Company}, {"Contract reference", "", p.Contract},
		{"Expected benefit", "", p.Benefit}, {"Benefit per year", "", money(p.BenefitAmount)}, {"Benefit from", "", p.BenefitFrom.String()}, {"How the benefit is measured", "", p.BenefitMeasure},
		{"Financial implications", "", p.Financial}, {"Legal implications", "", p.Legal}, {"Equality implications", "", p.Equality},
		{"Welsh language implications", "", p.Welsh}, {"Risk implications", "", p.Risk}, {"Background papers", "", p.Background},
		{"May be implemented from", "", p.Effective.String()}, {"What this decision allows", "", strings.Join(effects, "\n")},
		{"Ground for Part 2", "", p.Ground}, {"Part 2 review date", "", p.Review.String()}, {"Fingerprint of Part 2", "", p.Commitment},
	}
}

// Words says what an effect lets somebody do.
func (e Effect) Words() string {
	topic, id, _ := strings.Cut(e.Subject, "/")
	switch e.Kind {
	case NewBaseline:
		return fmt.Sprintf("A new baseline of milestone %s: %s", id, civil.Day(e.Value))
	case AcceptsItem:
		return fmt.Sprintf("The exception of item %s of the schedule is accepted", id)
	case OverridesIt:
		return fmt.Sprintf("The condition “%s” of the handover is overridden", id)
	case AdoptsScheme:
		return fmt.Sprintf("Version %s of the scheme of authority is adopted", id)
	case WithdrawsALoad:
		return fmt.Sprintf("Source file %s is withdrawn", id)
	case WithdrawsIt:
		return fmt.Sprintf("Milestone %s of the handover is withdrawn", id)
	case CorrectsMember:
		if e.Value == StrikesOut {
			return fmt.Sprintf("Entry %s of the register of members is struck out", id)
		}
		return fmt.Sprintf("Entry %s of the register of members is corrected", id)
	}
	return topic + " " + id
}

// Check tidies a paper and says what is wrong with it. A draft may be unfinished.
func (p Paper) Check(m Matter, part2 string, finished bool) (Paper, error) {
	var f fault.Faults
	p.Title, p.Supplier, p.Contract, p.BenefitMeasure = text.OneLine(p.Title), text.OneLine(p.Supplier), text.OneLine(p.Contract), text.OneLine(p.BenefitMeasure)
	text.Tidy(&f, "title", "a title", p.Title, true, 160)
	for _, t := range []struct {
		field, label string
		v            *string
		need         bool
	}{
		{"summary", "a summary", &p.Summary, finished}, {"recommendation", "the recommendation", &p.Recommendation, finished}, {"reasons", "the reasons", &p.Reasons, finished},
		{"financial", "the financial implications", &p.Financial, finished}, {"legal", "the legal implications", &p.Legal, finished},
		{"equality", "the equality implications", &p.Equality, finished}, {"welsh", "the Welsh language implications", &p.Welsh, finished},
		{"risk", "the risk implications", &p.Risk, finished}, {"background", "the background papers", &p.Background, false}, {"benefit", "the expected benefit", &p.Benefit, false},
	} {
		*t.v = text.Paragraphs(*t.v)
		text.Tidy(&f, t.field, t.label, *t.v, t.need, 5000)
	}
	text.Tidy(&f, "supplier", "the supplier’s name", p.Supplier, false, 160)
	text.Tidy(&f, "contract", "the contract reference", p.Contract, false, 80)
	text.Tidy(&f, "measure", "the measure of the benefit", p.BenefitMeasure, false, 200)
	p.checkFigures(&f, m, finished)
	p.checkOptions(&f, finished)
	p.checkEffects(&f, m, finished)
	p.checkPart2(&f, part2)
	return p, f.Err()
}

func (p *Paper) checkFigures(f *fault.Faults, m Matter, finished bool) {
	if p.Company != "" {
		number, ok := text.CompanyNumber(p.Company)
		if !ok {
			f.Add("company", "%q is not a company number. Enter eight characters, like 01234567 or SC123456.", text.Short(p.Company))
		}
		p.Company = number
	}
	switch {
	case p.Whole < 0 || p.Amount < 0 || p.BenefitAmount < 0:
		f.Add("whole", "Enter an amount of £0 or more.")
	case p.Whole > money.MaxValue || p.Amount > money.MaxValue || p.BenefitAmount > money.MaxValue:
		f.Add("whole", "Enter an amount of %s or less.", money.MaxValue)
	case finished && m.Valued && p.Whole == 0:
		f.Add("whole", "Enter the whole-life value, including every possible extension.")
	case p.Amount > p.Whole && m.Valued:
		f.Add("whole", "The whole-life value must be at least the amount of this decision.")
	}
	if finished && m.Valued && p.Supplier != "" && p.Company == "" {
		f.Add("company", "Enter the supplier’s company number. Interests are matched by this number.")
	}
	for _, d := range []struct {
		field string
		day   civil.Day
	}{{"benefit-from", p.BenefitFrom}, {"effective", p.Effective}, {"review", p.Review}} {
		if d.day != "" {
			civil.CheckDay(f, d.field, "the day", d.day)
		}
	}
}

func (p *Paper) checkOptions(f *fault.Faults, finished bool) {
	chosen := 0
	p.Options = slices.DeleteFunc(slices.Clone(p.Options), func(o Option) bool { return strings.TrimSpace(o.Text) == "" })
	for i, o := range p.Options {
		p.Options[i].Text = text.OneLine(o.Text)
		text.Tidy(f, "options", "each option", o.Text, true, 500)
		if o.Cost < -money.MaxValue || o.Cost > money.MaxValue {
			f.Add("options", "Enter costs of %s or less.", money.MaxValue)
		}
		if o.Chosen {
			chosen++
		}
	}
	switch {
	case len(p.Options) > 12:
		f.Add("options", "Enter 12 options or fewer.")
	case finished && len(p.Options) < 2:
		f.Add("options", "Enter at least two options. Doing nothing is an option.")
	case finished && chosen != 1:
		f.Add("options", "Choose the recommended option.")
	}
}

var effectSubjects = map[EffectKind]string{NewBaseline: "milestone", AcceptsItem: "item", OverridesIt: "condition", AdoptsScheme: "scheme", WithdrawsALoad: "load",
	WithdrawsIt: "milestone", CorrectsMember: "entry"}

// What a decision lets the company secretary do to an entry of the register.
const (
	StrikesOut = "struck"
	Corrects   = "corrected"
)

func (p *Paper) checkEffects(f *fault.Faults, m Matter, finished bool) {
	for _, e := range p.Effects {
		topic, id, _ := strings.Cut(e.Subject, "/")
		if e.Kind != m.Effect || topic != effectSubjects[e.Kind] || id == "" {
			f.Add("subject", "This type of decision must refer to %s.", EffectNamed[m.Effect])
		}
		if e.Kind == NewBaseline {
			civil.CheckDay(f, "value", "the new baseline", civil.Day(e.Value))
		}
		if e.Kind == CorrectsMember && e.Value != StrikesOut && e.Value != Corrects {
			f.Add("value", "Choose whether to correct the entry or strike it out.")
		}
	}
	if finished && m.Effect != "" && len(p.Effects) == 0 {
		f.Add("subject", "Enter %s.", EffectNamed[m.Effect])
	}
}

// Topic is what the subject of an effect is: the “milestone” of milestone/3.
func (k EffectKind) Topic() string { return effectSubjects[k] }

// EffectNamed is what each kind of effect names, in words.
var EffectNamed = map[EffectKind]string{
	"": "nothing", NewBaseline: "a milestone and its new baseline", AcceptsItem: "an item of the schedule",
	OverridesIt: "a condition of the handover", AdoptsScheme: "a version of the scheme", WithdrawsALoad: "a source file",
	WithdrawsIt: "the milestone of the handover", CorrectsMember: "an entry in the register of members, and whether to correct it or strike it out",
}

func (p *Paper) checkPart2(f *fault.Faults, part2 string) {
	text.Tidy(f, "part2", "Part 2", part2, false, 20_000)
	switch {
	case strings.TrimSpace(part2) == "" && (p.Ground != "" || p.Review != ""):
		f.Add("part2", "Enter the text of Part 2, or remove its ground and review date.")
	case strings.TrimSpace(part2) == "":
	case !slices.Contains(Part2Grounds, p.Ground):
		f.Add("ground", "Choose the ground for restricting Part 2.")
	case p.Review == "":
		f.Add("review", "Enter the date when Part 2 will be reviewed for release.")
	}
}
