package dev.stowage.placement.board;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Independent pieces of work; a busy executor costs only speed. */
final class Shards {
  private final int count;
  private final IntConsumer work;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
  private final Semaphore finished = new Semaphore(0);

  private Shards(int count, IntConsumer work) {
    this.count = count;
    this.work = work;
  }

  /** Does all pieces, from 0, on at most {@code threads}; then throws the first failure. */
  static void run(int count, int threads, Executor helpers, IntConsumer work) {
    Shards shards = new Shards(count, work);
    for (int i = 1; i < Math.min(threads, count); i++) {
      try {
        helpers.execute(shards::help);
      } catch (RuntimeException | Error busy) {
        break;
      }
    }
    shards.help();
    shards.finished.acquireUninterruptibly(count);
    Throwable cause = shards.broken.get();
    if (cause instanceof Error error) {
      throw error;
    } else if (cause instanceof RuntimeException failure) {
      throw failure;
    }
  }

  private void help() {
    for (int piece = next.getAndIncrement(); piece < count; piece = next.getAndIncrement()) {
      try {
        work.accept(piece);
      } catch (RuntimeException | Error failure) {
        broken.compareAndSet(null, failure);
      } finally {
        finished.release();
      }
    }
  }
}
