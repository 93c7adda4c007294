package booktest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// openDocument is the kind of an OpenDocument spreadsheet.
const openDocument = "application/vnd.oasis.opendocument.spreadsheet"

// ODSCell is a cell as OpenDocument has it.
func ODSCell(v any, more string) string {
	switch v := v.(type) {
	case nil:
		return "<table:table-cell" + more + "/>"
	case string:
		return fmt.Sprintf(`<table:table-cell%s office:value-type="string" calcext:value-type="string"><text:p>%s</text:p></table:table-cell>`, more, escaped(v))
	case int:
		return ODSCell(float64(v), more)
	case float64:
		return fmt.Sprintf(`<table:table-cell%s office:value-type="float" office:value="%v"><text:p>%.2f</text:p></table:table-cell>`, more, v, v)
	case Day:
		return fmt.Sprintf(`<table:table-cell%s office:value-type="date" office:date-value="%s"><text:p>%s</text:p></table:table-cell>`, more, time.Time(v).Format("2006-01-02"), time.Time(v).Format("02/01/06"))
	case Money:
		return fmt.Sprintf(`<table:table-cell%s office:value-type="currency" office:currency="%s" office:value="%v"><text:p>%v</text:p></table:table-cell>`, more, v.Code, v.Pounds, v.Pounds)
	case Formula:
		return ODSCell(v.Value, more+` table:formula="of:=[.A1]"`)
	case Shown:
		return fmt.Sprintf(`<table:table-cell%s office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>%s</text:p></table:table-cell>`, more, v.Text)
	case Spanned:
		return ODSCell(v.Value, fmt.Sprintf(`%s table:number-columns-spanned="1" table:number-rows-spanned="%d"`, more, v.Rows))
	}
	panic(v)
}

// ODSContent is the part that holds the worksheets; root is "document-content" or
// "document" for a flat file.
func ODSContent(root string, sheets []Sheet) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><office:%s xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2" office:mimetype="%s">`, root, openDocument)
	b.WriteString(`<office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>`)
	for _, s := range sheets {
		style := "ta1"
		if s.Hidden {
			style = "ta2"
		}
		fmt.Fprintf(&b, `<table:table table:name="%s" table:style-name="%s"><table:table-column table:number-columns-repeated="16384"/>`, escaped(s.Name), style)
		for _, row := range s.Rows {
			b.WriteString("<table:table-row>")
			for _, v := range row {
				b.WriteString(ODSCell(v, ""))
			}
			b.WriteString(`<table:table-cell table:number-columns-repeated="16000"/></table:table-row>`)
		}
		b.WriteString(`<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>`)
	}
	b.WriteString("</office:spreadsheet></office:body></office:" + root + ">")
	return b.String()
}

// PackODS packs parts of an OpenDocument spreadsheet.
func PackODS(t testing.TB, content string, more map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, text string, method uint16) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("mimetype", openDocument, zip.Store)
	put("content.xml", content, zip.Deflate)
	for name, text := range more {
		put(name, text, zip.Deflate)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ODS is a packed OpenDocument spreadsheet.
func ODS(t testing.TB, sheets []Sheet) []byte {
	return PackODS(t, ODSContent("document-content", sheets), nil)
}
