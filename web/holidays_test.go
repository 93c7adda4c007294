package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
)

// wedding is the form of a bank holiday on a working day.
var wedding = []string{"day", "6", "day-month", "2", "day-year", "2013", "name", "Bank holiday for a wedding (sample)", "source", "Proclamation of 10 January 2013 (sample)"}

func TestAnAdministratorAddsABankHolidayAndSeesWhatItMoves(t *testing.T) {
	q := inquire(t)
	const list, add, remove = "/bank-holidays", "/bank-holidays/new", "/bank-holidays/2013-02-06/remove"
	admin, second := q.keyed(t, office.Administrator, office.TheCompany), keyed(t, q.Server, office.Administrator, office.TheCompany)
	confirms := func(w *httptest.ResponseRecorder, to string) { // the second administrator
		t.Helper()
		at := w.Header().Get("Location")
		says(t, admin.do(200, "GET", at), "another person must confirm it", "Deadlines that move")
		admin.do(403, "POST", at+"/confirm", "again", people.SamplePassword)
		q.officer.do(403, "GET", at)
		says(t, second.do(200, "GET", "/work"), at)
		says(t, second.do(200, "GET", at), "Deadlines that move", "Your password, again")
		second.do(422, "POST", at+"/confirm", "again", "wrong")
		goes(t, second.do(303, "POST", at+"/confirm", "again", people.SamplePassword), to)
		second.do(409, "POST", at+"/confirm", "again", people.SamplePassword)
	}
	q.chair.do(303, "POST", "/questions/new", sure(asksWhy())...)
	q.chair.do(303, "POST", "/questions/new", sure(asksWhy("named", "6", "named-month", "2", "named-year", "2013"))...)
	says(t, q.stranger.do(200, "GET", firstQuestion), "The answer is due by 11 February 2013.")
	says(t, q.stranger.do(200, "GET", list), "Good Friday", "Included in the portal", `href="/bank-holidays.csv"`, "England and Wales")
	says(t, q.stranger.do(200, "GET", "/help/words"), `href="/bank-holidays"`)
	for name, b := range map[string]at{"the chair": q.chair, "an officer": q.officer, "the secretary": q.secretary} {
		for _, path := range []string{add, remove} {
			b.do(403, "GET", path)
			if w := b.do(403, "POST", path, surely(wedding...)...); strings.Contains(w.Body.String(), "Deadlines that move") {
				t.Errorf("%s sees what would move", name)
			}
		}
	}
	goes(t, q.stranger.do(303, "GET", add), "/sign-in?to=%2Fbank-holidays%2Fnew")
	says(t, admin.do(200, "GET", list), "Add a bank holiday")
	admin.do(200, "GET", add)

	for want, typed := range map[string][]string{
		"You can no longer add this: 11 January 2013 has passed. Choose a day after 14 January 2013.":              replaced(wedding, "day", "11", "day-month", "1"),
		"You can no longer add this: 14 January 2013 is today. Choose a day after 14 January 2013.":                replaced(wedding, "day", "14", "day-month", "1"),
		"Saturday 9 February 2013 is not a working day. Enter the working day on which the bank holiday is taken.": replaced(wedding, "day", "9"),
		"29 March 2013 is already a bank holiday: Good Friday.":                                                    replaced(wedding, "day", "29", "day-month", "3"),
		"Check the date.": replaced(wedding, "day", "31"),
		"Enter the date as numbers, for example 16 7 2012": replaced(wedding, "day", "six"),
		"Choose a day before the end of 31 December 2035.": replaced(wedding, "day", "2", "day-month", "1", "day-year", "2036"),
	} {
		w := admin.do(422, "POST", add, typed...)
		says(t, w, want, `value="Bank holiday for a wedding (sample)"`, `value="Proclamation of 10 January 2013 (sample)"`)
		says(t, admin.do(422, "POST", add, surely(typed...)...), want)
	}
	says(t, admin.do(422, "POST", add), "3 things to correct", `href="#day"`, `href="#name"`, `href="#source"`)

	says(t, admin.do(200, "POST", add, wedding...), "Nothing has been recorded yet", "Wednesday 6 February 2013", "4 deadlines move", "Question 2013-001: Why did hosting rise?",
		"The answer is due", "Monday 11 February 2013", "Tuesday 12 February 2013", "It is long overdue after", "Monday 11 March 2013", "Tuesday 12 March 2013")
	says(t, q.stranger.do(200, "GET", firstQuestion), "The answer is due by 11 February 2013.")
	says(t, admin.do(422, "POST", add, append(sure(wedding), "again", "wrong")...), `id="again-fault"`)
	waits := admin.do(303, "POST", add, surely(wedding...)...)
	says(t, q.stranger.do(200, "GET", firstQuestion), "The answer is due by 11 February 2013.")
	says(t, q.stranger.do(200, "GET", list), "Waiting for a second administrator", "Add a bank holiday on 6 February 2013")
	says(t, q.stranger.do(200, "GET", list+".json"), `"status": "proposed"`)
	confirms(waits, "/bank-holidays#2013-02-06")
	says(t, q.stranger.do(200, "GET", firstQuestion), "The answer is due by 12 February 2013.", "20 working days after it was asked")
	says(t, q.stranger.do(200, "GET", "/questions/2013-002"), "The answer is due by 7 February 2013.", "the next working day after 6 February 2013. The questioner asked for that day, which has since become a bank holiday.")
	says(t, admin.do(422, "POST", add, surely(wedding...)...), "6 February 2013 is already a bank holiday: Bank holiday for a wedding (sample).")
	says(t, q.chair.do(422, "POST", "/questions/new", asksWhy("named", "6", "named-month", "2", "named-year", "2013")...), "6 February 2013 is not a working day")

	says(t, q.stranger.do(200, "GET", list), "Wednesday 6 February 2013", "Proclamation of 10 January 2013 (sample)", "Police ICT Company")
	says(t, q.stranger.do(200, "GET", list+".csv"), "day,name,source,added_on,added_by,event\r\n", "2013-02-06,Bank holiday for a wedding (sample),Proclamation of 10 January 2013 (sample),2013-01-14,", "2010-01-01,")
	says(t, q.stranger.do(200, "GET", list+".json"), `"day": "2013-02-06"`, `"added": null`, `"removed": []`)
	says(t, q.stranger.do(200, "GET", list+".atom"), "Bank holiday added")
	says(t, q.stranger.do(200, "GET", list+"?years=all"), "Show only this year and next", "2035")
	says(t, q.stranger.do(422, "GET", list+"?years=some"), "“years” can only be “all”")
	says(t, q.stranger.do(200, "GET", "/record"), "added the bank holiday of 6 February 2013.", "moved the deadline of question")
	event := found(t, q.stranger.do(200, "GET", list), `/record/(\d+)"`)
	says(t, q.stranger.do(200, "GET", "/record/"+event), "Deadlines that moved", `href="/questions/2013-001"`, "the answer is due 12 February 2013, before 11 February 2013.")

	says(t, admin.do(200, "GET", list), `href="`+remove+`"`)
	says(t, admin.do(200, "GET", remove), "Reason")
	admin.do(422, "POST", remove, "reason", "")
	says(t, admin.do(200, "POST", remove, "reason", "It was never proclaimed."), "4 deadlines move", "Tuesday 12 February 2013")
	confirms(admin.do(303, "POST", remove, surely("reason", "It was never proclaimed.")...), list)
	says(t, q.stranger.do(200, "GET", firstQuestion), "The answer is due by 11 February 2013.")
	says(t, q.stranger.do(200, "GET", list), `id="removed"`, "Removed 14 January 2013 by", "It was never proclaimed.")
	admin.do(404, "GET", remove)
	admin.do(404, "GET", "/bank-holidays/soon/remove")
	confirms(admin.do(303, "POST", add, surely(wedding...)...), "/bank-holidays#2013-02-06")
	says(t, q.stranger.do(200, "GET", firstQuestion), "The answer is due by 12 February 2013.")
}
