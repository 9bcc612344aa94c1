/** What content scheduling promises, row by row, and against a naive reference. */
@NullMarked
package dev.stowage.content;

import org.jspecify.annotations.NullMarked;
