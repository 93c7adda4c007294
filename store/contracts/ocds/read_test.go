package ocds

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/money"
)

// read reads a text, value by value and as a stream, which must come to the same.
func read(t testing.TB, file string) ([]*notice.Notice, notice.Summary, error) {
	t.Helper()
	one := func(small int) (all []*notice.Notice, s notice.Summary, err error) {
		s, err = readAs(context.Background(), strings.NewReader(file), "invented.json", small, func(n *notice.Notice) error {
			all = append(all, n)
			return nil
		})
		return all, s, err
	}
	all, s, err := one(smallFile)
	streamed, s2, err2 := one(max(16, len(file)*3/4))
	if (err == nil) != (err2 == nil) || len(all) != len(streamed) || s.Rows != s2.Rows {
		t.Errorf("by value: %d notices of %d rows, %v; as a stream: %d of %d, %v", len(all), s.Rows, err, len(streamed), s2.Rows, err2)
	}
	for i := range min(len(all), len(streamed)) {
		if all[i].Key != streamed[i].Key {
			t.Errorf("by value %q, as a stream %q", all[i].Key, streamed[i].Key)
		}
	}
	return all, s, err
}

func mustRead(t testing.TB, file string) ([]*notice.Notice, notice.Summary) {
	t.Helper()
	all, s, err := read(t, file)
	if err != nil {
		t.Fatal(err)
	}
	return all, s
}

// released is an invented release.
func released(ocid, id, date, rest string) string {
	return fmt.Sprintf(`{"ocid":"%s","id":"%s","date":"%s","tag":["award"],"buyer":{"id":"B-1","name":"Invented Borough (sample)"}%s}`, ocid, id, date, rest)
}

func packageOf(releases ...string) string {
	return `{"uri":"https://example.invalid/p","version":"1.1","releases":[` + strings.Join(releases, ",") + `]}`
}

const award = `,"awards":[{"id":"1","title":"Invented radios (sample)","status":"active","value":{"amount":1000.25,"currency":"GBP"},"suppliers":[{"id":"GB-COH-01234567","name":"Invented Radios Ltd (sample)"}],"contractPeriod":{"startDate":"2013-04-01T00:00:00+01:00","endDate":"2014-03-31T23:59:59Z"}}]`

func pence(p *money.Pence) money.Pence {
	if p == nil {
		return -1
	}
	return *p
}

func TestALaterReleaseChangesOnlyWhatItSays(t *testing.T) {
	all, s := mustRead(t, packageOf(
		released("o-1", "2", "2013-05-01T00:00:00Z", `,"awards":[{"id":"1","status":"active","value":{"amount":1500},"suppliers":null}]`),
		released("o-1", "1", "2013-04-01T00:00:00Z", award),
		released("o-1", "3", "2013-06-01T00:00:00Z", `,"awards":[{"id":"1","status":"active"}]`),
	))
	if len(all) != 1 || s.Rows != 3 || *s.Processes != 1 || *s.AwardsPublished != 3 || pence(s.PencePublished) != 250025 || *s.AwardsCurrent != 1 || pence(s.PenceCurrent) != 150000 || s.Unchanged != 1 {
		t.Fatalf("%d notices, %+v", len(all), s)
	}
	n := all[0]
	if n.Title != "Invented radios (sample)" || n.Start.Day != "2013-04-01" || n.End.Day != "2014-03-31" || n.Value(notice.Awarded).Currency != "GBP" {
		t.Errorf("%+v", n)
	}
	if len(n.Amendments) != 1 || n.Amendments[0].Value.Pence != 150000 || n.Amendments[0].Place.Release != "2" || len(n.Places) != 3 {
		t.Errorf("amendments %+v, places %+v", n.Amendments, n.Places)
	}
}

func TestOneOcidOfManyBuyersIsManyProcesses(t *testing.T) {
	var releases []string
	for i := range 29 {
		releases = append(releases, fmt.Sprintf(`{"ocid":"o-1","id":"r%d","date":"2013-04-01","buyer":{"id":"B-%d","name":"Invented council %d (sample)"},"awards":[{"id":"1","value":{"amount":100,"currency":"GBP"}}]}`, i, i, i))
	}
	all, s := mustRead(t, packageOf(releases...))
	keys := map[string]bool{}
	for _, n := range all {
		keys[n.Key] = true
	}
	if *s.AwardsCurrent != 29 || pence(s.PenceCurrent) != 290000 || *s.Processes != 29 || len(keys) != 29 || s.Buyers != 29 {
		t.Errorf("%d keys, %+v", len(keys), s)
	}
}

func TestAwardsThatShareAnIDInOneReleaseStayTwo(t *testing.T) {
	all, s := mustRead(t, packageOf(
		released("o-1", "1", "2013-04-01", `,"awards":[{"id":"1","value":{"amount":100,"currency":"GBP"},"suppliers":[{"name":"Invented A Ltd (sample)"}]},{"id":"1","value":{"amount":250,"currency":"GBP"},"suppliers":[{"name":"Invented B Ltd (sample)"}]}]`),
		released("o-1", "2", "2013-05-01", `,"awards":[{"id":"1","value":{"amount":120,"currency":"GBP"}},{"id":"1","value":{"amount":250,"currency":"GBP"}}]`),
	))
	if *s.AwardsCurrent != 2 || pence(s.PenceCurrent) != 37000 || len(all) != 2 || all[0].Key == all[1].Key || len(all[0].Doubts) == 0 {
		t.Errorf("%d, %+v", len(all), s)
	}
}

func TestACorrectedSupplierTakesThePlaceOfTheFirst(t *testing.T) {
	all, s := mustRead(t, packageOf(
		released("o-1", "1", "2013-04-01", award),
		released("o-1", "2", "2013-05-01", `,"awards":[{"id":"1","suppliers":[{"id":"S-2","name":"Invented Radio Ltd (sample)"}]}]`),
		released("o-1", "3", "2013-06-01", `,"awards":[{"id":"1","value":{"amount":5}}]`),
	))
	if s.Suppliers != 1 || len(all[0].Suppliers) != 1 || all[0].Suppliers[0].ID != "S-2" || !strings.Contains(strings.Join(all[0].Doubts, " "), "different suppliers") {
		t.Errorf("%+v, %+v", s, all[0])
	}
}

func TestASlipOfThePointIsAskedAbout(t *testing.T) {
	all, s := mustRead(t, packageOf(
		released("o-1", "1", "2013-04-01", `,"awards":[{"id":"1","value":{"amount":1884873,"currency":"GBP"}}]`),
		released("o-1", "2", "2013-04-02", `,"awards":[{"id":"2","value":{"amount":18848,"currency":"GBP"}}]`),
		released("o-2", "3", "2013-04-02", `,"awards":[{"id":"1","value":{"amount":500000,"currency":"GBP"}}]`),
		released("o-2", "4", "2013-04-03", `,"awards":[{"id":"1","value":{"amount":5000,"currency":"GBP"}}]`),
	))
	if *s.AwardsCurrent != 3 || s.Doubted != 3 {
		t.Errorf("%+v", s)
	}
	for _, n := range all {
		if !strings.Contains(strings.Join(n.Doubts, " "), "factor of about 100") {
			t.Errorf("%s: %q", n.Key, n.Doubts)
		}
	}
}

func TestShapesOfFiles(t *testing.T) {
	one, two := released("o-1", "1", "2013-04-01", award), released("o-2", "2", "2013-04-01", award)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(packageOf(one, two)))
	z.Close()
	wide := "\xff\xfe"
	for _, u := range utf16.Encode([]rune(packageOf(one, two))) {
		wide += string([]byte{byte(u), byte(u >> 8)})
	}
	for name, file := range map[string]string{
		"package":              packageOf(one, two),
		"indented":             strings.ReplaceAll(packageOf(one, two), ",", ",\r\n  "),
		"lines":                one + "\n" + two + "\n",
		"lines of packages":    packageOf(one) + "\r\n" + packageOf(two),
		"values":               one + two,
		"list":                 "[" + one + ",\n" + two + "]",
		"list of packages":     "[" + packageOf(one) + "," + packageOf(two) + "]",
		"gzip":                 packed.String(),
		"byte order mark":      "\xef\xbb\xbf" + packageOf(one, two),
		"utf-16":               wide,
		"wrapped":              `[{"_id":{"$oid":"1"},"release":` + one + `},{"_index":"x","_source":` + two + `}]`,
		"search":               `{"took":1,"hits":{"hits":[{"_id":"1","_source":` + one + `},{"_id":"2","_source":` + two + `}]}}`,
		"results":              `{"max_page":1,"results":[{"releases":[` + one + `]},{"releases":[` + two + `]}]}`,
		"record package":       `{"uri":"x","records":[{"ocid":"o-1","releases":[{"url":"u","date":"2013-04-01"}],"compiledRelease":` + one + `},{"releases":[` + two + `],"ocid":"o-2"}]}`,
		"records as lines":     `{"releases":[` + one + `],"ocid":"o-1","compiledRelease":` + one + `}` + "\n" + `{"ocid":"o-2","compiledRelease":` + two + `}`,
		"compiled, no ocid":    `{"records":[{"ocid":"o-1","compiledRelease":` + strings.Replace(one, `"ocid":"o-1",`, "", 1) + `},{"compiledRelease":` + two + `}]}`,
		"versioned":            `{"records":[{"ocid":"o-1","versionedRelease":{"ocid":"o-1","awards":[{"id":"1","value":{"amount":[{"releaseID":"0","releaseDate":"2013-01-01","releaseTag":["award"],"value":7},{"releaseID":"1","releaseDate":"2013-04-01","releaseTag":["award"],"value":1000.25}],"currency":[{"releaseID":"1","releaseDate":"2013-04-01","releaseTag":["award"],"value":"GBP"}]}}]}},{"compiledRelease":` + two + `}]}`,
		"one release per list": `{"releases":` + one + `}` + `{"releases":` + two + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			all, s := mustRead(t, file)
			if len(all) != 2 || s.Rows != 2 || s.Rejected != 0 || pence(s.PenceCurrent) != 200050 {
				t.Errorf("%d notices, %+v, %v", len(all), s, s.Rejections)
			}
		})
	}
}

func TestDamageIsReadAroundOrRefused(t *testing.T) {
	amount := func(v string) string {
		return packageOf(released("o-1", "1", "2013-04-01", `,"awards":[{"id":"1","title":"Caf`+"\xe9"+` \u0000chairs \x41`+"\x00"+`","value":{"amount":`+v+`,"currency":"GBP"}}]`))
	}
	for v, want := range map[string]money.Pence{"12": 1200, `"1,234.50"`: 123450, "1.5e3": 150000, "12.345": 1235, "1e9999": 0, " 000": 0, "NaN": 0, "-": 0, "null": 0, `""`: 0, "99999999999999999999": 0, `{"x":1}`: 0, "1e-9999": 0, "Infinity": 0} {
		all, s := mustRead(t, amount(v))
		if got := pence(s.PenceCurrent); got != want {
			t.Errorf("%s: %d, want %d", v, got, want)
		}
		if len(all) != 1 || all[0].Title != "Café chairs \\x41" {
			t.Errorf("%s: %q", v, all[0].Title)
		}
	}
	good := released("o-1", "1", "2013-04-01", award)
	all, s := mustRead(t, good+"\n{\"ocid\":\"o-2\",\n"+`{"ocid":"o-3","id":"3"}`+"\n7\n{\"id\":\"4\",\"awards\":[],\"tag\":[]}\n"+released("o-4", "4", "2013-04-01", award))
	if len(all) != 3 || s.Rows != 3 || s.Rejected != 3 {
		t.Errorf("%d notices, %+v %v", len(all), s, s.Rejections)
	}
	for name, c := range map[string]struct{ file, want string }{
		"cut short":      {packageOf(good, good)[:500], "cut short"},
		"no JSON":        {`{"releases":[` + good + `} x`, "not valid JSON"},
		"nothing":        {packageOf(), "no releases"},
		"strange":        {`{"payments":[{"amount":1}]}`, "has no contract releases"},
		"links":          {`{"records":[{"ocid":"o-1","releases":[{"url":"https://example.invalid/1"}]}]}`, "only link to their releases"},
		"no ocid":        {`{"releases":[{"id":"1","tag":["award"],"awards":[]}]}`, "no ocid"},
		"damaged gzip":   {"\x1f\x8b\x08\x00\x00", "damaged gzip"},
		"deep":           {strings.Repeat("[", 20000), "valid JSON"},
		"two shapes":     {"[" + good + `,{"notice":{"identifier":"N-1"},"awards":[]}]`, "together"},
		"only a number":  {"[1]", "has no releases"},
		"lines of waste": {"{}\n{}\n", "has no contract"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := read(t, c.file)
			if why, ok := errors.AsType[Refusal](err); !ok || !strings.Contains(string(why), c.want) || strings.Count(string(why), "\n") > 0 {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestPeopleAreDroppedAndCounted(t *testing.T) {
	file := packageOf(released("o-1", "1", "2013-04-01", `,"parties":[{"id":"B-1","name":"Invented Borough (sample)","contactPoint":{"name":"Nobody Invented","email":"nobody@example.invalid"},"roles":["buyer"]},{"id":"S","name":"Person Supplier (sample)","contactPoint":{"name":null,"email":""}}],"tender":{"id":"t","description":"Ask nobody@example.invalid.","procuringEntity":{"name":"x","contactPoint":{"telephone":"0 Invented"}},"lots":[{"id":"1","deliveryContact":{"contactPoint":{"name":"Nobody Invented"}}}]}`+award))
	all, s := mustRead(t, file)
	if s.PeopleDropped != 4 {
		t.Errorf("%d people were dropped", s.PeopleDropped)
	}
	if told := fmt.Sprintf("%+v", all[0]); strings.Contains(told, "Nobody") || strings.Contains(told, "nobody") {
		t.Error(told)
	}
	var copied bytes.Buffer
	if err := Copy(&copied, strings.NewReader(file)); err != nil || strings.Contains(copied.String(), "obody") || !strings.Contains(copied.String(), "Person Supplier") {
		t.Errorf("%v: %s", err, copied.String())
	}
	if _, again := mustRead(t, copied.String()); again.PeopleDropped != 0 || pence(again.PenceCurrent) != pence(s.PenceCurrent) {
		t.Errorf("%+v", again)
	}
}

func TestAReleaseWithoutIDIsNamedByItsContent(t *testing.T) {
	nameless := func(date string) string { return `{"ocid":"o-1","date":"` + date + `"` + award + `}` }
	spaced := strings.Replace(nameless("2013-04-01"), `,"date"`, ` , "date"`, 1)
	id := func(file string) string {
		all, _ := mustRead(t, file)
		return all[0].Places[0].Release
	}
	if a, b, c := id(nameless("2013-04-01")), id(spaced), id(nameless("2013-04-02")); !strings.HasPrefix(a, "sha256:") || a != b || a == c {
		t.Errorf("%s, %s, %s", a, b, c)
	}
}

func TestDaysAreThoseOfTheCalendar(t *testing.T) {
	for s, want := range map[string]string{
		"2025-05-18T23:59:59Z": "2025-05-18", "2025-05-19T00:00:00Z": "2025-05-19", "2024-06-26T00:00:00+01:00": "2024-06-26",
		"2020-06-30T23:00:00Z": "2020-07-01", "2020-01-30T23:00:00Z": "2020-01-30", "2010-01-18T00:00:00-05:00": "2010-01-18",
		"2025-04-17": "2025-04-17", "2025-04-17T12:00:00": "2025-04-17", "2025-04-17T12:00:00.123Z": "2025-04-17", "2025-04-17 12:00:00": "2025-04-17",
		"TBC": "", "2122-01-01": "", "": "", "2013-02-30": "", "20": "",
	} {
		if got := dayOf(s); string(got.Day) != want || want == "" && got.Words != s {
			t.Errorf("%q is %+v, want %q", s, got, want)
		}
	}
}

func TestContractsStandBesideTheirAwards(t *testing.T) {
	all, s := mustRead(t, packageOf(released("o-1", "1", "2013-04-01", award+`,"tender":{"title":"Invented radios (sample)","techniques":{"hasFrameworkAgreement":true,"frameworkAgreement":{"value":{"amount":5000,"currency":"GBP"}}}},
		"contracts":[{"id":"c1","awardID":"1","value":{"amount":900,"amountGross":1080,"currency":"GBP"},"dateSigned":"2013-04-02","period":{"startDate":"2013-04-01","endDate":"2015-03-31","maxExtentDate":"2017-03-31"},"hasRenewal":true,"renewal":{"description":"Twice twelve months."},"amendments":[{"date":"2013-09-01","description":"Ten more radios."}]},
		{"id":"c2","awardID":"1"},{"id":"c3","suppliers":{"name":"Invented C Ltd (sample)"},"value":{"amount":1,"currency":"EUR"}}]`)))
	if len(all) != 3 || *s.Contracts != 3 || pence(s.PenceContracts) != 90100 || s.Currency != "EUR|GBP" || s.LastEnd != "2015-03-31" {
		t.Fatalf("%d notices, %+v", len(all), s)
	}
	n := all[0]
	if n.Kind != notice.Framework || n.Proposed != "" || n.Latest.Day != "2017-03-31" || n.Renewal != "Twice twelve months." || len(n.Values) != 4 || n.Values[0].Basis != "net" || len(n.Amendments) != 1 || n.Suppliers[0].Company != "01234567" {
		t.Errorf("%+v", n)
	}
	if all[2].Suppliers[0].Name != "Invented C Ltd (sample)" || !slices.Equal(s.LeftOut, []notice.LeftOut{{Reason: notice.NoValue, Count: 1}}) {
		t.Errorf("%+v, %v", all[2], s.LeftOut)
	}
}

func TestAReadingStopsWhenItIsToldTo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, &invented{n: 3000}, "x.json", func(*notice.Notice) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	stop := errors.New("stop")
	if _, err := Read(context.Background(), &invented{n: 100}, "x.json", func(*notice.Notice) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}
