// Package scrutiny draws questions, recommendations, committees, meetings and
// inquiries.
package scrutiny
