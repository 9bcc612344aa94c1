package dev.stowage.benchmarks.content;

import dev.stowage.content.ContentItem;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamByteDistributor;
import io.netty.handler.codec.http2.WeightedFairQueueByteDistributor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Netty's weighted fair queueing over HTTP/2 streams: one stream for every class and stream of the
 * items, with a weight that grows with the class, first in first out within it. It hands out many
 * items at once, and one turn is a mebibyte, about two items: both spare it work. It has no order
 * by efficiency, no reasons, no record, and no removal.
 */
final class NettyContender implements Contender {
  private static final int QUANTUM_BYTES = 1 << 20;
  private static final int AT_ONCE_BYTES = 32 << 20;

  private WeightedFairQueueByteDistributor netty =
      new WeightedFairQueueByteDistributor(new DefaultHttp2Connection(true));
  private final Map<Long, Backlogged> streams = new HashMap<>();
  private final List<Backlogged> byNumber = new ArrayList<>();
  private final ArrayDeque<ContentItem> written = new ArrayDeque<>();

  private static final class Backlogged implements StreamByteDistributor.StreamState {
    final Http2Stream stream;
    final ArrayDeque<ContentItem> items = new ArrayDeque<>();
    long pendingBytes;
    long creditBytes;

    Backlogged(Http2Stream stream) {
      this.stream = stream;
    }

    @Override
    public Http2Stream stream() {
      return stream;
    }

    @Override
    public long pendingBytes() {
      return pendingBytes;
    }

    @Override
    public boolean hasFrame() {
      return pendingBytes > 0;
    }

    @Override
    public int windowSize() {
      return Integer.MAX_VALUE;
    }
  }

  @Override
  public void renew(ContentItem[] items) {
    DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
    netty = new WeightedFairQueueByteDistributor(connection);
    netty.allocationQuantum(QUANTUM_BYTES);
    streams.clear();
    byNumber.clear();
    written.clear();
    try {
      for (ContentItem item : items) {
        if (!streams.containsKey(key(item))) {
          int id = 2 * byNumber.size() + 3;
          Backlogged stream = new Backlogged(connection.remote().createStream(id, false));
          short weight = (short) (1 << item.priorityClass().rank());
          netty.updateDependencyTree(id, 0, weight, false);
          streams.put(key(item), stream);
          byNumber.add(stream);
        }
      }
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static long key(ContentItem item) {
    return item.flow().stream() * 8 + item.priorityClass().rank();
  }

  @Override
  public void schedule(ContentItem item) {
    Backlogged stream = streams.get(key(item));
    if (stream == null) {
      throw new IllegalStateException("no stream for " + item);
    }
    stream.items.add(item);
    stream.pendingBytes += item.sizeBytes();
    netty.updateStreamableBytes(stream);
  }

  @Override
  public long next() {
    try {
      while (written.isEmpty()) {
        if (!netty.distribute(AT_ONCE_BYTES, this::write) && written.isEmpty()) {
          return -1;
        }
      }
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    return written.remove().id();
  }

  private void write(Http2Stream to, int bytes) {
    Backlogged stream = byNumber.get((to.id() - 3) / 2);
    stream.pendingBytes -= bytes;
    stream.creditBytes += bytes;
    ContentItem head = stream.items.peek();
    while (head != null && head.sizeBytes() <= stream.creditBytes) {
      stream.creditBytes -= head.sizeBytes();
      written.add(stream.items.remove());
      head = stream.items.peek();
    }
    netty.updateStreamableBytes(stream);
  }

  @Override
  public void cancel(ContentItem item) {
    throw new UnsupportedOperationException("Netty's distributor knows no items");
  }

  @Override
  public boolean cancels() {
    return false;
  }

  @Override
  public boolean keepsOrder() {
    return false;
  }
}
