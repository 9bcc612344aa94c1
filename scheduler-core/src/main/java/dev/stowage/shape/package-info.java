/**
 * Declares the fields of a row once, in a {@link dev.stowage.shape.Shape}, from which bytes,
 * digests, changes, columns and texts derive.
 */
@NullMarked
package dev.stowage.shape;

import org.jspecify.annotations.NullMarked;
