/** The execution of commands, one class per step; each changes the state by its journal. */
@NullMarked
package dev.stowage.lifecycle.steps;

import org.jspecify.annotations.NullMarked;
