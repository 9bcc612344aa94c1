/**
 * Meters of a facade for Micrometer. The only package that needs {@code micrometer-core}, which a
 * host brings itself.
 */
@NullMarked
package dev.stowage.metrics;

import org.jspecify.annotations.NullMarked;
