package spend_test

import (
	"testing"

	"github.com/police-ict/handover/store/storetest"
)

func TestMain(m *testing.M) { storetest.Lavish(m) }
