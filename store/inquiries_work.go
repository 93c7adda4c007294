package store

import (
	"context"
	"fmt"
)

// inquiryTasks are what waits for the clerk of a committee in its inquiries,
// and in those that it has from a committee whose mandate ended.
func (s *Store) inquiryTasks(ctx context.Context, v Viewer) (tasks []Task, err error) {
	if !v.Can(SitOnCommittees) {
		return nil, nil
	}
	today := DayOf(s.Now())
	all, err := s.Committees(ctx)
	for _, opener := range all.Sorted() {
		c := all.Holding(opener.Slug, today)
		if c.May(v, today, SeatClerk) != nil {
			continue
		}
		closed, err := s.closedCalls(ctx, opener.Slug, c, today)
		if err != nil {
			return nil, err
		}
		kept, err := s.keptTooLong(ctx, opener.Slug, c, today)
		if err != nil {
			return nil, err
		}
		tasks = append(append(tasks, closed...), kept...)
	}
	return tasks, err
}

// closedCalls are the inquiries of a committee whose call has closed, and whose
// report nobody has begun.
func (s *Store) closedCalls(ctx context.Context, opener string, holder Committee, today Day) (tasks []Task, err error) {
	all, err := list(ctx, s, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i WHERE i.committee = $1 AND i.status = 'called' AND i.closes < $2
		AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.inquiry = i.slug) ORDER BY i.closes, i.seq LIMIT 50`, opener, today)
	for _, i := range all {
		tasks = append(tasks, Task{Title: "Begin the report of the inquiry: " + i.Title, Verb: "Write it", Href: i.Href() + "/report/draft",
			Why: fmt.Sprintf("You are the clerk of the %s. The call for evidence closed on %s, and no report is drafted.", holder.Name, i.Closes)})
	}
	return tasks, err
}

// keptTooLong is the evidence to a committee whose confidence was to be looked
// at again by a day that has passed.
func (s *Store) keptTooLong(ctx context.Context, opener string, holder Committee, today Day) (tasks []Task, err error) {
	all, err := list(ctx, s, scanSubmission, `SELECT `+evidenceCols+` FROM evidence e JOIN inquiries i ON i.slug = e.inquiry
		WHERE i.committee = $1 AND e.status = 'confidential' AND e.review < $2 ORDER BY e.review, e.inquiry, e.number LIMIT 50`, opener, today)
	for _, e := range all {
		tasks = append(tasks, Task{Title: fmt.Sprintf("Look again at confidential evidence %d of %s", e.Number, e.Inquiry), Verb: "Look again", Due: e.Review, Href: e.Href(),
			Why: fmt.Sprintf("You are the clerk of the %s. It was to be looked at again by %s: publish it, or keep it confidential with a reason.", holder.Name, e.Review)})
	}
	return tasks, err
}
