package sheet

import "strings"

// unitOf names what a heading or a title says that amounts are counted in, if not
// pounds: thousands or millions. The threshold of a list, such as "over £25,000",
// is no unit.
func unitOf(s string) string {
	if len(s) > 200 || !strings.ContainsAny(s, "0kKmM") && !containsFold(s, "thousand") {
		return ""
	}
	w := letters(s)
	for i := range len(s) {
		if class(s[i]) == '0' && s[i] != '0' {
			return roundUnit(compact(s))
		}
	}
	switch {
	case hasWord(w, "m"), hasWord(w, "mn"), hasWord(w, "mln"), hasWord(w, "million"), hasWord(w, "millions"), strings.Contains(compact(s), "000000"):
		return "millions"
	case hasWord(w, "k"), hasWord(w, "thousand"), hasWord(w, "thousands"):
		return "thousands"
	}
	return roundUnit(compact(s))
}

// compact is a text in small letters without spaces, commas and apostrophes.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', ',', '\'', '’', '‘', '`', '\u00A0':
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// roundUnit finds three or six noughts that are no end of another number, and a
// thousand in brackets.
func roundUnit(s string) string {
	if strings.Contains(s, "(£1000)") || strings.Contains(s, "£1000s") {
		return "thousands"
	}
	for i := 0; i+3 <= len(s); i++ {
		if s[i] != '0' || i > 0 && (class(s[i-1]) == '0' || s[i-1] == '.') {
			continue
		}
		n := 0
		for i+n < len(s) && s[i+n] == '0' {
			n++
		}
		switch end := i + n; {
		case end < len(s) && class(s[end]) == '0':
		case n == 3:
			return "thousands"
		case n == 6:
			return "millions"
		}
	}
	return ""
}

// titledUnit is what the title rows say that the amounts are counted in.
func titledUnit(rows [][]string) string {
	for _, row := range rows {
		for _, c := range row {
			w := letters(c)
			if strings.Contains(w, "in thousands") || strings.Contains(w, "in millions") || strings.Contains(c, "£") {
				if unit := unitOf(c); unit != "" {
					return unit
				}
			}
		}
	}
	return ""
}

// doubtUnit asks about amounts that are said to be counted in thousands or
// millions: they are never read as pounds unasked.
func (s *Sheet) doubtUnit(titled string) {
	i := s.column(Amount)
	if i < 0 || s.LeftOut != "" {
		return
	}
	if unit := unitOf(s.heading(i)); unit != "" {
		s.doubt(Amount, "The heading %q says that the amounts are in %s. Are they in pounds?", s.heading(i), unit+" of pounds")
	} else if titled != "" {
		s.doubt(Amount, "The title says that the amounts are in %s of pounds. Are those under %q in pounds?", titled, s.heading(i))
	}
}
