/** Workers, zones, pools, weight classes and replication factors, fixed while a plan is made. */
@NullMarked
package dev.stowage.placement.fleet;

import org.jspecify.annotations.NullMarked;
