package booktest

import (
	"fmt"
	"strings"
	"time"
)

// Markup is the workbook as Excel 2003 writes it in XML.
func Markup(sheets []Sheet) []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">")
	data := func(kind, s string) string { return `<Data ss:Type="` + kind + `">` + escaped(s) + "</Data>" }
	var inside func(v any) (attributes, data string)
	inside = func(v any) (string, string) {
		switch v := v.(type) {
		case string:
			return "", data("String", v)
		case int, float64:
			return "", data("Number", fmt.Sprint(v))
		case Day:
			return "", data("DateTime", time.Time(v).Format("2006-01-02T15:04:05.000"))
		case Money:
			return "", data("Number", fmt.Sprint(v.Pounds))
		case Shown:
			return "", data("Error", v.Text)
		case Formula:
			_, d := inside(v.Value)
			return ` ss:Formula="=RC[-1]"`, d
		case Spanned:
			_, d := inside(v.Value)
			return fmt.Sprintf(` ss:MergeDown="%d"`, v.Rows-1), d
		}
		return "", ""
	}
	for _, s := range sheets {
		fmt.Fprintf(&b, `<Worksheet ss:Name="%s"><Table>`, escaped(s.Name))
		for r, row := range s.Rows {
			if len(row) == 0 {
				continue
			}
			fmt.Fprintf(&b, `<Row ss:Index="%d">`, r+1)
			for c, v := range row {
				if v != nil {
					a, d := inside(v)
					fmt.Fprintf(&b, `<Cell ss:Index="%d"%s>%s</Cell>`, c+1, a, d)
				}
			}
			b.WriteString("</Row>")
		}
		b.WriteString("</Table>")
		if s.Hidden {
			b.WriteString(`<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>`)
		}
		b.WriteString("</Worksheet>")
	}
	return []byte(b.String() + "</Workbook>")
}
