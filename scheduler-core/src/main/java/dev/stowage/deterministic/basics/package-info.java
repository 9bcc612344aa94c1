/** Checks of arguments, names of settings, and a parking wait for queues and scheduler. */
@NullMarked
package dev.stowage.deterministic.basics;

import org.jspecify.annotations.NullMarked;
