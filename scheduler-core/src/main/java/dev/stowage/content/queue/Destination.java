package dev.stowage.content.queue;

import dev.stowage.pressure.TokenBucket;
import org.jspecify.annotations.Nullable;

/** Where items go to, with its permits. Two are the same if they are the same object. */
public final class Destination {
  /** Its permits; null if bytes may go there as fast as they like. */
  final @Nullable TokenBucket bucket;

  /** Items for it that wait or are in flight. */
  int items;

  /** The search in which it was found to lack permits; searches count from 1. */
  long blockedInSearch;

  Destination(@Nullable TokenBucket bucket) {
    this.bucket = bucket;
  }
}
