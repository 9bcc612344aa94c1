package dev.stowage.client;

import java.util.concurrent.CompletionStage;

/** Carries requests to a control plane and brings its answers, as the host's HTTP client does. */
@FunctionalInterface
public interface Transport {
  /**
   * Sends bytes for {@link ClientDoor#answer} and returns at once. An exception, thrown or in the
   * stage, is a failed attempt; late answers are dropped, so a request may be sent twice. The
   * route, taken modulo the number of control planes, grows by 1 after each failure or refusal.
   */
  CompletionStage<byte[]> send(byte[] request, int route);
}
