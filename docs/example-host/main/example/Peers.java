package example;

import dev.stowage.client.Transport;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/** Holds what workers and portals have in common: the way to control planes, and a loop. */
final class Peers {
  private Peers() {}

  /** Returns a transport to control planes at these addresses. */
  static Transport planes(List<String> addresses) {
    return (request, route) -> {
      String uri = addresses.get(route % addresses.size()) + "/client";
      return Calls.post(uri, request);
    };
  }

  /**
   * Takes turns of a client for ever, as often as it asks for, and when {@code wake} has a permit.
   */
  static void run(LongUnaryOperator turn, Semaphore wake) throws InterruptedException {
    while (true) {
      wake.tryAcquire(turn.applyAsLong(System.nanoTime()), TimeUnit.NANOSECONDS);
    }
  }
}
