/** Computes the answers about a fleet from its state. */
@NullMarked
package dev.stowage.lifecycle.answering;

import org.jspecify.annotations.NullMarked;
