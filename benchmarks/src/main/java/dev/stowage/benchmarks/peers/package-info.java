/**
 * Other planners beside ours: one problem, one answer, one adapter for each. What an adapter cannot
 * tell its planner (capacity, weights, more than one replica) it says in {@link
 * dev.stowage.benchmarks.peers.PlacementSubject#limits}.
 */
@NullMarked
package dev.stowage.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
