/**
 * Runs beside the scheduler: a worker, a portal, and the door by which a control plane answers
 * them. Nothing here has a transport, a file or a thread of its own; the host passes functions.
 */
@NullMarked
package dev.stowage.client;

import org.jspecify.annotations.NullMarked;
