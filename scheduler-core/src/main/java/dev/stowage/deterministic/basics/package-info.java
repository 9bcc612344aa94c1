/**
 * What the queues and the scheduler share: checks of arguments, names of settings, and a wait that
 * gives way.
 */
@NullMarked
package dev.stowage.deterministic.basics;

import org.jspecify.annotations.NullMarked;
