package dev.stowage.client;

import dev.stowage.columns.ForeignText;
import dev.stowage.columns.Mix;
import dev.stowage.lifecycle.documents.DocumentException;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries one request at a time. Not thread-safe, except for the end of a stage. */
final class Exchange {
  private final Transport transport;
  private final ClientConfig config;
  private final String fleet;
  private final long salt;
  private final AtomicReference<@Nullable Arrival> arrival = new AtomicReference<>();
  private @Nullable Consumer<Envelope> open;
  private long ticket;
  private long deadline;
  private long pauseUntil;
  private long requests;
  private long failures;
  private int attempt;
  private int route;
  private String lastFailure = "";
  private volatile Runnable onAnswer = () -> {};

  private record Arrival(long ticket, byte @Nullable [] bytes, @Nullable Throwable failure) {}

  Exchange(Transport transport, ClientConfig config, String fleet, String name) {
    this.transport = Objects.requireNonNull(transport, "transport");
    this.config = Objects.requireNonNull(config, "config");
    this.fleet = Objects.requireNonNull(fleet, "fleet");
    this.salt = name.hashCode();
  }

  /** Runs {@code hint} on any thread whenever a turn can take something in. */
  void onAnswer(Runnable hint) {
    onAnswer = Objects.requireNonNull(hint, "hint");
  }

  /** Gives up the answer to the open request. */
  void drop() {
    open = null;
  }

  boolean isFree(long now) {
    return open == null && now >= pauseUntil;
  }

  boolean isAsking() {
    return open != null;
  }

  <T> void ask(Shape<T> shape, T request, long now, Consumer<Envelope> taking) {
    byte[] bytes = Envelope.seal(config.format(), fleet, shape, request);
    long mine = ++ticket;
    open = taking;
    requests++;
    deadline = now + config.timeoutNanos();
    arrival.set(null);
    try {
      CompletionStage<byte[]> answer = transport.send(bytes, route);
      answer.whenComplete((got, failure) -> arrives(new Arrival(mine, got, failure)));
    } catch (RuntimeException thrown) {
      arrives(new Arrival(mine, null, thrown));
    }
  }

  private void arrives(Arrival next) {
    arrival.accumulateAndGet(
        next,
        (had, given) -> had == null || given == null || given.ticket > had.ticket ? given : had);
    onAnswer.run();
  }

  void turn(long now) {
    Consumer<Envelope> taking = open;
    if (taking == null) {
      return;
    }
    Arrival come = arrival.getAndSet(null);
    if (come != null && come.ticket == ticket) {
      open = null;
      take(come, taking, now);
    } else if (now >= deadline) {
      open = null;
      unserved("no answer within " + Unit.NANOS.print(config.timeoutNanos()), now);
    }
  }

  // The next control plane may lead, or hear of the leader.
  void unserved(String why, long now) {
    route = (route + 1) & Integer.MAX_VALUE;
    failed(why, now);
  }

  private void take(Arrival come, Consumer<Envelope> taking, long now) {
    if (come.bytes == null) {
      unserved("the transport failed: " + come.failure, now);
      return;
    }
    try {
      Envelope answer = Envelope.open(come.bytes);
      if (!answer.fleet().equals(fleet)) {
        String why =
            "the answer names fleet "
                + ForeignText.quoted(answer.fleet())
                + "; this client is of "
                + fleet;
        unserved(why, now);
      } else if (answer.name().equals(Wire.Refused.SHAPE.name())) {
        Wire.Refused refused = answer.read(Wire.Refused.SHAPE);
        unserved(refused.why() + ": " + refused.reason(), now);
      } else {
        long before = failures;
        taking.accept(answer);
        attempt = failures == before ? 0 : attempt;
      }
    } catch (DocumentException | IllegalArgumentException unusable) {
      unserved("the answer cannot be used: " + unusable.getMessage(), now);
    }
  }

  // The pause doubles with each failure in a row and differs between clients.
  void failed(String why, long now) {
    lastFailure = ForeignText.message(why);
    failures++;
    pauseUntil = now + pause(attempt++, salt + failures);
  }

  long pause(int before, long drawnBy) {
    long doubled = config.retryFirstNanos() << Math.min(before, 20);
    long longest = Math.min(config.retryLongestNanos(), doubled < 0 ? Long.MAX_VALUE : doubled);
    return longest - Long.remainderUnsigned(Mix.mix(drawnBy), longest / 2 + 1);
  }

  int failedInRow() {
    return attempt;
  }

  long requests() {
    return requests;
  }

  long failures() {
    return failures;
  }

  String lastFailure() {
    return lastFailure;
  }
}
