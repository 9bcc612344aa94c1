package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Guards;
import dev.stowage.deterministic.Payload;
import dev.stowage.deterministic.Priority;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.Work;
import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import java.util.OptionalInt;

/** Canonical encoding of tasks. */
public final class TaskCodec {
  private static final int PURE = 0;
  private static final int OBSERVATION = 1;
  private static final int CALL = 2;

  private TaskCodec() {}

  static void write(CanonicalWriter out, Task task) {
    out.u64(task.id()).u64(task.budgetTicks()).u8(task.priority().level());
    Guards guards = task.guards();
    out.u8(guards.count());
    for (int i = 0; i < guards.count(); i++) {
      out.u16(guards.id(i));
    }
    Work work = task.work();
    if (work instanceof Work.Pure pure) {
      out.u8(PURE).u64(pure.value());
    } else if (work instanceof Work.Observation observation) {
      out.u8(OBSERVATION).bytes(observation.context().shared());
    } else if (work instanceof Work.Call call) {
      out.u8(CALL).u16(call.program()).bytes(call.argument().shared());
    }
  }

  public static Task read(CanonicalReader in) {
    long id = in.u64();
    long budgetTicks = in.u64();
    Priority priority = Priority.ofLevel(in.u8());
    int[] guards = new int[Bounds.between(in.u8(), 0, Guards.MAX_COUNT, "guards")];
    for (int i = 0; i < guards.length; i++) {
      guards[i] = in.u16();
    }
    return new Task(id, budgetTicks, priority, Guards.of(guards), readWork(in));
  }

  private static Work readWork(CanonicalReader in) {
    int kind = in.u8();
    return switch (kind) {
      case PURE -> new Work.Pure(in.u64());
      case OBSERVATION -> new Work.Observation(Payload.of(in.bytes()));
      case CALL -> new Work.Call(in.u16(), Payload.of(in.bytes()));
      default ->
          throw new IllegalArgumentException("work kind is " + kind + "; 0 to 2 is accepted");
    };
  }

  static void writeCore(CanonicalWriter out, OptionalInt core) {
    if (core.isPresent()) {
      out.present().u16(core.getAsInt());
    } else {
      out.absent();
    }
  }

  public static OptionalInt readCore(CanonicalReader in) {
    return in.flag() ? OptionalInt.of(in.u16()) : OptionalInt.empty();
  }
}
