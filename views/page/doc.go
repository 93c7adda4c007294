// Package page is the shell of every page and the parts that pages of all
// subjects are made of.
//
// A list is made so, with /decisions as the model:
//  1. The handler describes each column once, as a Column: Name and Value are its CSV, Label and Cell its page, Key its sort.
//  2. The route takes serve.Sorted(); serve.AskedSort and serve.AskedPageNumber read sort= and page=.
//  3. The store sorts by a db.Order, breaks ties by reference, and reads the db.Span of one page.
//  4. The page is @Filters with a @FilterGroup for each folded group, then @Chips, @ListTable and @ListPages.
//  5. A column is Lead (the heading of its row), Side (at the right on a phone), Quiet (left out there) or Named (with its label there).
//  6. Sums below all rows are the Foot. Rows that are held in memory are sorted by serve.RowsOf, as those of /suppliers are.
//  7. A reference is shown by Ref, so that it does not break.
package page
