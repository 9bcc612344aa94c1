/** Tests of the planner: what it must hold to, stated as checks and properties. */
@NullMarked
package dev.stowage.placement;

import org.jspecify.annotations.NullMarked;
