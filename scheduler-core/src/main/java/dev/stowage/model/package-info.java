/**
 * What Stowage talks about: datasets and chunks, workers and portals, ids and logical time.
 *
 * <p>Every type is an immutable value that refuses what it cannot mean when it is built. Ids and
 * keys are compared by their unsigned UTF-8 bytes ({@link dev.stowage.columns.Utf8Order}), so that
 * Java and a database with a byte-wise collation agree on every order.
 */
@NullMarked
package dev.stowage.model;

import org.jspecify.annotations.NullMarked;
