package civil

// Number is the day counted from 1 January 1970, which is 0; no day is 0 too.
// It reads no time, for what counts the days of many contracts at once.
func (d Day) Number() int {
	year, month, day := d.numbers()
	if day == 0 {
		return 0
	}
	return numberOf(year, month, day)
}

// Numbered is the day of a number.
func Numbered(n int) Day {
	// Years run from March here, in eras of 400 years that have 146,097 days, so
	// that the leap day is the last of its year.
	n += 719_468
	era := n / 146_097
	inEra := n - era*146_097
	year := (inEra - inEra/1_460 + inEra/36_524 - inEra/146_096) / 365
	inYear := inEra - (365*year + year/4 - year/100)
	shifted := (5*inYear + 2) / 153
	day := inYear - (153*shifted+2)/5 + 1
	month := shifted + 3
	if month > 12 {
		month -= 12
		year++
	}
	return dayOf(year+era*400, month, day)
}

// AddMonths is the day of the same number n months later, or earlier where n is
// less than 0; the last day of that month where it has no such day. Months are
// always added in one step: 31 January and two months is 31 March, but 31
// January and one month, twice, is 28 March.
func (d Day) AddMonths(n int) Day {
	year, month, day := d.numbers()
	if day == 0 {
		return ""
	}
	year, month = MonthOf(year, month+n).Parts()
	return dayOf(year, month, min(day, monthDays(year, month)))
}

// LastOf is the last day of a term of n whole months that begins on d: the day
// before the same day number n months later, held to the end of that month. A
// term from the first of a month ends with the last day of a month. 31 August
// 2012 and 6 months is 28 February 2013; adding the months first and then taking
// a day off would give 27 February. The corresponding day is that of Dodds v
// Walker [1981] 1 WLR 1027 (HL).
func (d Day) LastOf(n int) Day {
	year, month, day := d.numbers()
	switch day {
	case 0:
		return ""
	case 1:
		n, day = n-1, 31
	default:
		day--
	}
	year, month = MonthOf(year, month+n).Parts()
	return dayOf(year, month, min(day, monthDays(year, month)))
}

// MonthsTo is the number of whole months after which a term that begins on d
// ends on last by LastOf; ok is false where there is none.
func (d Day) MonthsTo(last Day) (n int, ok bool) {
	if d == "" || last < d {
		return 0, false
	}
	y1, m1, _ := d.numbers()
	y2, m2, _ := last.numbers()
	n = (y2-y1)*12 + m2 - m1
	for _, n := range []int{n, n + 1} {
		if n > 0 && d.LastOf(n) == last {
			return n, true
		}
	}
	return 0, false
}

// numbers are the year, the month and the day of a day that is written
// 2012-07-16; all are 0 for anything else.
func (d Day) numbers() (year, month, day int) {
	if len(d) != len(DayLayout) {
		return 0, 0, 0
	}
	number := func(from, to int) (n int) {
		for _, c := range []byte(d[from:to]) {
			n = n*10 + int(c-'0')
		}
		return n
	}
	return number(0, 4), number(5, 7), number(8, 10)
}

func dayOf(year, month, day int) Day {
	b := [len(DayLayout)]byte{4: '-', 7: '-'}
	for _, part := range [...]struct{ n, from, to int }{{year, 0, 4}, {month, 5, 7}, {day, 8, 10}} {
		n := part.n
		for i := part.to - 1; i >= part.from; i-- {
			b[i] = byte('0' + n%10)
			n /= 10
		}
	}
	return Day(b[:])
}

func numberOf(year, month, day int) int {
	if month <= 2 {
		month += 12
		year--
	}
	era := year / 400
	inEra := year - era*400
	inYear := (153*(month-3)+2)/5 + day - 1
	return era*146_097 + inEra*365 + inEra/4 - inEra/100 + inYear - 719_468
}

func monthDays(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
