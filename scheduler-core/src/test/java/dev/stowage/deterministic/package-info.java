/** Tests of the deterministic runtime; tags name the design rows that they cover. */
@NullMarked
package dev.stowage.deterministic;

import org.jspecify.annotations.NullMarked;
