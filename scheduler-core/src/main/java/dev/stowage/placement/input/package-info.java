/**
 * The input of a plan in flat arrays: chunks, replicas, pins, bans and wishes. Only drafts and an
 * index write these arrays.
 */
@NullMarked
package dev.stowage.placement.input;

import org.jspecify.annotations.NullMarked;
