package dev.stowage.placement.board;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of work that do not touch each other, done by the calling thread and by as many helpers as
 * an executor has to offer. The caller takes pieces like any other, so an executor that is busy, or
 * runs nothing at all, only costs speed. Who does which piece leaves no trace.
 */
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

  /**
   * Does all pieces, numbered from 0; if one fails, the others are done all the same, and then the
   * first failure is thrown.
   *
   * @param threads how many may work at once, the caller included
   */
  static void run(int count, int threads, Executor helpers, IntConsumer work) {
    Shards shards = new Shards(count, work);
    for (int i = 1; i < Math.min(threads, count); i++) {
      try {
        helpers.execute(shards::help);
      } catch (RejectedExecutionException busy) {
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
