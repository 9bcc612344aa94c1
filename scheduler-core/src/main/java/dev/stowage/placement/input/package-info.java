/**
 * What a plan depends on, laid open: chunks, replicas, pins, bans and wishes, in flat arrays.
 *
 * <p>Everything above reads these arrays; only drafts and an index write them.
 */
@NullMarked
package dev.stowage.placement.input;

import org.jspecify.annotations.NullMarked;
