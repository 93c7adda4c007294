package storetest

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"github.com/police-ict/handover/store/civil"
)

// SpendFile writes a published file of invented payments of some months: about
// 2,000 suppliers, few of whom get most, and 600 purposes. The same seed gives
// the same file.
func SpendFile(lines int, month civil.Month, months int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, uint64(month)))
	suppliers := rand.NewZipf(r, 1.2, 8, 1_999)
	purposes := rand.NewZipf(r, 1.1, 20, 599)
	var b bytes.Buffer
	b.Grow(lines * 150)
	b.WriteString("Body Name,Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre,Reason for value for money\r\n")
	for i := range lines {
		day := i * 28 * months / max(lines, 1)
		year, m := (month + civil.Month(day/28)).Parts()
		s, p := suppliers.Uint64(), purposes.Uint64()
		kind := spendKinds[p%uint64(len(spendKinds))]
		reason := "Framework price"
		if r.IntN(9) == 0 {
			reason = ""
		}
		fmt.Fprintf(&b, "Sample Police,%02d/%02d/%d,Sample %s %d Ltd,%d,%d.%02d,%s %d,%s,%s Department,%s\r\n",
			1+day%28, m, year, kind.trade, s, int(seed)*1_000_000+i, 500+r.IntN(9_000), r.IntN(100), kind.purpose, p, kind.category, kind.centre, reason)
	}
	return b.Bytes()
}

var spendKinds = []struct{ trade, purpose, category, centre string }{
	{"Hosting", "Data centre hosting", "Computer hosting", "ICT"},
	{"Fleet", "Vehicle parts", "Vehicle maintenance", "Fleet"},
	{"Software", "Licence renewal", "Computer software licences", "ICT"},
	{"Catering", "Catering supplies", "Catering", "Estates"},
	{"Fuel", "Diesel", "Vehicle fuel", "Fleet"},
	{"Cloth", "Shirts and trousers", "Uniforms", "Stores"},
	{"Networks", "Wide area network", "Data network services", "ICT"},
	{"Building", "Repairs", "Building maintenance", "Estates"},
	{"Advice", "Project costs", "Professional services", "Change"},
	{"Energy", "Electricity", "Electricity", "Estates"},
}
