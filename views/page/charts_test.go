package page

import (
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

// drawing is an element of a rendered page.
type drawing struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Inside  []drawing  `xml:",any"`
	Text    string     `xml:",chardata"`
}

// draw renders components as one page and reads it back.
func draw(t *testing.T, all ...templ.Component) drawing {
	t.Helper()
	var b strings.Builder
	for _, c := range all {
		if err := c.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
	}
	var d drawing
	if err := xml.Unmarshal([]byte("<page>"+b.String()+"</page>"), &d); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	return d
}

func (d drawing) attr(name string) string {
	for _, a := range d.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// find lists the elements of a name that have a class, "" for any.
func (d drawing) find(name, class string) (all []drawing) {
	for _, in := range d.Inside {
		if in.XMLName.Local == name && (class == "" || slices.Contains(strings.Fields(in.attr("class")), class)) {
			all = append(all, in)
		}
		all = append(all, in.find(name, class)...)
	}
	return all
}

// texts are the words of all elements of a name.
func (d drawing) texts(name string) (all []string) {
	for _, e := range d.find(name, "") {
		all = append(all, strings.TrimSpace(e.Text))
	}
	return all
}

func (d drawing) number(t *testing.T, attr string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(strings.TrimSuffix(d.attr(attr), "%"), 64)
	if err != nil {
		t.Errorf("%s of %s is %q, not a number", attr, d.XMLName.Local, d.attr(attr))
	}
	return n
}

func barsOf(sizes ...float64) BarChart {
	c := BarChart{ID: "spend", Title: "Spend by body", Desc: "Each body’s spend."}
	for i, n := range sizes {
		c.Bars = append(c.Bars, Bar{Name: fmt.Sprint("Body ", i+1), Value: fmt.Sprintf("£%.2f", n), Size: n})
	}
	return c
}

func falling(n int) (all []float64) {
	for i := range n {
		all = append(all, float64(100-i))
	}
	return all
}

func TestABarIsItsShareOfTheLongest(t *testing.T) {
	with := func(c BarChart, f func(*BarChart)) BarChart { f(&c); return c }
	for name, row := range map[string]struct {
		chart BarChart
		want  []float64 // per cent, of the rows that have a bar
		rule  float64
	}{
		"one row has the whole width":              {barsOf(3), []float64{100}, 0},
		"bars start at zero":                       {barsOf(20, 10, 5), []float64{100, 50, 25}, 0},
		"nothing is no bar":                        {barsOf(20, 0), []float64{100}, 0},
		"less than nothing is no bar":              {barsOf(20, 10, -40), []float64{100, 50}, 0},
		"only credits have no bars":                {barsOf(-1, -2), nil, 0},
		"what is not a number is no bar":           {barsOf(math.NaN(), 8, 2), []float64{100, 25}, 0},
		"the mean has its place":                   {with(barsOf(20, 10), func(c *BarChart) { c.Mean = 15 }), []float64{100, 50}, 75},
		"a mean above all bars is the whole width": {with(barsOf(5), func(c *BarChart) { c.Mean = 20 }), []float64{25}, 100},
		"a mean below nothing has no line":         {with(barsOf(5), func(c *BarChart) { c.Mean = -2 }), []float64{100}, 0},
	} {
		d := draw(t, Bars(row.chart))
		var got []float64
		for _, b := range d.find("rect", "bar") {
			got = append(got, b.number(t, "width"))
			if b.attr("x") != "0" {
				t.Errorf("%s: a bar begins at %s", name, b.attr("x"))
			}
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: widths %v, want %v", name, got, row.want)
		}
		rule := 0.0
		for _, l := range d.find("line", "rule") {
			rule = l.number(t, "x1")
		}
		if rule != row.rule {
			t.Errorf("%s: the mean is at %v, want %v", name, rule, row.rule)
		}
	}
}

func TestEveryBarHasItsWords(t *testing.T) {
	c := barsOf(falling(43)...)
	c.Bars[0].Name = "Common Council of the City of London"
	c.Bars[1] = Bar{Name: "Kent", Value: "£12.63", Size: 50, Own: true}
	c.Bars[2] = Bar{Name: "Dorset", Value: "−£4,120.00", Size: -4120}
	c.Bars[3].Note = "2 months incomplete"
	said := strings.Join(draw(t, Bars(c)).texts("text"), "|")
	for _, want := range []string{"Common Council of|the City of London|", "Kent (yours)|£12.63", "Dorset|Credits exceed payments: no bar|−£4,120.00", "2 months incomplete", "Body 43|£58.00"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in %s", want, said)
		}
	}
}

func TestRowsOfBarsDoNotMeet(t *testing.T) {
	c := barsOf(falling(43)...)
	for i := range c.Bars {
		c.Bars[i].Name = strings.Repeat("A long name ", i%5+1)
	}
	p := c.plan()
	for i, r := range p.Rows[1:] {
		if before := p.Rows[i]; r.Y != before.Top+barHigh+barGap || r.Top < r.Y+barLine*len(r.Names) {
			t.Errorf("row %d is at %d with its bar at %d, after a bar at %d", i+1, r.Y, r.Top, before.Top)
		}
	}
	if last := p.Rows[42]; p.Bottom < last.Top+barHigh {
		t.Errorf("the chart ends at %d, its last bar at %d", p.Bottom, last.Top)
	}
}

func TestTextFitsAPhone(t *testing.T) {
	for _, s := range []string{"", "Kent", "Common Council of the City of London", strings.Repeat("wide WORDS ", 30)} {
		for _, px := range []float64{120, 180, 276} {
			all := lines(s, px)
			for _, line := range all {
				if textWidth(line) > px {
					t.Errorf("%q is wider than %v px", line, px)
				}
			}
			if got, want := strings.Join(all, " "), strings.TrimSpace(s); got != want {
				t.Errorf("%q became %q", want, got)
			}
		}
	}
	if got := lines("Unbreakablenameofasinglewordthatistoolong x", 60); len(got) != 2 {
		t.Errorf("a word too long for a line is kept whole: %q", got)
	}
}

func TestIncompleteBarsAreHatchedAndSetApart(t *testing.T) {
	c := barsOf(20, 10, 40, 5)
	c.Apart, c.Mean, c.MeanWords = "Incomplete, not ranked", 15, "Mean £15"
	c.Bars[2].Part, c.Bars[3].Part = true, true
	d := draw(t, Bars(c))
	parts := d.find("rect", "bar")
	if n := len(d.find("rect", "solid")); len(parts) != 4 || n != 2 {
		t.Fatalf("%d bars, %d of them solid", len(parts), n)
	}
	for _, b := range d.find("rect", "part") {
		if !strings.HasPrefix(b.attr("fill"), "url(#") {
			t.Errorf("an incomplete bar is filled with %q", b.attr("fill"))
		}
	}
	if len(d.find("line", "rule")) != 2 {
		t.Error("the mean is drawn over bars that are not in it")
	}
	said := strings.Join(d.texts("text"), "|")
	if at, last := strings.Index(said, "Incomplete, not ranked"), strings.Index(said, "Body 4"); at < 0 || last < 0 {
		t.Errorf("the chart says %s", said)
	}
	head, y := c.plan().Head, c.plan().Rows
	if head <= y[1].Top+barHigh || head >= y[2].Y+14 {
		t.Errorf("the heading is at %d, between a bar at %d and words at %d", head, y[1].Top, y[2].Y)
	}
}

// No word may stand over a bar or be cut on the narrowest phone.
func TestWordsOfBarsStandAboveThem(t *testing.T) {
	c := barsOf(falling(12)...)
	for i := range c.Bars {
		c.Bars[i].Name, c.Bars[i].Value = strings.Repeat("Some long name ", i%4+1), "£1,234.5 million"
		c.Bars[i].Note, c.Bars[i].Own = strings.Repeat("note ", i), i == 3
	}
	for _, r := range c.plan().Rows {
		if last := r.Y + 14 + barLine*(len(r.Names)+len(r.Notes)-1); last >= r.Top {
			t.Errorf("the words of %q end at %d, its bar begins at %d", r.Name, last, r.Top)
		}
		for _, name := range r.Names {
			if textWidth(name)+textWidth(r.Value)+4 > chartNarrowest {
				t.Errorf("%q and %q do not fit a phone", name, r.Value)
			}
		}
	}
}

func TestAChartIsAFileOfItsOwn(t *testing.T) {
	c, m := barsOf(3, 2), trendOf(Series{"Networks", falling(24)})
	c.Bars[1].Part = true
	for _, file := range []ChartFile{c, m} {
		d := draw(t, file.File()).Inside[0]
		if d.XMLName.Local != "svg" || d.XMLName.Space != "http://www.w3.org/2000/svg" || len(d.find("title", "")) != 1 || len(d.find("style", "")) != 1 {
			t.Errorf("not a file of its own: %+v", d.XMLName)
		}
	}
}

func trendOf(series ...Series) TrendChart {
	c := TrendChart{ID: "trend", Title: "By category and month", Desc: "Each category’s spend by month.", Series: series}
	for i := range 24 {
		c.Months = append(c.Months, fmt.Sprintf("%s %d", []string{"Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"}[i%12], 2011+(i+3)/12))
	}
	c.Unit = func(v float64) string { return strings.Replace(fmt.Sprintf("£%.0f", v), "£-", "−£", 1) }
	return c
}

func TestColumnsShareOneScale(t *testing.T) {
	d := draw(t, Trend(trendOf(Series{"Networks", []float64{40, 20, 0}}, Series{"Printing", []float64{10, -20}})))
	var got []float64
	for _, r := range d.find("rect", "column") {
		got = append(got, math.Round(r.number(t, "height")/trendTall*1000)/1000)
	}
	if want := []float64{1, .5, .25, .5}; !slices.Equal(got, want) {
		t.Errorf("heights %v of the tallest, want %v", got, want)
	}
	rows := d.find("g", "")
	base := rows[1].find("line", "axis")[0].number(t, "y1")
	up, down := rows[1].find("rect", "")[0], rows[1].find("rect", "")[1]
	if up.number(t, "y")+up.number(t, "height") != base || down.number(t, "y") != base {
		t.Error("columns do not begin at the base line")
	}
	said := strings.Join(d.texts("text"), "|")
	for _, want := range []string{"Networks|£60|£40, Apr 2011", "Printing|−£10|£10, Apr 2011|−£20, May 2011"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in %s", want, said)
		}
	}
}

func TestAMonthWithoutAFigureBreaksTheBaseLine(t *testing.T) {
	no := math.NaN()
	full := slices.Repeat([]float64{5}, 24)
	for name, row := range map[string]struct {
		values  []float64
		columns int
		runs    int
		key     bool
	}{
		"every month":          {full, 24, 1, false},
		"zero is a figure":     {slices.Concat([]float64{0}, full[1:]), 23, 1, false},
		"a gap in the middle":  {slices.Concat(full[:5], []float64{no, no}, full[7:]), 22, 2, true},
		"a gap at either end":  {slices.Concat([]float64{no}, full[2:], []float64{no}), 22, 1, true},
		"figures end early":    {full[:3], 3, 1, true},
		"more than the months": {slices.Concat(full, full), 24, 1, false},
		"no figure at all":     {nil, 0, 0, true},
	} {
		d := draw(t, Trend(trendOf(Series{"Networks", row.values})))
		columns, runs := len(d.find("rect", "column")), len(d.find("line", "axis"))
		if columns != row.columns || runs != row.runs {
			t.Errorf("%s: %d columns and %d stretches of line, want %d and %d", name, columns, runs, row.columns, row.runs)
		}
		if key := strings.Contains(strings.Join(d.texts("li"), "|"), "month without a figure"); key != row.key {
			t.Errorf("%s: the key speaks of a gap: %v", name, key)
		}
		if row.values == nil && !slices.Contains(d.texts("text"), "Cannot tell") {
			t.Errorf("%s: the sum is not said to be unknown", name)
		}
	}
}

func TestIncompleteMonthsAreHatchedAndNamed(t *testing.T) {
	c := trendOf(Series{"Networks", slices.Repeat([]float64{5}, 24)})
	c.Incomplete = make([]bool, 24)
	c.Incomplete[9], c.Incomplete[22], c.Incomplete[23] = true, true, true
	d := draw(t, Trend(c))
	if n := len(d.find("rect", "part")); n != 3+1 {
		t.Errorf("%d hatched columns, want 3 and the one of the key", n)
	}
	const months = "Jan 2012, Feb 2013 to Mar 2013"
	if key := strings.Join(d.texts("li"), "|"); !strings.Contains(key, "incomplete: not all bodies have published ("+months+")") {
		t.Errorf("the key says %s", key)
	}
	if desc := d.texts("desc")[0]; !strings.HasSuffix(desc, months+".") {
		t.Errorf("the description says %s", desc)
	}
	c.Incomplete = nil
	if d := draw(t, Trend(c)); len(d.find("rect", "part")) != 0 {
		t.Error("a complete month is hatched")
	}
}

func TestMonthsAreNamedFromAprilAndFit(t *testing.T) {
	c := trendOf()
	for n, want := range map[int][]string{
		24: {"Apr 2011", "Oct 2011", "Apr 2012", "Oct 2012"},
		12: {"Apr 2011", "Jul 2011", "Oct 2011", "Jan 2012"},
		2:  {"Apr 2011"},
	} {
		some := c
		some.Months = c.Months[:n]
		if got := namedOf(some); !slices.Equal(got, want) {
			t.Errorf("%d months: %v, want %v", n, got, want)
		}
	}
	c.Months = c.Months[10:]
	if got := namedOf(c); got[0] != "Apr 2012" {
		t.Errorf("from February the first named month is %s", got[0])
	}
	for range 4 {
		c.Months = append(c.Months, c.Months...)
		if got := namedOf(c); len(got) == 0 || len(got) > 4 {
			t.Errorf("%d months: %d are named", len(c.Months), len(got))
		}
	}
}

func namedOf(c TrendChart) (all []string) {
	for _, tick := range c.ticks() {
		if tick.Label != "" {
			all = append(all, tick.Label)
		}
	}
	return all
}

func TestMarksStayInside(t *testing.T) {
	for i := range 24 {
		values := make([]float64, 24)
		values[i] = 1234567
		c := trendOf(Series{"Networks", values})
		m := c.mark(c.Series[0], 1234567, 0)
		left, wide := m.X, 100*textWidth(m.Words)/chartNarrowest
		switch m.Side {
		case "mid":
			left -= wide / 2
		case "end":
			left -= wide
		}
		if left < 0 || left+wide > 100 {
			t.Errorf("the words of month %d lie from %.1f to %.1f per cent of a phone", i, left, left+wide)
		}
	}
}

func TestNothingIsDrawnOfNothing(t *testing.T) {
	empty := trendOf(Series{"Networks", nil})
	empty.Months = nil
	if d := draw(t, Bars(BarChart{ID: "a", Mean: 3}), Trend(trendOf()), Trend(empty)); len(d.Inside) != 0 {
		t.Errorf("%d elements are drawn", len(d.Inside))
	}
}

func TestChartsSpeakForThemselves(t *testing.T) {
	second, other := barsOf(falling(43)...), trendOf(Series{"Hosting", falling(24)})
	second.ID, other.ID = "officers", "hosting"
	second.Mean, second.MeanWords, second.Bars[3].Own = 50, "Mean £50.00", true
	d := draw(t, Bars(barsOf(3, 2)), Bars(second), Trend(trendOf(Series{"Networks", falling(24)})), Trend(other))
	ids := map[string]bool{}
	noStyleOrScript(t, d, ids)
	drawn := 0
	for _, svg := range d.find("svg", "") {
		if svg.attr("aria-hidden") == "true" {
			continue
		}
		drawn++
		if svg.attr("role") != "img" || svg.texts("title")[0] == "" || svg.texts("desc")[0] == "" {
			t.Errorf("%s is no image with a title and a description", svg.attr("aria-labelledby"))
		}
		for _, id := range strings.Fields(svg.attr("aria-labelledby")) {
			if !ids[id] {
				t.Errorf("nothing is called %s", id)
			}
		}
		if len(svg.find("a", "")) != 0 {
			t.Error("a link inside an image cannot be reached")
		}
	}
	if drawn != 4 || len(ids) != 8 {
		t.Errorf("%d drawings with %d ids, want 4 with 8", drawn, len(ids))
	}
}

// noStyleOrScript walks a page: the policy of the pages drops inline styles.
func noStyleOrScript(t *testing.T, d drawing, ids map[string]bool) {
	for _, a := range d.Attrs {
		if name := a.Name.Local; name == "style" || name == "fill" || strings.HasPrefix(name, "on") {
			t.Errorf("%s has the attribute %s", d.XMLName.Local, name)
		}
	}
	if id := d.attr("id"); id != "" {
		if ids[id] {
			t.Errorf("%s is there twice", id)
		}
		ids[id] = true
	}
	for _, in := range d.Inside {
		noStyleOrScript(t, in, ids)
	}
}

func TestPagesLeadOnlyWhereThereIsAPage(t *testing.T) {
	for name, row := range map[string]struct {
		p    Paging
		want []string
	}{
		"the first page": {Paging{Older: "/spend?before=9"}, []string{"/spend?before=9"}},
		"between":        {Paging{Newer: "/n", Older: "/o"}, []string{"/n", "/o"}},
		"the last page":  {Paging{Newer: "/n"}, []string{"/n"}},
		"the only page":  {Paging{}, nil},
	} {
		row.p.Label, row.p.Words = "Pages of lines", PageWords(51, 100, 204816)
		d := draw(t, pages(row.p))
		var got []string
		for _, a := range d.find("a", "") {
			got = append(got, a.attr("href"))
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s leads to %v, want %v", name, got, row.want)
		}
		if words := d.texts("span")[0]; words != "51 to 100 of 204,816" {
			t.Errorf("%s says %q", name, words)
		}
	}
}

func TestAChartOfTwoYearsLeavesOutMonthsWithoutAFigure(t *testing.T) {
	c := PairChart{ID: "p", Title: "IT spend", Then: "2011–12", Now: "2012–13", Unit: func(v float64) string { return fmt.Sprint(v) },
		Pairs: []Pair{{"Apr", 4, 2}, {"May", math.NaN(), 1}, {"Jun", 0, -1}, {"Jul", 3, math.NaN()}}}
	p := c.plan()
	if len(p.Columns) != 5 || p.Highest != "4" || len(p.Labels) != 2 || p.Labels[1].Label != "Jul" {
		t.Fatalf("%+v", p)
	}
	for _, d := range p.Columns {
		if d.X < 0 || d.X+d.W > 100 || d.Y < pairTop || d.Y+d.H > pairTop+pairTall+.1 || d.H < 1 {
			t.Errorf("column %+v leaves the chart", d)
		}
	}
	if !c.gaps() {
		t.Error("the key does not say what no column means")
	}
}
