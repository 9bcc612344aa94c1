package dev.stowage.sim.kit.world;

import dev.stowage.client.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/**
 * A network that delays, loses, repeats, cuts off and changes messages in both directions. What
 * stands on it is delivered in any order.
 */
public final class FaultyWire {
  private final IntUnaryOperator below;
  private final WorldFaults faults;
  private final BiFunction<byte[], Integer, byte[]> doors;
  private final List<Runnable> onTheWay = new ArrayList<>();
  private boolean isHealed;

  /**
   * Creates a wire that is not healed.
   *
   * @param below draws a number from 0 to its argument - 1
   * @param faults the percentages of messages that are lost, damaged and repeated
   * @param doors answers a request that came over a route
   */
  public FaultyWire(
      IntUnaryOperator below, WorldFaults faults, BiFunction<byte[], Integer, byte[]> doors) {
    this.below = below;
    this.faults = faults;
    this.doors = doors;
  }

  /** Delivers all messages, and from now on each at once and unchanged. */
  public void heal() {
    isHealed = true;
    while (!onTheWay.isEmpty()) {
      deliver();
    }
  }

  /** Returns the client's end. */
  public Transport transport() {
    return transport(() -> {});
  }

  /** Returns the end of a client that hears of each message of it that is lost or changed. */
  Transport transport(Runnable spoilt) {
    return (request, route) -> {
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      if (isHealed) {
        answer.complete(doors.apply(request, route));
        return answer;
      }
      if (below.applyAsInt(40) == 0) {
        spoilt.run();
        throw new IllegalStateException("no route");
      }
      send(request, bytes -> arrive(bytes, route, answer, spoilt), spoilt);
      return answer;
    };
  }

  private void arrive(byte[] request, int route, CompletableFuture<byte[]> to, Runnable spoilt) {
    byte[] answer = doors.apply(request, route);
    send(answer, to::complete, spoilt);
  }

  private void send(byte[] bytes, Consumer<byte[]> to, Runnable spoilt) {
    int fate = below.applyAsInt(100);
    if (fate < faults.loss() + faults.damage()) {
      spoilt.run();
    }
    if (fate < faults.loss()) {
      return;
    }
    byte[] sent = bytes.clone();
    if (fate < faults.loss() + faults.damage() * 3 / 5 && sent.length > 0) {
      sent[below.applyAsInt(sent.length)] ^= (byte) (1 << below.applyAsInt(8));
    } else if (fate < faults.loss() + faults.damage()) {
      sent = Arrays.copyOf(sent, below.applyAsInt(sent.length + 1));
    }
    byte[] given = sent;
    onTheWay.add(() -> to.accept(given));
    if (fate >= 100 - faults.repeat()) {
      onTheWay.add(() -> to.accept(given));
    }
  }

  /** Delivers one message, most often the oldest. */
  public void deliver() {
    if (!onTheWay.isEmpty()) {
      int at = below.applyAsInt(4) == 0 ? below.applyAsInt(onTheWay.size()) : 0;
      onTheWay.remove(at).run();
    }
  }

  /** Returns the number of messages on the wire. */
  public int waiting() {
    return onTheWay.size();
  }
}
