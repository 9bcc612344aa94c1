/** The rules of the lifecycle, one fact each, and the same rules against a naive model. */
@NullMarked
package dev.stowage.lifecycle;

import org.jspecify.annotations.NullMarked;
