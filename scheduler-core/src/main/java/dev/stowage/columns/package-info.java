/**
 * Primitive collections of ints and longs, with hashes, orders and the border checks of names and
 * nulls. Not thread-safe unless stated. Arguments are trusted; iteration orders and ties are part
 * of every contract, because decisions depend on them.
 */
@NullMarked
package dev.stowage.columns;

import org.jspecify.annotations.NullMarked;
