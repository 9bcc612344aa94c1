/**
 * Who may hold what, and how much of it: workers, zones, pools, weight classes and the factors that
 * they earn.
 *
 * <p>Fixed while a plan is made.
 */
@NullMarked
package dev.stowage.placement.fleet;

import org.jspecify.annotations.NullMarked;
