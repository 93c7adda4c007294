// Package handover draws the handover: accessions, the schedule, milestones,
// the statement and the conditions.
package handover
