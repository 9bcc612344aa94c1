/**
 * Immutable values of the scheduler, which check their parts when they are built. Ids and keys are
 * compared by unsigned UTF-8 bytes ({@link dev.stowage.columns.Utf8Order}), so that Java and a
 * database with a byte-wise collation agree on every order.
 */
@NullMarked
package dev.stowage.model;

import org.jspecify.annotations.NullMarked;
