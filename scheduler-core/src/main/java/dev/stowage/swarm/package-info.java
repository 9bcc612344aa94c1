/** Broadcasts, chats and livestreams over propagation; the scheduler does not use them. */
@NullMarked
package dev.stowage.swarm;

import org.jspecify.annotations.NullMarked;
