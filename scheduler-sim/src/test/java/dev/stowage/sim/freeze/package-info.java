/**
 * What a change of form must not change, boiled down to one line a thing: plans, evidence,
 * scenarios, walks, bytes. {@code .ci/freeze} compares the lines with those that were recorded.
 */
@NullMarked
package dev.stowage.sim.freeze;

import org.jspecify.annotations.NullMarked;
