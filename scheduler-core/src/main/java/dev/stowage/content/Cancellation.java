package dev.stowage.content;

import java.util.List;

/**
 * What a cancellation removed.
 *
 * @param queued items that waited and wait no more, oldest first
 * @param inFlight items that had gone out and whose tokens say so now, oldest first
 */
public record Cancellation(List<ContentItem> queued, List<ContentItem> inFlight) {
  /** Nothing was there to cancel. */
  public static final Cancellation NOTHING = new Cancellation(List.of(), List.of());

  /** Copies the lists. */
  public Cancellation {
    queued = List.copyOf(queued);
    inFlight = List.copyOf(inFlight);
  }

  /** Whether nothing was there to cancel. */
  public boolean isEmpty() {
    return queued.isEmpty() && inFlight.isEmpty();
  }
}
