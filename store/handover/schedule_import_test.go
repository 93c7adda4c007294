package handover_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

const importHeader = "kind,title,holder before,holder after,value,evidence\n"

func TestParseItems(t *testing.T) {
	cp1252, err := charmap.Windows1252.NewEncoder().String(importHeader + "asset,Café “radio”,kent,,£12.50,\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		file, want string // of the items: kind|title|before|after|worth|evidence
	}{
		"a plain row":                {importHeader + "contract,Network,home-office,kent,\"1,234.50\",Deed 7\n", "contract|Network|home-office|kent|£1,234.50|Deed 7"},
		"a byte order mark":          {"\xef\xbb\xbf" + importHeader + "loan,L,APA,Essex,5,\n", "loan|L|association|essex|£5.00|"},
		"Windows-1252":               {cp1252, "asset|Café “radio”|kent||£12.50|"},
		"lines of Windows":           {strings.ReplaceAll(importHeader+"loan,L,APA,,5,\n", "\n", "\r\n"), "loan|L|association||£5.00|"},
		"any order, case and spaces": {" Value ,EVIDENCE,Holder_After,HolderBefore,Title,Kind\n,,E23000032,Home Office,Posts,Staff-Post\n", "staff post|Posts|home-office|kent|not valued|"},
		"not valued, in words":       {importHeader + "Intellectual Property,Name,company,,Not valued,\n", "intellectual property|Name|company||not valued|"},
		"the whole name of a body":   {importHeader + "asset,A,Police and Crime Commissioner for Kent,,0,\n", "asset|A|kent||£0.00|"},
		"the association’s new name": {importHeader + "asset,A,APCC,,0,\n", "asset|A|association||£0.00|"},
		"an empty row is left out":   {importHeader + ",,,,,\nasset,A,kent,,0,\n", "asset|A|kent||£0.00|"},
		"empty columns at the end":   {"kind,title,holder before,holder after,value,evidence,,\nasset,A,kent,,0,,,\n", "asset|A|kent||£0.00|"},
		"a header alone":             {importHeader, ""},
	} {
		t.Run(name, func(t *testing.T) {
			items, faults, err := handover.ParseItems([]byte(tt.file))
			if err != nil || len(faults) > 0 {
				t.Fatal(faults, err)
			}
			var got []string
			for _, i := range items {
				got = append(got, strings.Join([]string{string(i.Kind), i.Title, i.Before, i.After, i.Worth(), i.Evidence}, "|"))
			}
			if strings.Join(got, "\n") != tt.want {
				t.Fatal(got)
			}
		})
	}
}

func TestParseItemsNamesEveryFault(t *testing.T) {
	file := importHeader +
		"asset,Good,kent,,1,\n" +
		"vehicle,,atlantis,nowhere,lots,\n" +
		",T,,,1,\n" +
		"asset,T,kent\n" +
		"asset,T,kent,,−5,\n" +
		"asset,T,kent,,1,,extra\n"
	items, faults, err := handover.ParseItems([]byte(file))
	if err != nil || len(items) != 1 {
		t.Fatal(items, err)
	}
	var got []string
	for _, f := range faults {
		got = append(got, fmt.Sprintf("%d %s", f.Row, f.Field))
		if !strings.HasSuffix(f.Msg, ".") {
			t.Error("not a sentence:", f.Msg)
		}
	}
	want := "3 kind,3 before,3 after,3 value,3 title,4 kind,4 before,5 ,6 value,7 "
	if strings.Join(got, ",") != want {
		t.Fatalf("%s\nwant %s", strings.Join(got, ","), want)
	}
	for name, file := range map[string]string{
		"empty":             "",
		"no header":         "asset,A,kent,,0,\n",
		"a missing column":  "kind,title,holder before,holder after,value\n",
		"a column twice":    "kind,kind,title,holder before,holder after,value,evidence\n",
		"an unknown column": "kind,title,holder before,holder after,value,evidence,colour\n",
		"a workbook":        "PK\x03\x04\x00\x00",
		"an open quotation": importHeader + "asset,\"A,kent,,0,\n",
		"too many rows":     importHeader + strings.Repeat("asset,A,kent,,0,\n", handover.MaxImportRows+1),
		"too large":         importHeader + strings.Repeat("x", handover.MaxImportBytes),
	} {
		if _, _, err := handover.ParseItems([]byte(file)); fmt.Sprint(storetest.FieldsOf(err)) != "[file]" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if items, faults, err := handover.ParseItems([]byte(importHeader + strings.Repeat("asset,A,kent,,0,\n", handover.MaxImportRows))); err != nil || len(faults) > 0 || len(items) != handover.MaxImportRows {
		t.Fatal("the most rows that are allowed:", len(items), len(faults), err)
	}
}

func TestImportIsAllOrNothing(t *testing.T) {
	c := newScheduleCast(t)
	c.add(t, network)
	file := []byte(importHeader + "contract,Network,home-office,kent,1234567.89,Deed of novation 7\nasset,Vans,kent,,not valued,\n")
	trial, err := handover.TryImport(t.Context(), c.Tx, c.secretary, file)
	if err != nil || !trial.Good() || trial.Repeats != 1 || trial.Before.Total != 1 || trial.After.Total != 3 || trial.After.Open != 1 || trial.Before.Kinds[0].Count != 1 {
		t.Fatalf("%+v %v", trial, err)
	}
	if now, err := handover.Summary(t.Context(), c.Tx, record.Moment{}); err != nil || now.Hash != trial.Before.Hash {
		t.Fatal("trying stored something", now, err)
	}
	head, err := record.ReadHead(t.Context(), c.Tx)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		by    office.Viewer
		items []handover.Item
		kind  fault.Kind
	}{
		"one bad item of three": {c.secretary, append(many(2), handover.Item{Kind: handover.AssetItem, Title: "", Before: "kent"}), fault.Invalid},
		"none":                  {c.secretary, nil, fault.Invalid},
		"too many":              {c.secretary, many(handover.MaxImportRows + 1), fault.Invalid},
		"by a holder":           {c.kent, many(2), fault.Forbidden},
	} {
		if _, err := handover.ImportItems(t.Context(), c.Tx, tt.by, tt.items); fault.KindOf(err) != tt.kind {
			t.Fatal(name, err)
		}
	}
	if after, err := record.ReadHead(t.Context(), c.Tx); err != nil || after.Size != head.Size {
		t.Fatal("a refused import left an event", err)
	}
	n, err := handover.ImportItems(t.Context(), c.Tx, c.secretary, trial.Items)
	if err != nil {
		t.Fatal(err)
	}
	e, err := record.FindEvent(t.Context(), c.Tx, n)
	if err != nil || e.Act != "schedule.import" || e.Subject != "schedule" || !strings.Contains(e.Payload, `"item/2"`) || !strings.Contains(e.Payload, `"item/3"`) {
		t.Fatal(e, err)
	}
	if now, err := handover.Summary(t.Context(), c.Tx, record.Moment{}); err != nil || fmt.Sprint(now.Kinds) != fmt.Sprint(trial.After.Kinds) {
		t.Fatalf("%+v, and the preview said %+v (%v)", now, trial.After, err)
	}
	if got := c.item(t, 3); got.Status != handover.ItemProposed || got.ProposedBy != c.secretary.Person || got.Title != "Vans" {
		t.Fatalf("%+v", got)
	}
	if _, err := handover.TryImport(t.Context(), c.Tx, c.kent, file); fault.KindOf(err) != fault.Forbidden {
		t.Fatal("a holder tries a file:", err)
	}
	storetest.Sound(t, c.Tx)
}

func TestAForgedItemIsImportedAsProposed(t *testing.T) {
	c := newScheduleCast(t)
	i := network
	i.Status, i.AcceptedBy, i.Version, i.ID = handover.ItemAccepted, c.kent.Person, 9, 77
	if _, err := handover.ImportItems(t.Context(), c.Tx, c.secretary, []handover.Item{i}); err != nil {
		t.Fatal(err)
	}
	if got := c.item(t, 1); got.Status != handover.ItemProposed || got.AcceptedBy != 0 || got.Version != 1 {
		t.Fatalf("%+v", got)
	}
}

func FuzzParseItems(f *testing.F) {
	for _, seed := range []string{importHeader + "asset,A,kent,,1.50,Deed\n", "", "\xef\xbb\xbf" + importHeader, importHeader + "asset,\xe9,APA,,not valued,\n\"", "kind\r\n\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		items, faults, err := handover.ParseItems(file)
		if err != nil && (len(items) > 0 || fault.KindOf(err) != fault.Invalid) {
			t.Fatal(err)
		}
		for _, i := range items {
			if _, known := office.BodyOf(i.Before); !known || i.Kind == "" || i.Title == "" || i.Value < 0 || !i.Valued && i.Value != 0 {
				t.Fatalf("%+v", i)
			}
		}
		for _, f := range faults {
			if f.Row < 2 || f.Msg == "" {
				t.Fatal(f)
			}
		}
	})
}
