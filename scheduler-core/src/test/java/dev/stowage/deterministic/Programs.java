package dev.stowage.deterministic;

import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.Hash256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Programs and guards that the tests of the scheduler run. */
final class Programs {
  /**
   * Emits the children that {@link #children} names; the argument is how many generations follow.
   */
  static final int SPAWN = 1;

  /** Throws. */
  static final int THROW = 2;

  /** Emits as often as its argument says, swallowing what that throws. */
  static final int REPEAT = 3;

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

  static final TaskTable TABLE =
      new TaskTable(
          Map.of(
              SPAWN,
              Programs::spawn,
              THROW,
              Programs::fail,
              REPEAT,
              Programs::repeat,
              COUNT,
              Programs::count,
              ADD,
              Programs::add,
              MIXED,
              Programs::mixed,
              LATER,
              Programs::later),
          Map.of(
              ALWAYS,
              context -> true,
              NEVER,
              context -> false,
              IF_OPEN,
              context -> context.state().containsKey("open"),
              EVEN_TASK,
              context -> context.task().id() % 2 == 0,
              THROWING,
              context -> {
                throw new ArithmeticException("on purpose");
              }));

  private Programs() {}

  /** The tasks that a spawning task emits; a pure function of it. */
  static List<Task> children(Task task) {
    if (task.program() != SPAWN) {
      return List.of();
    }
    long generations = task.argument().asLong();
    List<Task> children = new ArrayList<>();
    for (int i = 0; i < 2 && generations > 0; i++) {
      long id = task.id() * 31 + i + 1;
      Task child = Task.call(id, SPAWN, Payload.ofLong(generations - 1));
      children.add(child.withPriority(priority(id)));
    }
    return children;
  }

  private static Hash256 spawn(TaskContext context, Payload argument) {
    Task task = context.task();
    children(task).forEach(context::emit);
    return new Hash256(task.id(), argument.asLong(), 0, 0);
  }

  static Priority priority(long number) {
    return Priority.values()[(int) Long.remainderUnsigned(number, 3)];
  }

  private static Hash256 fail(TaskContext context, Payload argument) {
    context.emit(Task.pure(99, 0));
    context.write("lost", Payload.EMPTY);
    context.local().update(old -> Payload.ofLong(-1));
    throw new IllegalStateException("on purpose");
  }

  private static Hash256 count(TaskContext context, Payload argument) {
    context.consume(argument.asLong());
    return Hash256.ZERO;
  }

  private static Hash256 later(TaskContext context, Payload argument) {
    context.emitOrdered(Task.pure(7, 7), new Timestamp(argument.asLong()));
    return Hash256.ZERO;
  }

  private static Hash256 repeat(TaskContext context, Payload times) {
    for (long i = 0; i < times.asLong(); i++) {
      try {
        context.emit(Task.pure(i, i));
      } catch (IllegalStateException swallowed) {
        return Hash256.ZERO;
      }
    }
    return Hash256.ZERO;
  }

  private static Hash256 add(TaskContext context, Payload argument) {
    long here = context.local().value().asLong();
    long there = context.state().getOrDefault("sum", Payload.EMPTY).asLong();
    context.local().update(old -> Payload.ofLong(here + argument.asLong()));
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
              .withPriority(priority(id))
              .withBudgetTicks(8 + (id & 7));
      if ((id & 0x7000) == 0x1000) {
        context.emitOrdered(next, new Timestamp(context.now().bits() + (id & 0xFF)));
      } else {
        context.emit(next);
      }
    }
    long state = context.state().getOrDefault("k0", Payload.EMPTY).asLong();
    return new Hash256(drawn, before.asLong(), state, context.now().bits());
  }
}
