package dev.stowage.deterministic;

import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.Hash256;
import java.util.ArrayList;
import java.util.List;

/** Programs and guards that the tests of the scheduler run. */
final class Programs {
  /**
   * Emits the children that {@link #children} names; the argument is how many generations follow.
   */
  static final int SPAWN = 1;

  /** Throws. */
  static final int THROW = 2;

  /** Emits without end, swallowing whatever that throws. */
  static final int ENDLESS = 3;

  /** Counts its argument in ticks. */
  static final int COUNT = 4;

  /** Adds its argument to the core-local value and to the state, and outputs what it read. */
  static final int ADD = 5;

  /** Does a bit of everything, decided by what it draws; the argument is generations left. */
  static final int MIXED = 6;

  /** Emits an ordered task at the timestamp in its argument. */
  static final int LATER = 7;

  static final int ALWAYS = 0;
  static final int NEVER = 1;
  static final int IF_OPEN = 2;
  static final int EVEN_TASK = 3;
  static final int THROWING = 1023;

  private Programs() {}

  static ProgramTable table() {
    return ProgramTable.builder()
        .add(SPAWN, Programs::spawn)
        .add(
            THROW,
            (context, argument) -> {
              context.emit(Task.pure(99, 0));
              context.write("lost", Payload.EMPTY);
              context.local().replace(Payload.ofLong(-1));
              throw new IllegalStateException("on purpose");
            })
        .add(ENDLESS, Programs::endless)
        .add(
            COUNT,
            (context, argument) -> {
              context.consume(argument.asLong());
              return Hash256.ZERO;
            })
        .add(ADD, Programs::add)
        .add(MIXED, Programs::mixed)
        .add(
            LATER,
            (context, argument) -> {
              context.emitOrdered(Task.pure(7, 7), Timestamp.of(argument.asLong()));
              return Hash256.ZERO;
            })
        .build();
  }

  static GuardTable guards() {
    return GuardTable.builder()
        .add(ALWAYS, context -> true)
        .add(NEVER, context -> false)
        .add(IF_OPEN, context -> context.state().containsKey("open"))
        .add(EVEN_TASK, context -> context.task().id() % 2 == 0)
        .add(
            THROWING,
            context -> {
              throw new ArithmeticException("on purpose");
            })
        .build();
  }

  /** The tasks that a spawning task emits; a pure function of it. */
  static List<Task> children(Task task) {
    if (!(task.work() instanceof Work.Call call) || call.program() != SPAWN) {
      return List.of();
    }
    long generations = call.argument().asLong();
    List<Task> children = new ArrayList<>();
    for (int i = 0; i < 2 && generations > 0; i++) {
      long id = task.id() * 31 + i + 1;
      Priority priority = Priority.ofLevel((int) Long.remainderUnsigned(id, 3));
      children.add(Task.call(id, SPAWN, Payload.ofLong(generations - 1)).withPriority(priority));
    }
    return children;
  }

  private static Hash256 spawn(TaskContext context, Payload argument) {
    Task task = context.task();
    children(task).forEach(context::emit);
    return new Hash256(task.id(), argument.asLong(), 0, 0);
  }

  private static Hash256 endless(TaskContext context, Payload argument) {
    for (long i = 0; i < 1_000_000; i++) {
      try {
        context.emit(Task.pure(i, i));
      } catch (RuntimeException swallowed) {
        if (i > 100_000) {
          break;
        }
      }
    }
    return Hash256.ZERO;
  }

  private static Hash256 add(TaskContext context, Payload argument) {
    long here = context.local().value().asLong();
    long there = context.read("sum").map(Payload::asLong).orElse(0L);
    context.local().replace(Payload.ofLong(here + argument.asLong()));
    context.write("sum", Payload.ofLong(there + argument.asLong()));
    return new Hash256(here, there, context.core(), context.now().bits());
  }

  private static Hash256 mixed(TaskContext context, Payload argument) {
    long generations = argument.asLong();
    long drawn = context.draw();
    context.consume(drawn & 7);
    Payload before = context.local().update(old -> Payload.ofLong(old.asLong() * 31 + drawn));
    if ((drawn & 0x70) == 0x10) {
      context.write("k" + (drawn & 3), before);
    }
    if ((drawn & 0x700) == 0x100) {
      throw new IllegalStateException("drawn");
    }
    for (int i = 0; i < 2 && generations > 0; i++) {
      long id = context.draw();
      Task next =
          Task.call(id, MIXED, Payload.ofLong(generations - 1))
              .withPriority(Priority.ofLevel((int) Long.remainderUnsigned(id, 3)))
              .withBudgetTicks(8 + (id & 7));
      if ((id & 0x7000) == 0x1000) {
        context.emitOrdered(next, Timestamp.of(context.now().bits() + (id & 0xFF)));
      } else {
        context.emit(next);
      }
    }
    long state = context.read("k0").map(Payload::asLong).orElse(0L);
    return new Hash256(drawn, before.asLong(), state, context.round());
  }
}
