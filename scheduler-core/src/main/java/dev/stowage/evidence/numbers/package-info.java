/** Encodes lists of chunk numbers canonically. */
@NullMarked
package dev.stowage.evidence.numbers;

import org.jspecify.annotations.NullMarked;
