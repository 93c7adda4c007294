package page

import "strings"

// descriptions are what search engines show of the pages that people begin at.
var descriptions = map[string]string{
	"/":                  "Who owns the Police ICT Company, how far its handover to police and crime commissioners has come, what was decided and what is spent on police IT.",
	"/ownership":         "Members, votes, directors and rights of the Police ICT Company on any day.",
	"/handover":          "Whether the Police ICT Company is ready to pass to the local policing bodies: each condition, with its evidence.",
	"/handover/bodies":   "How far each of the 43 local policing bodies has come towards membership of the Police ICT Company.",
	"/handover/schedule": "Contracts, assets, posts and liabilities that pass in the handover of the Police ICT Company.",
	"/decisions":         "Decisions of the Police ICT Company: who made them, by what authority, and whether they may be implemented.",
	"/spend":             "What police forces in England and Wales spend on IT, by body, month, category and supplier, from their published payments.",
	"/suppliers":         "Suppliers of police IT in England and Wales, with what each was paid.",
	"/questions":         "Questions that scrutiny asked about police IT, the answers, and which are overdue.",
	"/recommendations":   "Recommendations of scrutiny on police IT, the responses, and what was done.",
	"/committees":        "Committees that scrutinise the Police ICT Company, with their members, meetings and minutes.",
	"/inquiries":         "Inquiries into police IT: terms, evidence and reports.",
	"/bodies":            "The Home Office, the association, the company and the 43 local policing bodies of England and Wales.",
	"/record":            "Every act recorded on this site, in order, with a signed receipt for each.",
	"/help/words":        "Terms used on this site, in plain English.",
	"/accessibility":     "Accessibility statement for this site.",
	"/privacy":           "How this site uses personal data.",
	"/contact":           "How to contact us about this site.",
	"/problem":           "How to report a problem with this site.",
}

// description is what search engines show of a page.
func description(c Chrome, p Head) string {
	if d := descriptions[c.Path]; d != "" {
		return d
	}
	words := p.Title
	if p.Kicker != "" {
		words = p.Kicker + ": " + words
	}
	if !strings.HasSuffix(words, "?") {
		words = strings.TrimRight(words, ".") + "."
	}
	return words + " Police ICT Company: ownership, handover and spending."
}
