/**
 * The execution of commands, one class per step. Each changes the state only through its journal.
 */
@NullMarked
package dev.stowage.lifecycle.steps;

import org.jspecify.annotations.NullMarked;
