/** The input of the planner and the application of its plans. */
@NullMarked
package dev.stowage.lifecycle.planning;

import org.jspecify.annotations.NullMarked;
