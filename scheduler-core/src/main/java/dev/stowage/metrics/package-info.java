/** Meters of a facade for Micrometer; only this package needs {@code micrometer-core}. */
@NullMarked
package dev.stowage.metrics;

import org.jspecify.annotations.NullMarked;
