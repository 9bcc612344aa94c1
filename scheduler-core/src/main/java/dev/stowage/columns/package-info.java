/**
 * The primitive collections that everything else is built on: columns, lists, sets, heaps and
 * indexes of ints and longs, without an object per element; and the hashes, sums, orders and tokens
 * that go with them; and two rules for what the border checks, of names and of nulls.
 *
 * <p>Not thread-safe where nothing else is said, and not exported. Arguments are trusted: what a
 * host hands in is checked at the border, long before it gets here. Iteration orders and ties are
 * part of every contract, because decisions are made in them.
 */
@NullMarked
package dev.stowage.columns;

import org.jspecify.annotations.NullMarked;
