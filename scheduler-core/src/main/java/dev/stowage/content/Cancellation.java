package dev.stowage.content;

import java.util.List;

/** The items removed by a cancellation: waiting ones and those in flight, oldest first. */
public record Cancellation(List<ContentItem> queued, List<ContentItem> inFlight) {
  /** A cancellation that found nothing. */
  public static final Cancellation NOTHING = new Cancellation(List.of(), List.of());

  /** Copies the lists. */
  public Cancellation {
    queued = List.copyOf(queued);
    inFlight = List.copyOf(inFlight);
  }

  /** Reports whether nothing was cancelled. */
  public boolean isEmpty() {
    return queued.isEmpty() && inFlight.isEmpty();
  }
}
