package main

import "testing"

func (b *browser) journeys(t *testing.T) {}
