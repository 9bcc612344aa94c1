/** Tells a host about its fleet in values, which do not know how they are computed. */
@NullMarked
package dev.stowage.answer;

import org.jspecify.annotations.NullMarked;
