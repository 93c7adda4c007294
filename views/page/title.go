package page

import (
	"net/url"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
)

// fullTitle names a page so that no other has its name: what it is, what was
// asked of it, and what it is a part of.
func fullTitle(c Chrome, p Head) string {
	title := p.Title
	if words := QueryWords(c.Query); words != "" && !p.Told {
		title += ": " + words
	}
	if p.Kicker != "" {
		title += " – " + p.Kicker
	}
	return title + " – Police ICT Company"
}

// sheetTitle is what stands at the foot of each printed sheet beside its number.
func sheetTitle(c Chrome, p Head) string {
	return fullTitle(c, p) + ", " + civil.DayOf(c.Now).String()
}

const titleMost = 120 // letters of what was asked, in a title

// QueryWords says in words what the parameters of an address ask for.
func QueryWords(query string) string {
	var all []string
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(name)
		value, err := url.QueryUnescape(value)
		if err == nil && errName == nil && strings.TrimSpace(value) != "" {
			all = append(all, paramWords(name, value))
		}
	}
	words := []rune(strings.Join(all, ", "))
	if len(words) > titleMost {
		return strings.TrimRight(string(words[:titleMost]), " ,") + "…"
	}
	return string(words)
}

func paramWords(name, value string) string {
	if day, err := civil.ParseDay(value); err == nil {
		value = day.String()
	} else if month, err := civil.ParseMonth(value); err == nil && name != "q" && name != "text" {
		value = month.String()
	}
	switch name {
	case "q", "text":
		return "“" + value + "”"
	case "body":
		if b, ok := office.BodyOf(value); ok {
			return b.Short
		}
	case "to", "from":
		if b, ok := office.BodyOf(value); ok {
			return name + " " + b.Short
		}
	case "it":
		return "IT " + value
	case "sort":
		if key, down := strings.CutPrefix(value, "-"); down {
			return "sorted by " + key + ", last first"
		}
		return "sorted by " + value
	case "as_at":
		return "on " + value
	case "known_on":
		return "as known on " + value
	}
	return strings.ReplaceAll(name, "_", " ") + " " + Refs(value)
}
