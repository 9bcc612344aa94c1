/**
 * Who hears of it, when, how fully? Nodes declare interest in states; an update of a state becomes
 * a decision for every interested node, and a delivery once its delay is over and the node's budget
 * allows it.
 *
 * <p>The front door is {@link dev.stowage.propagation.PropagationScheduler}. It stands on an {@link
 * dev.stowage.propagation.InterestMap} (who wants to hear), a {@link
 * dev.stowage.propagation.topology.PropagationTopology} (who can be reached, and how well) and
 * {@link dev.stowage.propagation.authority.AuthoritySet}s (who may speak). {@link
 * dev.stowage.swarm.Swarm} runs a broadcast on it, {@link
 * dev.stowage.propagation.AssignmentPropagation} what Stowage itself has to tell: slices to workers
 * and routes to portals.
 *
 * <p>Nothing here owns a thread or a clock: every operation that needs the time takes it, in
 * nanoseconds since an epoch of the caller's choice. A time before one that was already given is
 * read as the latest given, and counted; one that is implausibly far ahead is refused. Ids of nodes
 * and states are unsigned 64-bit numbers, and never compared with each other. What is refused is a
 * typed answer; it is counted and changes nothing. Every type belongs to one thread at a time
 * unless it says otherwise.
 */
@NullMarked
package dev.stowage.propagation;

import org.jspecify.annotations.NullMarked;
