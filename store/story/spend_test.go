package story

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/sheet"
)

// A paidRow is one payment as the reader gives it, with its file.
type paidRow struct {
	body, supplier, purpose, category, centre, transaction, reason string
	paid                                                           civil.Paid
	pence                                                          int64
	redacted                                                       bool
}

// samplesAsRead is what the reader of real files makes of the sample files.
type samplesAsRead struct {
	rows    []paidRow
	sums    []*sheet.Summary
	files   []sampleFile
	doubts  []string
	writing map[string]int // files by encoding, delimiter and line end
	err     error
}

// readSamples reads every sample file, once for all tests.
var readSamples = sync.OnceValue(func() (all samplesAsRead) {
	all.writing = map[string]int{}
	for f := range sampleFiles() {
		if err := all.read(f); err != nil {
			all.err = fmt.Errorf("%s: %w", f.name, err)
			return all
		}
	}
	return all
})

func (all *samplesAsRead) read(f sampleFile) error {
	in, err := sheet.Recognise(bytes.NewReader(f.content), int64(len(f.content)), f.name, 0)
	if err != nil {
		return err
	}
	for _, s := range in.Sheets {
		all.doubts = append(all.doubts, s.Doubts...)
	}
	if !in.Sure() {
		all.doubts = append(all.doubts, f.name+" is not sure")
	}
	all.writing[in.Encoding]++
	all.writing[string(in.Delimiter)]++
	all.writing[fmt.Sprint(in.LineEnds.CRLF > 0, in.LineEnds.LF > 0, in.LineEnds.CR > 0)]++
	sum, err := in.Rows(func(r *sheet.Row) error {
		if r.Kind == sheet.Line {
			all.rows = append(all.rows, paidRow{f.body, r.Text(sheet.Supplier), r.Text(sheet.Purpose), r.Text(sheet.Category), r.Text(sheet.CostCentre), r.Text(sheet.Transaction), r.Text(sheet.Reason),
				civil.PaidOn(r.Date.Year, r.Date.Month, r.Date.Day), r.Amount, r.Redacted})
		}
		return nil
	})
	all.sums, all.files = append(all.sums, sum), append(all.files, f)
	return errors.Join(err, in.Close())
}

// samplesRead is what readSamples gives, or the end of the test.
func samplesRead(t *testing.T) samplesAsRead {
	t.Helper()
	all := readSamples()
	if all.err != nil {
		t.Fatal(all.err)
	}
	return all
}

func TestSampleFilesAreWrittenInManyWays(t *testing.T) {
	writing := samplesRead(t).writing
	for _, way := range []string{"utf-8", "utf-8-sig", "windows-1252", "cp850", "mac_roman", "xlsx", ",", ";", "\t", "|", "true false false", "false true false", "false false true", "true false true"} {
		if writing[way] == 0 {
			t.Errorf("no file is written with %q: %v", way, writing)
		}
	}
	if writing["xlsx"] != 3 {
		t.Errorf("%d files are workbooks", writing["xlsx"])
	}
}

func TestEverySampleFileIsReadBeyondDoubt(t *testing.T) {
	all := samplesRead(t)
	rows, sums, files := all.rows, all.sums, all.files
	if len(all.doubts) > 0 {
		t.Errorf("what is in doubt: %q", all.doubts)
	}
	pennies, rejected, agreed := 0, 0, 0
	for i, f := range files {
		s := sums[i]
		if s.Lines != f.lines || s.Pence != f.pence || s.Rounded > 0 || s.UnreadableDate > 0 {
			t.Errorf("%s has %d lines and %d pence, want %d and %d: %+v", f.name, s.Lines, s.Pence, f.lines, f.pence, s.SheetSummary)
		}
		if s.Rejected*20 > s.Lines+s.Rejected {
			t.Errorf("%s: %d of %d rows are rejected", f.name, s.Rejected, s.Lines)
		}
		if undated := s.Undated > 0; undated != (f.period != "") || undated && s.Undated != s.Lines {
			t.Errorf("%s has %d lines without a date and the period %q", f.name, s.Undated, f.period)
		}
		rejected += s.Rejected
		switch {
		case s.Agrees == nil:
		case *s.Agrees:
			agreed++
		case *s.Stated-s.Pence == 1:
			pennies++
		default:
			t.Errorf("%s states %d and comes to %d", f.name, *s.Stated, s.Pence)
		}
	}
	if pennies != 1 || agreed < 20 || rejected < 10 {
		t.Errorf("%d files are a penny out, %d agree with their own total, %d rows are rejected", pennies, agreed, rejected)
	}
	if len(rows) < 48_000 || len(rows) > 52_000 || len(files) > 250 {
		t.Errorf("there are %d lines in %d files", len(rows), len(files))
	}
}

func TestSampleFilesAreThoseOfTheirBodiesInOrder(t *testing.T) {
	last, names := civil.Day("2011-05-01"), map[string]bool{}
	for f := range sampleFiles() {
		if b, ok := office.BodyOf(f.body); !ok || !b.LocalPolicing() {
			t.Errorf("%s is of %q", f.name, f.body)
		}
		if f.published < last || f.published > sampleClosing || names[f.name] || !strings.HasPrefix(f.source, "https://example.org/") {
			t.Errorf("%s was published on %s at %s, after %s", f.name, f.published, f.source, last)
		}
		if f.period != "" {
			if _, err := civil.ParsePeriod(f.period); err != nil {
				t.Errorf("%s: %v", f.name, err)
			}
		}
		last, names[f.name] = f.published, true
	}
}

func TestSampleFilesAreTheSameEveryTime(t *testing.T) {
	var first []sampleFile
	for f := range sampleFiles() {
		first = append(first, f)
	}
	i := 0
	for f := range sampleFiles() {
		if g := first[i]; !bytes.Equal(f.content, g.content) || f.name != g.name || f.published != g.published || f.pence != g.pence {
			t.Fatalf("%s differs the second time", f.name)
		}
		i++
	}
	if i != len(first) {
		t.Errorf("%d files, then %d", len(first), i)
	}
	for range sampleFiles() {
		break // whoever wants only the first may stop
	}
}

// sameName is a name without the ways in which it may be spelt.
func sameName(s string) string {
	return strings.ReplaceAll(strings.ToLower(s), " limited ", " ltd ")
}

func TestOnlyTheOdditiesThatArePlantedAreFound(t *testing.T) {
	rows := samplesRead(t).rows
	same, day := map[string][]paidRow{}, map[string][]paidRow{}
	for _, r := range rows {
		if r.paid == 0 {
			continue
		}
		who := fmt.Sprint(r.body, "|", sameName(r.supplier), "|", r.purpose, "|", r.centre, "|", r.paid)
		twin := fmt.Sprint(who, "|", r.category, "|", r.pence)
		same[twin] = append(same[twin], r)
		day[who] = append(day[who], r)
	}
	duplicates, splits := 0, 0
	for _, rs := range same {
		if len(rs) > 1 {
			duplicates++
		}
		if len(rs) > 2 || len(rs) == 2 && (rs[0].transaction == rs[1].transaction || rs[0].supplier != rs[1].supplier || rs[0].redacted) {
			t.Errorf("an odd pair: %+v", rs)
		}
	}
	for _, rs := range day {
		var sum, most int64
		for _, r := range rs {
			sum, most = sum+r.pence, max(most, r.pence)
		}
		if len(rs) > 1 && most < 10_000_00 && sum > 10_000_00 {
			splits++
		}
	}
	if d, s := samplePlanted(); duplicates != d || splits != s {
		t.Errorf("%d duplicates and %d splits are found, %d and %d were planted", duplicates, splits, d, s)
	}
}

func TestPaymentsWithoutADateAreNotAlikeEither(t *testing.T) {
	for f := range sampleFiles() {
		if f.period == "" {
			continue
		}
		seen := map[string]bool{}
		in, err := sheet.Recognise(bytes.NewReader(f.content), int64(len(f.content)), f.name, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := in.Rows(func(r *sheet.Row) error {
			key := sameName(r.Text(sheet.Supplier)) + "|" + r.Text(sheet.Purpose)
			if r.Kind == sheet.Line && seen[key] {
				t.Errorf("%s, record %d: there is one like it", f.name, r.Record)
			}
			seen[key] = seen[key] || r.Kind == sheet.Line
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEverySampleSupplierSaysSo(t *testing.T) {
	rows := samplesRead(t).rows
	named := regexp.MustCompile(`^[A-Za-z .’-]+ \(sample\)$`)
	spellings, names, blank, redacted, renamed := map[string]bool{}, map[string]bool{}, 0, 0, 0
	for _, r := range rows {
		switch {
		case r.supplier == "":
			blank++
		case r.redacted:
			redacted++
		case !named.MatchString(r.supplier):
			t.Fatalf("%q does not say that it is a sample", r.supplier)
		default:
			spellings[r.supplier], names[sameName(r.supplier)] = true, true
		}
		if sameName(r.supplier) == sameName(renamedTo+" (sample)") {
			renamed++
		}
	}
	if len(names) < 55 || len(names) > 65 || len(spellings) < len(names)+30 || blank < 100 || redacted < 200 || renamed < 20 {
		t.Errorf("%d suppliers in %d spellings, %d blank, %d redacted, %d under the new name", len(names), len(spellings), blank, redacted, renamed)
	}
}

// itOf tells by the words of the sample goods whether a payment is for IT.
func itOf() map[string]bool {
	it := map[string]bool{}
	for _, g := range sampleGoods {
		for _, p := range g.purposes {
			it[p] = g.it
		}
	}
	return it
}

func TestWhatBodiesSpendIsPlausible(t *testing.T) {
	rows := samplesRead(t).rows
	it, whole, months := itOf(), [2]int64{}, map[string]map[civil.Month]bool{}
	spent := map[string]int64{}
	for _, r := range rows {
		if r.pence > 1_500_000_00 || r.pence > -500_00 && r.pence < 500_00 {
			t.Fatalf("%+v", r)
		}
		if !it[r.purpose] {
			whole[0] += r.pence
			continue
		}
		whole[1] += r.pence
		if months[r.body] == nil {
			months[r.body] = map[civil.Month]bool{}
		}
		spent[r.body] += r.pence
		months[r.body][r.paid.Month()] = true
	}
	if share := float64(whole[1]) / float64(whole[0]+whole[1]); share < 0.4 || share > 0.5 {
		t.Errorf("%.2f of the money is for IT", share)
	}
	var heads []float64
	for slug, sum := range spent {
		b, _ := office.BodyOf(slug)
		if n := len(months[slug]); n > 1 { // files without dates have no months here
			heads = append(heads, float64(sum)/100/float64(b.Population)/float64(n)*12)
		}
	}
	slices.Sort(heads)
	if low, high := heads[0], heads[len(heads)-1]; low < 8 || low > 11 || high < 19 || high > 23 {
		t.Errorf("a head and a year: %v", heads)
	}
	if len(spent) != 41 {
		t.Errorf("%d bodies publish", len(spent))
	}
}

func TestThirtySevenBodiesPublishTheFirstYear(t *testing.T) {
	bodies, blank, of := map[string]bool{}, map[string]int{}, map[string]int{}
	for f := range sampleFiles() {
		if strings.Contains(f.name, "2011") {
			bodies[f.body] = true
		}
	}
	rows := samplesRead(t).rows
	for _, r := range rows {
		of[r.body]++
		if r.reason == "" {
			blank[r.body]++
		}
	}
	if len(bodies) != 37 || of["city-of-london"] > 0 {
		t.Errorf("%d bodies", len(bodies))
	}
	if blank["suffolk"] != of["suffolk"] || blank["kent"]*10 > of["kent"] {
		t.Errorf("Suffolk gives %d reasons, Kent leaves out %d of %d", of["suffolk"]-blank["suffolk"], blank["kent"], of["kent"])
	}
}

func TestKentsLargestSupplierIsOneOfIT(t *testing.T) {
	rows := samplesRead(t).rows
	sums := map[string]int64{}
	for _, r := range rows {
		if r.body == "kent" {
			sums[r.supplier] += r.pence
		}
	}
	var names []string
	for name := range sums {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return int(sums[b]/100 - sums[a]/100) })
	if names[0] != "Alder Vale Hosting Ltd (sample)" || sums[names[0]]*4 < sums[names[1]]*5 {
		t.Errorf("%s with %d, then %s with %d", names[0], sums[names[0]], names[1], sums[names[1]])
	}
}

func TestSampleFilesAreWrittenQuickly(t *testing.T) {
	began, size := time.Now(), 0
	for f := range sampleFiles() {
		size += len(f.content)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("%d bytes took %s", size, took)
	}
}

func BenchmarkSampleFiles(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for range sampleFiles() {
		}
	}
}
