/**
 * Primitive collections of ints and longs without an object per element, with the hashes, sums,
 * orders and tokens that belong to them, and the border checks of names and nulls.
 *
 * <p>Not thread-safe unless stated, and not exported. Arguments are trusted: the border checks what
 * a host passes. Iteration orders and ties are part of every contract, because decisions depend on
 * them.
 */
@NullMarked
package dev.stowage.columns;

import org.jspecify.annotations.NullMarked;
