package dev.stowage.sim.kit.world;

import dev.stowage.client.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Keeps what a client asks until the world puts it on the wire. Not thread-safe. */
final class Outbox implements Transport {
  private final List<Asked> asked = new ArrayList<>();
  private byte @Nullable [] lastAnswer;
  private @Nullable Asked last;
  private int spoilt;

  private record Asked(byte[] request, int route, CompletableFuture<byte[]> answer) {}

  @Override
  public CompletableFuture<byte[]> send(byte[] request, int route) {
    Asked next = new Asked(request, route, new CompletableFuture<>());
    asked.add(next);
    last = next;
    return next.answer;
  }

  /** Sends all that was asked; reports whether there was any. */
  boolean empty(FaultyWire wire) {
    boolean isAny = !asked.isEmpty();
    asked.forEach(each -> send(each, wire));
    asked.clear();
    return isAny;
  }

  private void send(Asked next, FaultyWire wire) {
    try {
      wire.transport(() -> spoilt++)
          .send(next.request, next.route)
          .thenAccept(bytes -> arrives(next, bytes));
    } catch (IllegalStateException noRoute) {
      next.answer.completeExceptionally(noRoute);
    }
  }

  private void arrives(Asked to, byte[] answer) {
    if (to.answer.complete(answer) && to == last) {
      lastAnswer = answer;
    }
  }

  /** Reports whether the last request has no answer yet. */
  boolean isWaiting() {
    Asked open = last;
    return open != null && !open.answer.isDone();
  }

  /** Returns the number of messages to and fro that were lost or changed. */
  int spoilt() {
    return spoilt;
  }

  /** Returns the last answer; null before the first. */
  byte @Nullable [] lastAnswer() {
    return lastAnswer;
  }
}
