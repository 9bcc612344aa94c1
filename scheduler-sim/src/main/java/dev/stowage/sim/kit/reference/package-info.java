/**
 * A deliberately naive model of the lifecycle design: sets and maps of small objects, every rule a
 * loop over all of them, nothing incremental, nothing indexed. It speaks the core's commands and
 * results, and the value types of {@code model}; it shares no decision with the core. The plan is
 * an input: placement is judged elsewhere.
 */
@NullMarked
package dev.stowage.sim.kit.reference;

import org.jspecify.annotations.NullMarked;
