package dev.stowage.benchmarks.content;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamByteDistributor;
import io.netty.handler.codec.http2.WeightedFairQueueByteDistributor;
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
 * Sharing by bytes: one piece of 64 KiB from the stream whose turn it is, which has as much again
 * afterwards, beside Netty's weighted fair queueing over HTTP/2 streams of equal weight. Netty only
 * decides how many bytes each stream may write; it keeps no items, no order within a stream and no
 * reasons.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FairShareBenchmark {
  private static final int PIECE_BYTES = 64 << 10;

  /** Streams that always have something to send. */
  @Param({"1", "1000"})
  public int streams = 1;

  private ContentScheduler scheduler = ContentScheduler.of(ContentConfig.DEFAULT);
  private DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
  private WeightedFairQueueByteDistributor netty = new WeightedFairQueueByteDistributor(connection);
  private long written;

  private record Backlogged(Http2Stream stream) implements StreamByteDistributor.StreamState {
    @Override
    public long pendingBytes() {
      return PIECE_BYTES;
    }

    @Override
    public boolean hasFrame() {
      return true;
    }

    @Override
    public int windowSize() {
      return Integer.MAX_VALUE;
    }
  }

  /** Gives every stream something to send, in both. */
  @Setup(Level.Trial)
  public void fill() throws Http2Exception {
    scheduler = ContentScheduler.of(ContentConfig.DEFAULT.withInFlightLimit(0));
    connection = new DefaultHttp2Connection(true);
    netty = new WeightedFairQueueByteDistributor(connection);
    netty.allocationQuantum(PIECE_BYTES);
    for (int s = 0; s < streams; s++) {
      ContentItem item = ContentItem.of(s, PriorityClass.DATA, PIECE_BYTES, 1, 1);
      scheduler.schedule(item.inStream(s), 0);
      Http2Stream stream = connection.remote().createStream(2 * s + 3, false);
      netty.updateStreamableBytes(new Backlogged(stream));
    }
  }

  /** Ours. */
  @Benchmark
  public long turnRing() {
    ContentItem item = scheduler.decide(0).selected().orElseThrow().item();
    scheduler.schedule(item, 0);
    return item.id();
  }

  /** Measures Netty's queue. */
  @Benchmark
  public long weightedFairQueue() throws Http2Exception {
    netty.distribute(
        PIECE_BYTES,
        (stream, bytes) -> {
          written += bytes;
          netty.updateStreamableBytes(new Backlogged(stream));
        });
    return written;
  }
}
