package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the picture of the rooms anew")

// everyRoom are packages that nearly all others import: the picture leaves out
// who does.
var everyRoom = []string{"store/fault", "store/text", "store/civil", "store/money", "store/db", "store/office", "store/record", "views/page", "web/serve", "static"}

// TestThePictureShowsTheRooms draws docs/architecture.svg from the imports, and
// holds the kept one to it.
func TestThePictureShowsTheRooms(t *testing.T) {
	all, _ := sources(t)
	uses := map[string]map[string]bool{}
	for _, s := range all {
		for _, name := range imports(t, s) {
			ours, ok := strings.CutPrefix(name, module+"/")
			if !ok || slices.Contains(everyRoom, ours) || ours == s.folder {
				continue
			}
			if uses[s.folder] == nil {
				uses[s.folder] = map[string]bool{}
			}
			uses[s.folder][ours] = true
		}
	}
	got := picture(uses)
	const file = "docs/architecture.svg"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not that of the imports (%v): go test -run Picture . -update", file, err)
	}
}

// picture draws the packages in rows, highest first. Each says which others of
// its folder it imports.
func picture(uses map[string]map[string]bool) []byte {
	const width, row, gap = 1180, 64, 10
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" role="img" aria-labelledby="title">`, width, 30+len(rooms)*(row+gap))
	fmt.Fprint(&b, "\n<title id=\"title\">The packages of the portal: each imports only packages in the same row to its left, or below it</title>\n")
	fmt.Fprintf(&b, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", width, 30+len(rooms)*(row+gap))
	y := 20
	for i := len(rooms) - 1; i >= 0; i-- {
		wide := (width - 40 - gap*(len(rooms[i].names)-1)) / len(rooms[i].names)
		for k, name := range rooms[i].names {
			x := 20 + k*(wide+gap)
			shown := name
			if shown == "" {
				shown = "main"
			}
			fmt.Fprintf(&b, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"%s\" stroke=\"#0b0c0c\"/>\n", x, y, wide, row, rooms[i].colour)
			fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" font-size=\"15\" font-weight=\"bold\">%s</text>\n", x+8, y+22, shown)
			var beside []string
			for other := range uses[name] {
				if strings.HasPrefix(other, strings.SplitN(name, "/", 2)[0]+"/") && strings.Contains(name, "/") {
					beside = append(beside, other[strings.LastIndex(other, "/")+1:])
				}
			}
			slices.Sort(beside)
			for n, line := range folded(beside, wide/7) {
				fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" font-size=\"11\">%s</text>\n", x+8, y+39+13*n, line)
			}
		}
		y += row + gap
	}
	fmt.Fprint(&b, "</svg>\n")
	return b.Bytes()
}

// folded are words on lines of a number of characters, two lines at most.
func folded(words []string, wide int) (lines []string) {
	line := ""
	for _, w := range words {
		if line != "" && len(line)+2+len(w) > wide && len(lines) == 0 {
			lines, line = append(lines, line+","), ""
		}
		if line != "" {
			line += ", "
		}
		line += w
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
