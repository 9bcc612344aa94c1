package dev.stowage.client;

import java.util.concurrent.CompletionStage;

/** Carries requests to a control plane and brings its answers: the host's HTTP client, say. */
@FunctionalInterface
public interface Transport {
  /**
   * Sends a request and returns at once. What the stage ends with is taken in by the next turn of
   * the client; an exception, thrown or in the stage, counts as a failed attempt. An answer that
   * comes after the client has stopped waiting is dropped, so every request may be sent twice.
   *
   * @param request bytes for {@link ClientDoor#answer}
   * @param route which control plane to ask: the same number while it answers, and 1 more after
   *     each request that failed or that it refused; a host takes it modulo their number
   */
  CompletionStage<byte[]> send(byte[] request, int route);
}
