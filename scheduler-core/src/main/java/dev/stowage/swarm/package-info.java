/**
 * Broadcasts, chats and livestreams on top of propagation.
 *
 * <p>No fleet of chunks uses them: what Stowage itself has to tell is told by {@link
 * dev.stowage.propagation.AssignmentPropagation}.
 */
@NullMarked
package dev.stowage.swarm;

import org.jspecify.annotations.NullMarked;
