/**
 * What goes out next? A queue of prioritised items, from which a host asks for one at a time.
 *
 * <p>The front door is {@link dev.stowage.content.ContentScheduler}. The rules, in the order in
 * which they decide: what pressure holds back waits; what has expired is dropped; a rescue slot
 * goes to whoever waited too long; a higher class goes first; within a class, what is due soon goes
 * first; then the flow whose turn it is; then, under elevated pressure, the smaller item; then the
 * more useful per cost; then the older; then the smaller id. Permits for bytes are looked at last.
 * An overdue item that is larger than its destination's burst saves up the permits there.
 *
 * <p>Nothing here owns a thread or a clock: every operation that needs the time takes it, in
 * nanoseconds since an epoch of the caller's choice, as a signed number. A time before one that was
 * already given is read as the latest given. Ids are unsigned 64-bit numbers.
 */
@NullMarked
package dev.stowage.content;

import org.jspecify.annotations.NullMarked;
