// Package ocds reads contracting processes out of JSON: releases and records of
// the Open Contracting Data Standard, in packages, lists or lines, and notices of
// the older interface of Contracts Finder.
//
// It knows nothing of databases or requests. A file is read as a stream: of each
// release only what is mapped is kept, in a temporary file, until all releases of
// its process are known. Contact points are dropped as they are met, and counted.
//
// Releases are merged as the standard says (Compile); what ids that stand twice
// in one list mean is a choice of the caller.
package ocds

import "github.com/police-ict/handover/store/book"

// Refusal is why a file is refused whole: one plain sentence for a person.
type Refusal = book.Refusal
