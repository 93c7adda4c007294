package scrutiny

import (
	"context"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/db"
)

// Cited is a finding of a published report.
type Cited struct {
	Finding
	Number int    // within the report, from 1
	Report string // its address
}

// OfDecision is what scrutiny asked, found and recommended about a decision.
type OfDecision struct {
	Questions       []Question // newest first
	Findings        []Cited
	Recommendations []Recommendation // newest first
}

// None reports whether scrutiny has said nothing about it.
func (o OfDecision) None() bool {
	return len(o.Questions)+len(o.Findings)+len(o.Recommendations) == 0
}

// ofDecisionMost is how many questions and how many recommendations are shown.
const ofDecisionMost = 20

// ReadOfDecision reads what scrutiny said about the decision with a reference.
func ReadOfDecision(ctx context.Context, tx *db.Tx, ref string) (o OfDecision, err error) {
	subject := "decision/" + ref
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if o.Questions, _, err = questions(ctx, tx, QuestionFilter{About: subject}, ofDecisionMost); err != nil {
			return err
		}
		o.Recommendations, err = db.List(ctx, tx, scanRecommendation, fmt.Sprintf(`SELECT %s FROM recommendations r WHERE r.recommendation LIKE $1 OR r.recommendation LIKE $2 ORDER BY r.id DESC LIMIT %d`, recommendationCols, ofDecisionMost),
			`%"decision":"`+ref+`"%`, `%"href":"/decisions/`+ref+`"%`)
		if err != nil {
			return err
		}
		reports, err := db.List(ctx, tx, scanReport, `SELECT `+reportCols+` FROM reports r WHERE r.status = $1 AND r.report LIKE $2 ORDER BY r.inquiry`, string(ReportPublished), `%"`+subject+`"%`)
		for _, r := range reports {
			o.Findings = append(o.Findings, r.citing(subject)...)
		}
		return err
	})
	return o, err
}

// citing are the findings of a report that cite a figure.
func (r Report) citing(subject string) (all []Cited) {
	if r.ReportText == nil {
		return nil
	}
	for i, f := range r.Findings {
		for _, g := range f.Figures {
			if g.Ref == subject {
				all = append(all, Cited{f, i + 1, r.Href()})
				break
			}
		}
	}
	return slices.Clip(all)
}
