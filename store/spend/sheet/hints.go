package sheet

import (
	"fmt"
	"strings"
	"time"
)

// monthsNamed are the months that a name or a title tells of, such as
// "Spend over £500, June 2012", "payments-2012-06" or "apr-jun 2012"; none where
// it tells of none beyond doubt. A financial year, 2011-12, is no month.
func monthsNamed(text string) map[int]bool {
	var t []string
	for i := 0; i < len(text); {
		k := class(text[i])
		j := i + 1
		for j < len(text) && class(text[j]) == k {
			j++
		}
		if k != 0 {
			t = append(t, text[i:j])
		}
		i = j
	}
	all := map[int]bool{}
	for i := 0; i < len(t); i++ {
		if m := monthWord(t[i]); m > 0 {
			i = addNamed(all, t, i, m)
			continue
		}
		addFigures(all, t, i)
	}
	return all
}

// monthWord is the month that a word names; "mar" and "may" are no words of
// another meaning in the name of a file of payments.
func monthWord(s string) int {
	if len(s) == 4 && strings.EqualFold(s, "sept") {
		return int(time.September)
	}
	if m := monthNamed(s); m > 0 && (len(s) == 3 || len(s) == len(time.Month(m).String())) {
		return m
	}
	return 0
}

// addNamed adds a month, or the months from one to another, with the year that
// stands after them or right before them. It returns the last token used.
func addNamed(all map[int]bool, t []string, i, first int) int {
	last, at := first, i
	for k := i + 1; k < len(t) && k <= i+2; k++ {
		if m := monthWord(t[k]); m > 0 {
			last, at = m, k
			break
		}
		if w := strings.ToLower(t[k]); w != "to" && w != "and" {
			break
		}
	}
	y := 0
	if at+1 < len(t) && isDigits(t[at+1]) {
		y = year(t[at+1])
		at++
	} else if i > 0 && isDigits(t[i-1]) && len(t[i-1]) == 4 {
		y = year(t[i-1])
	}
	from, to := y*12+first-1, y*12+last-1
	if last < first {
		from -= 12
	}
	if y < firstYear || y > lastYear || to-from > 11 {
		return at
	}
	for m := from; m <= to; m++ {
		all[m] = true
	}
	return at
}

// addFigures adds a month in figures: 2012-06, 06-2012 and 201206.
func addFigures(all map[int]bool, t []string, i int) {
	y, m := 0, 0
	next := func(n int) int {
		if i+1 < len(t) && isDigits(t[i+1]) && len(t[i+1]) == n {
			return atoi(t[i+1])
		}
		return 0
	}
	switch {
	case !isDigits(t[i]):
	case len(t[i]) == 6:
		y, m = atoi(t[i][:4]), atoi(t[i][4:])
	case len(t[i]) == 4 && next(2) > 0 && next(2) != (atoi(t[i])+1)%100:
		y, m = atoi(t[i]), next(2)
	case len(t[i]) == 2 && next(4) > 0 && (i == 0 || !isDigits(t[i-1])):
		y, m = next(4), atoi(t[i])
	}
	if d := monthOnly(y, m); !d.IsZero() {
		all[d.month()] = true
	}
}

// inWords is a day as people write it.
func inWords(d Date) string {
	if d.IsZero() {
		return "no day"
	}
	return fmt.Sprintf("%d %s %d", d.Day, time.Month(d.Month), d.Year)
}

// span is the first and last of some months in words.
func span(set map[int]bool) string {
	all := sortedMonths(set)
	if len(all) == 0 {
		return ""
	}
	word := func(m int) string { return fmt.Sprintf("%s %d", time.Month(m%12+1), m/12) }
	if first, last := all[0], all[len(all)-1]; first != last {
		return word(first) + " to " + word(last)
	}
	return word(all[0])
}
