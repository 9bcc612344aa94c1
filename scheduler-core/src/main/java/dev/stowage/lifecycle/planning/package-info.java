/**
 * What a planner is told, and what is made of its answer: the feed, the input, the steps of a plan
 * that still hold.
 */
@NullMarked
package dev.stowage.lifecycle.planning;

import org.jspecify.annotations.NullMarked;
