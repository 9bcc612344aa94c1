package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Payload;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.queues.Timestamp;
import java.util.OptionalInt;

/** What a task wants to happen once it has succeeded. */
public sealed interface Effect {
  /** A task for a core's queue. */
  record Emit(Task task) implements Effect {}

  /** A task that waits for its timestamp. */
  record EmitOrdered(Task task, Timestamp timestamp, OptionalInt core) implements Effect {}

  /** A value for the shared state. */
  record Write(String name, Payload value) implements Effect {}
}
