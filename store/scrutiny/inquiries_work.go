package scrutiny

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
)

// InquiryTasks are what waits for the clerk of a committee in its inquiries,
// and in those that it has from a committee whose mandate ended.
func InquiryTasks(ctx context.Context, tx *db.Tx, v office.Viewer) (tasks []office.Task, err error) {
	if !v.Can(office.SitOnCommittees) {
		return nil, nil
	}
	today := civil.DayOf(tx.Now())
	all, err := AllCommittees(ctx, tx)
	for _, opener := range all.Sorted() {
		c := all.Holding(opener.Slug, today)
		if c.May(v, today, SeatClerk) != nil {
			continue
		}
		closed, err := closedCalls(ctx, tx, opener.Slug, c, today)
		if err != nil {
			return nil, err
		}
		kept, err := keptTooLong(ctx, tx, opener.Slug, c, today)
		if err != nil {
			return nil, err
		}
		tasks = append(append(tasks, closed...), kept...)
	}
	return tasks, err
}

// closedCalls are the inquiries of a committee whose call has closed, and whose
// report nobody has begun.
func closedCalls(ctx context.Context, tx *db.Tx, opener string, holder Committee, today civil.Day) (tasks []office.Task, err error) {
	all, err := db.List(ctx, tx, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i WHERE i.committee = $1 AND i.status = 'called' AND i.closes < $2
		AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.inquiry = i.slug) ORDER BY i.closes, i.seq LIMIT 50`, opener, today)
	for _, i := range all {
		tasks = append(tasks, office.Task{Title: "Draft the report of the inquiry: " + i.Title, Verb: "Draft the report", Href: i.Href() + "/report/draft",
			Why: fmt.Sprintf("You are the clerk of the %s. The call for evidence closed on %s, and no report has been drafted.", holder.Name, i.Closes)})
	}
	return tasks, err
}

// keptTooLong is the evidence to a committee whose confidence was to be looked
// at again by a day that has passed.
func keptTooLong(ctx context.Context, tx *db.Tx, opener string, holder Committee, today civil.Day) (tasks []office.Task, err error) {
	all, err := db.List(ctx, tx, scanSubmission, `SELECT `+evidenceCols+` FROM evidence e JOIN inquiries i ON i.slug = e.inquiry
		WHERE i.committee = $1 AND e.status = 'confidential' AND e.review < $2 ORDER BY e.review, e.inquiry, e.number LIMIT 50`, opener, today)
	for _, e := range all {
		tasks = append(tasks, office.Task{Title: fmt.Sprintf("Review confidential evidence %d of %s", e.Number, e.Inquiry), Verb: "Review the evidence", Due: e.Review, Href: e.Href(),
			Why: fmt.Sprintf("You are the clerk of the %s. It was due to be reviewed by %s. Publish it, or keep it confidential with a reason.", holder.Name, e.Review)})
	}
	return tasks, err
}
