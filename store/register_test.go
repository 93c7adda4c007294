package store_test

import (
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

func TestSmoke(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	sec := storetest.Holder(t, s, store.CompanySecretary, store.TheCompany)
	for _, e := range []store.Entry{
		{Kind: store.Incorporated, Registered: "2012-07-16"},
		{Kind: store.Admitted, Body: store.HomeOffice, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "x", Registered: "2012-07-16"},
	} {
		if _, err := s.Enter(ctx, sec, e); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Register(ctx, store.When{})
	if err != nil || r.Votes != 1 {
		t.Fatal(r, err)
	}
	v, err := s.Verify(ctx)
	if err != nil || !v.OK() {
		t.Fatal(v, err)
	}
	t.Log(v)
}
