/**
 * A worker, a portal, and the door that answers them. The host passes transport, files and threads.
 */
@NullMarked
package dev.stowage.client;

import org.jspecify.annotations.NullMarked;
