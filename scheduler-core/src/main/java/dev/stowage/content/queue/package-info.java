/** The waiting items of one scheduler and the search for the next one; confined to its thread. */
@NullMarked
package dev.stowage.content.queue;

import org.jspecify.annotations.NullMarked;
