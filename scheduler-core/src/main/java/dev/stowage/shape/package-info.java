/**
 * Declares the fields of a row, a command, a configuration or a record once.
 *
 * <p>A {@link dev.stowage.shape.Shape} lists typed fields with their bounds and defaults. Bytes,
 * digests, changes, violated bounds, columns, words and texts are derived from it through a {@link
 * dev.stowage.shape.Sink} or a {@link dev.stowage.shape.Source}. Shapes are immutable and
 * thread-safe.
 */
@NullMarked
package dev.stowage.shape;

import org.jspecify.annotations.NullMarked;
