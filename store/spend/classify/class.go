package classify

import (
	"github.com/police-ict/handover/store/fault"
)

// Class says whether a payment is for IT.
type Class uint8

// The classes. What no rule decides is not classified, and never counted as
// either.
const (
	NotClassified Class = iota
	IsIT
	NotIT
)

// Classes lists them in the order in which they are shown.
var Classes = []Class{IsIT, NotIT, NotClassified}

// String is the class in words.
func (c Class) String() string { return [...]string{"not classified", "IT", "not IT"}[c] }

// Code is the class as it stands in an address: yes, no or unknown.
func (c Class) Code() string { return [...]string{"unknown", "yes", "no"}[c] }

// MarshalText is the class as it stands in an address.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.Code()), nil }

// UnmarshalText reads a class as it stands in an address.
func (c *Class) UnmarshalText(b []byte) (err error) { *c, err = ParseClass(string(b)); return err }

// ParseClass reads a class as it stands in an address.
func ParseClass(s string) (Class, error) {
	for _, c := range Classes {
		if c.Code() == s {
			return c, nil
		}
	}
	return 0, fault.Invalid.Errorf("Choose yes, no or unknown for IT.")
}
