package dev.stowage.sim.clients;

import dev.stowage.client.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A network that delays, loses, repeats, cuts off and changes messages in both directions. What
 * stands on it is delivered in any order.
 */
final class FaultyWire {
  private final Random random;
  private final BiFunction<byte[], Integer, byte[]> doors;
  private final List<Runnable> onTheWay = new ArrayList<>();
  private boolean isHealed;

  FaultyWire(Random random, BiFunction<byte[], Integer, byte[]> doors) {
    this.random = random;
    this.doors = doors;
  }

  void heal() {
    isHealed = true;
    while (!onTheWay.isEmpty()) {
      deliver();
    }
  }

  Transport transport() {
    return (request, route) -> {
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      if (isHealed) {
        answer.complete(doors.apply(request, route));
        return answer;
      }
      if (random.nextInt(40) == 0) {
        throw new IllegalStateException("no route");
      }
      send(request, bytes -> arrive(bytes, route, answer));
      return answer;
    };
  }

  private void arrive(byte[] request, int route, CompletableFuture<byte[]> to) {
    byte[] answer = doors.apply(request, route);
    send(answer, to::complete);
  }

  private void send(byte[] bytes, Consumer<byte[]> to) {
    int fate = random.nextInt(100);
    if (fate < 6) {
      return;
    }
    byte[] sent = bytes.clone();
    if (fate < 9 && sent.length > 0) {
      sent[random.nextInt(sent.length)] ^= (byte) (1 << random.nextInt(8));
    } else if (fate < 11) {
      sent = Arrays.copyOf(sent, random.nextInt(sent.length + 1));
    }
    byte[] given = sent;
    onTheWay.add(() -> to.accept(given));
    if (fate >= 94) {
      onTheWay.add(() -> to.accept(given));
    }
  }

  /** Delivers one message, most often the oldest. */
  void deliver() {
    if (!onTheWay.isEmpty()) {
      int at = random.nextInt(4) == 0 ? random.nextInt(onTheWay.size()) : 0;
      onTheWay.remove(at).run();
    }
  }

  int waiting() {
    return onTheWay.size();
  }
}
