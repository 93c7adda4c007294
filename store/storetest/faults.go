package storetest

import (
	"errors"

	"github.com/police-ict/handover/store/fault"
)

// FieldOf is the first field of a form that an error names, or nothing.
func FieldOf(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok && len(e.Faults) > 0 {
		return e.Faults[0].Field
	}
	return ""
}

// FieldsOf are all fields of a form that an error names.
func FieldsOf(err error) (fields []string) {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		for _, f := range e.Faults {
			fields = append(fields, f.Field)
		}
	}
	return fields
}
