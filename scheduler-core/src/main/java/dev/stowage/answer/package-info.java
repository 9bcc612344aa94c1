/** What a host is told about its fleet, as values. What computes them is not here. */
@NullMarked
package dev.stowage.answer;

import org.jspecify.annotations.NullMarked;
