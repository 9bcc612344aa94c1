package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Payload;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.queues.Timestamp;
import java.util.OptionalInt;

/** An effect of a task, deferred until the task has succeeded. */
public sealed interface Effect {
  record Emit(Task task) implements Effect {}

  record EmitOrdered(Task task, Timestamp timestamp, OptionalInt core) implements Effect {}

  record Write(String name, Payload value) implements Effect {}
}
