/**
 * A queue of prioritised items, {@link dev.stowage.content.ContentScheduler}. Its rules in order:
 * held back by pressure; dropped at the deadline; rescue slot after too long a wait; higher class;
 * near deadline; turn of the flow; smaller under elevated pressure; utility per cost; age; id.
 * Permits for bytes come last; an overdue item larger than its destination's burst saves them up.
 * Times are signed nanoseconds since an epoch of the caller's choice; a time before an earlier one
 * reads as the latest. Ids are unsigned 64-bit numbers.
 */
@NullMarked
package dev.stowage.content;

import org.jspecify.annotations.NullMarked;
