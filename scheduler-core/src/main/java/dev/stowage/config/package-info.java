/** The settings of a fleet and of its planner, and the rules and reasons that they name. */
@NullMarked
package dev.stowage.config;

import org.jspecify.annotations.NullMarked;
