package dev.stowage.benchmarks.content;

import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.transfer.RarityIndex;
import dev.stowage.transfer.TransferChunk;
import dev.stowage.transfer.TransferPriority;
import dev.stowage.transfer.TransferScheduler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The parts that decide transfers, at their worst: who holds a piece, told one piece at a time by
 * peers that hold everything; and what is sent next, where all that waits costs more than the
 * budget but for one chunk, which is last, or which belongs to nobody who is busy.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TransferBenchmark {
  private static final int SMALL_BYTES = 1;
  private static final int LARGE_BYTES = 1 << 20;
  private static final int BUDGET = 100;
  private static final List<String> BOTH = List.of("a", "b");
  private static final List<String> ONE = List.of("a");

  /** Pieces of the transfer, or chunks that wait. */
  @Param({"2000", "100000"})
  public int count = 2_000;

  private RarityIndex pieces = new RarityIndex(0);
  private TransferScheduler idle = new TransferScheduler();
  private TransferScheduler busy = new TransferScheduler();
  private int piece;

  /** Fills an index whose pieces two peers hold, an idle scheduler, and a fully busy one. */
  @Setup(Level.Trial)
  public void fill() {
    int[] all = new int[count];
    for (int i = 0; i < count; i++) {
      all[i] = i;
    }
    pieces = new RarityIndex(count);
    BOTH.forEach(peer -> pieces.advertise(peer, all));
    idle = new TransferScheduler();
    busy = new TransferScheduler();
    for (int object = 0; object < TransferScheduler.MAX_TRANSFERS; object++) {
      busy.offer(small(object, 0), 0);
      busy.next(PressureSnapshot.NONE, BUDGET, 0);
    }
    for (int i = 1; i < count; i++) {
      TransferChunk large =
          TransferChunk.of(
              i % TransferScheduler.MAX_TRANSFERS, i, LARGE_BYTES, TransferPriority.CONTROL);
      idle.offer(large, 0);
      busy.offer(large, 0);
    }
    idle.offer(small(TransferScheduler.MAX_TRANSFERS, count), 0);
    busy.offer(small(TransferScheduler.MAX_TRANSFERS, count), 0);
  }

  private static TransferChunk small(int object, int offset) {
    return TransferChunk.of(object, offset, SMALL_BYTES, TransferPriority.STANDARD);
  }

  /** Makes one of two holders of a piece leave and come back: two calls. */
  @Benchmark
  public int availability() {
    piece = piece + 1 == count ? 0 : piece + 1;
    pieces.availability(piece, ONE);
    pieces.availability(piece, BOTH);
    return pieces.copies(piece);
  }

  /** Sends the last waiting chunk, lets it arrive, and offers it again. */
  @Benchmark
  public TransferScheduler.Answer sendLast() {
    TransferScheduler.Answer answer = idle.next(PressureSnapshot.NONE, BUDGET, 0);
    TransferChunk sent = ((TransferScheduler.Answer.Send) answer).chunk();
    idle.complete(sent.object(), sent.offset(), 0);
    idle.offer(sent, 0);
    return answer;
  }

  /** Asks for a transfer while all are busy and nothing fits. */
  @Benchmark
  public TransferScheduler.Answer nothingFits() {
    return busy.next(PressureSnapshot.NONE, BUDGET, 0);
  }
}
