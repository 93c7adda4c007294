package office

import (
	"github.com/police-ict/handover/store/civil"
)

// Task is one thing that waits for an office, with the one page to do it on.
type Task struct {
	Office Office // that it waits for
	Title  string
	Why    string // why this office
	Verb   string // of its button
	Href   string
	Due    civil.Day // "" where no day is set
}
