/**
 * Workers, zones, pools, weight classes and the replication factors these earn; fixed while a plan
 * is made.
 */
@NullMarked
package dev.stowage.placement.fleet;

import org.jspecify.annotations.NullMarked;
