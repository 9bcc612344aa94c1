/** The published baseline that the planner is compared with. */
@NullMarked
package dev.stowage.placement.baseline;

import org.jspecify.annotations.NullMarked;
